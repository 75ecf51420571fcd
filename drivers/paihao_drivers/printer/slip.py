"""What one ticket says on paper, in words that are ready to print.

No name, no ID number and no reason for a priority is ever part of a slip.
"""

from dataclasses import dataclass


def copy_mark(times: int) -> str:
    """Return the mark of a reprint; ``times`` is 1 for the first copy."""
    return f"补打 第 {times} 次 COPY"


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """All that one ticket prints; an empty text is left out together with its label.

    Attributes:
        hall: name of the hall.
        floor: such as ``"1 楼"``; printed before the zone.
        zone: full name of the zone.
        number: what is called, such as ``"B146"``.
        service: Chinese name of what the citizen came for, ``service_en`` the English one.
        ticket_class: word for the class, such as ``"普通"``.
        cases: how many cases are handled with this one number.
        go_to: where to wait, such as ``"1 楼东侧 不动产区"``.
        windows: windows that may call, such as ``"1-30 号"``.
        ahead: people ahead, or None when the count is not known.
        wait_min: shortest and longest expected wait in minutes, or None when no estimate is honest.
        issued_at: local time of issue as printed, such as ``"2026-03-18 10:24"``.
        phone_url: page of this ticket for the QR code.
        missed_rule: what happens to one who was called and did not come, one sentence per line.
        kiosk: where the ticket was taken, such as ``"1 楼 2 号机"``.
        ticket_id: short id that staff can type, such as ``"7F3K-Q2M8"``.
        validity: how long the number is good.
        marks: printed white on black above the number, first one on top.
    """

    hall: str
    number: str
    service: str
    issued_at: str
    floor: str = ""
    zone: str = ""
    service_en: str = ""
    ticket_class: str = ""
    cases: int = 1
    go_to: str = ""
    windows: str = ""
    ahead: int | None = None
    wait_min: tuple[int, int] | None = None
    phone_url: str = ""
    missed_rule: tuple[str, ...] = ()
    kiosk: str = ""
    ticket_id: str = ""
    validity: str = "当日有效"
    marks: tuple[str, ...] = ()
