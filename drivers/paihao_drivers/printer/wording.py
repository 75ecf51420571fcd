"""The fixed words of a ticket, and its lines that are the same however they are printed."""

from typing import Final

from paihao_drivers.printer.slip import Slip

YOUR_NUMBER: Final = "您的号码 Your number"
MISSED_HEADING: Final = "过号了怎么办"
SCAN_HEADING: Final = "手机扫一扫"
SCAN_LINES: Final = ("看排到哪了，快到会提醒", "不用下载，不留姓名", "Scan to see your place")
SCAN_SHORT_HEADING: Final = "扫码看进度，不用下载"
SCAN_SHORT_LINE: Final = SCAN_LINES[-1]


def place_line(slip: Slip) -> str:
    """Return floor and zone."""
    return f"{slip.floor} {slip.zone}".strip()


def class_line(slip: Slip) -> str:
    """Return class and number of cases, such as ``"普通 · 1 件"``."""
    cases = f"{slip.cases} 件"
    return f"{slip.ticket_class} · {cases}" if slip.ticket_class else cases


def facts(slip: Slip) -> list[tuple[str, tuple[str, ...]]]:
    """Return label and value of each line between the number and the QR code.

    A value is given in phrases: a line that is too narrow for it breaks between them first.
    """
    lines: list[tuple[str, tuple[str, ...]]] = []
    if slip.go_to:
        lines.append(("请到 Go", (slip.go_to,)))
    if slip.windows:
        lines.append(("窗口", (f"{slip.windows}，", "叫到再去")))
    ahead = ("人数暂缺", "unknown") if slip.ahead is None else (f"{slip.ahead} 人 ahead",)
    lines.append(("前面", ahead))
    lines.append(("大约", _wait(slip.wait_min)))
    lines.append(("取号", (slip.issued_at,)))
    return lines


def in_one_line(phrases: tuple[str, ...]) -> str:
    """Join the phrases of a value; full-width punctuation needs no blank after it."""
    return " ".join(phrases).replace("， ", "，")


def foot_choices(slip: Slip) -> list[list[str]]:
    """Return the last line in ever shorter forms; the first that fits is printed."""
    # The floor stands at the top of the ticket already, so the foot may do without.
    short_kiosk = slip.kiosk.removeprefix(slip.floor).strip() or slip.kiosk
    named_id = f"票号 {slip.ticket_id}" if slip.ticket_id else ""
    choices = [
        [slip.kiosk, named_id, slip.validity],
        [short_kiosk, named_id, slip.validity],
        [short_kiosk, slip.ticket_id, slip.validity],
    ]
    return [[part for part in choice if part] for choice in choices]


def _wait(wait_min: tuple[int, int] | None) -> tuple[str, ...]:
    if wait_min is None:
        return ("暂时无法估计", "no estimate")
    low, high = wait_min
    return (f"{low} 分钟 min",) if low == high else (f"{low}-{high} 分钟 min",)
