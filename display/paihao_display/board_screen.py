"""The board drawn as a `Screen` of 1920x1080: what stands where, in which size and colour.

Read from ten metres: numbers 150 px, and no text below 7:1 against its ground. Chinese first,
English beside it smaller. When the server is lost the same rows stand grey below a white banner.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from paihao_display.board import BoardView, CallRow
from paihao_hall.contract import BoardCall, QueueLine
from paihao_hall.plan import Queue, Text
from paihao_look.fonts import width
from paihao_look.kinds import badge
from paihao_look.picture import Box, Icon, Label, Polyline, Rect, Run, Screen, Shape
from paihao_look.tokens import (
    CALL,
    HALL_DEEP,
    INK,
    NIGHT,
    NIGHT_CARD,
    SNOW,
    STALE,
    rgb,
)
from paihao_look.typeset import line, middle

SIZE: Final = (1920, 1080)

SOFT: Final = rgb("#B7C6D6")
"""Secondary text on night, 9:1."""
RULE: Final = rgb("#23405F")

NUMBER: Final = 150
RECENT: Final = 64
HEADER: Final = 56
TICKER: Final = 44
TICKER_PX_S: Final = 120
"""Speed of the notices: a character in about a third of a second."""

_LEFT: Final = 40
_CARD_W: Final = 1200
_QUEUES_X: Final = 1272
_ARROW_GAP: Final = 10
_TICKER_Y: Final = 992
"""Above it nothing moves sideways."""
_TICKER_X: Final = 124
_TICKER_GAP: Final = 40
_STANDS_S: Final = 8.0
"""How long a notice stands when nothing may move."""

_CLOCK_RIGHT: Final = 1880
_WEEKDAYS: Final = "一二三四五六日"

_CLOSED: Final = {
    "paused": ("pause", "暂停"),
    "full": ("slashed-ring", "今日号已满"),
    "closed": ("lock", "今日不办"),
}


def board_screen(view: BoardView) -> Screen:
    """Return what the board looks like now."""
    shapes: list[Shape] = [*_header(view)]
    if view.plan is None:
        shapes += _connecting()
    elif view.stale:
        shapes += _stale(view)
    else:
        shapes += _live(view)
    return Screen("board", SIZE, NIGHT, tuple(shapes))


def standing_texts(screen: Screen) -> list[str]:
    """Return the texts of a board that do not run."""
    return [label.text for label in screen.labels() if label.baseline < _TICKER_Y]


def ticker_moves(view: BoardView) -> bool:
    """Whether the notices are too long to stand still."""
    too_long = _notices_w(view.notices) > SIZE[0] - _TICKER_X - _LEFT
    return too_long and not view.stale and not view.still


def _header(view: BoardView) -> Iterator[Shape]:
    yield Box(Rect(0, 0, 1920, 104), NIGHT_CARD)
    if view.plan is None:
        return
    local = view.now.astimezone(view.plan.tz)
    clock = f"{local:%H:%M}"
    yield line(_CLOCK_RIGHT, 83, clock, 72, SNOW, weight="bold", align="right")
    date = f"{local.month}月{local.day}日 周{_WEEKDAYS[local.weekday()]}"
    right = _CLOCK_RIGHT - width("00:00", 72, "bold") - 28
    yield line(right, 74, date, 40, SOFT, align="right")
    right -= width(date, 40) + 58
    floors = dict.fromkeys(zone.floor for zone in view.zones if zone.floor)
    if len(floors) == 1:
        floor = f"{next(iter(floors))} 楼"
        floor_w = width(floor, HEADER, "bold") + 48
        yield Box(Rect(right - floor_w, 16, floor_w, 72), NIGHT_CARD, 14, SOFT, 3)
        yield line(right - floor_w // 2, 77, floor, HEADER, SNOW, weight="bold", align="centre")
        right -= floor_w + 24
    if len(view.zones) == 1:
        icon, name = view.zones[0].icon, view.zones[0].name
    else:
        icon, name = "window", view.plan.name
    yield Icon(icon, _LEFT, 20, 64, SNOW)
    yield line(132, 76, name.zh, HEADER, SNOW, weight="bold", room=right - 132)
    after = 132 + width(name.zh, HEADER, "bold") + 28
    if name.en and after + width(name.en, 35) <= right:
        yield line(after, 74, name.en, 35, SOFT)


def _connecting() -> Iterator[Shape]:
    yield Icon("unplugged", 912, 380, 96, SOFT)
    yield line(960, 580, "正在连接", 96, SNOW, weight="bold", align="centre")
    yield line(960, 650, "Connecting", 48, SOFT, align="centre")


def _live(view: BoardView) -> Iterator[Shape]:
    yield _heading(80, "请这些号", "Now calling")
    yield _heading(754, "到窗口", "Go to")
    yield _heading(_QUEUES_X, "还在等", "Waiting")
    if view.page[1] > 1:
        page = f"{view.page[0]}/{view.page[1]}"
        yield line(1880, 170, page, 40, SOFT, align="right")
    for place, row in enumerate(view.rows):
        yield from _call_row(row, Rect(_LEFT, 184 + 224 * place, _CARD_W, 212))
    if not view.rows:
        yield from _nobody_called()
    yield Polyline(((_LEFT, 861.5), (_LEFT + _CARD_W, 861.5)), RULE, 3)
    yield from _recent(view.recent)
    for place, queue in enumerate(view.queues):
        yield from _queue_card(view, queue, Rect(_QUEUES_X, 184 + 160 * place, 608, 148))
    yield from _ticker(view)


def _stale(view: BoardView) -> Iterator[Shape]:
    assert view.plan is not None  # noqa: S101 - for the type checker; board_screen looked
    since = f"{view.stale_at.astimezone(view.plan.tz):%H:%M}" if view.stale_at else ""
    strips = any(device.kind == "window" for device in view.plan.devices)
    yield Box(Rect(_LEFT, 120, 1840, 148), SNOW, 24)
    yield Icon("unplugged", 84, 146, 96, INK)
    head = f"画面停在 {since}，正在重新连接" if since else "正在连接，画面可能不是最新"
    yield line(220, 198, head, 64, INK, weight="bold")
    english = f"Not updating since {since}." if since else "Connecting."
    ask = "Please look at the window strips." if strips else "Please ask our staff."
    yield line(220, 246, f"{english} {ask}", 38, INK)
    beside = "请看窗口上的小屏" if strips else "请问工作人员"
    yield line(1838, 215, beside, 52, INK, weight="bold", align="right")
    for place, row in enumerate(view.rows):
        yield from _call_row(row, Rect(_LEFT, 288 + 208 * place, _CARD_W, 196), stale=True)
    if view.rows and since:
        yield line(80, 966, f"以上是 {since} 的叫号，可能不是最新", TICKER, SOFT)
    for place, queue in enumerate(view.queues):
        card = Rect(_QUEUES_X, 288 + 139 * place, 608, 128)
        yield from _queue_card(view, queue, card, since=since)
    yield Box(Rect(0, _TICKER_Y, 1920, 88), HALL_DEEP)
    yield Icon("info", 38, 1006, 60, SNOW)
    words = "没看到、没听到叫号，号也不作废，请到窗口或总服务台问工作人员"
    yield line(_TICKER_X, 1054, words, TICKER, SNOW, room=1920 - _TICKER_X - _LEFT)


def _heading(x: int, zh: str, en: str) -> Label:
    return Label(x, 170, (Run(zh, 44, SOFT, "bold"), Run(f" {en}", 34, SOFT)))


def _call_row(row: CallRow, card: Rect, *, stale: bool = False) -> Iterator[Shape]:
    lit = row.lit == "lit" and not stale
    colour = STALE if stale else CALL if lit else SNOW
    soft = CALL if lit else SOFT
    middle_y = card.y + card.h // 2
    if lit:
        yield Box(card, NIGHT_CARD, 20, CALL, 6)
    else:
        yield Box(card, NIGHT_CARD, 20)
    number = _centred(line(80, 0, row.call.number, NUMBER, colour, weight="bold", room=524), card)
    yield number
    window = row.call.window_number
    free = 946 - (80 + number.width + 96 + 2 * _ARROW_GAP)
    target = _centred(
        line(946, 0, window, NUMBER, colour, weight="bold", align="right", room=free), card
    )
    yield target
    arrow_x = min(614, target.left - _ARROW_GAP - 96)
    yield Icon("arrow-right", arrow_x, middle_y - 48, 96, colour)
    yield line(976, middle_y + 5, "号窗口", 64, STALE if stale else colour, weight="bold")
    yield line(976, middle_y + 54, "Window", 40, soft)


def _centred(label: Label, card: Rect) -> Label:
    """Return the label with its digits in the middle of a card, whatever size fitted."""
    return replace(label, baseline=middle(card.y + card.h // 2, label.runs[0].size) + 4)


def _nobody_called() -> Iterator[Shape]:
    yield Box(Rect(_LEFT, 184, _CARD_W, 212), NIGHT_CARD, 20)
    yield line(80, 284, "叫到的号会显示在这里", 64, SNOW, weight="bold")
    yield line(80, 346, "Called numbers appear here", 40, SOFT)


def _recent(calls: tuple[BoardCall, ...]) -> Iterator[Shape]:
    if not calls:
        return
    yield line(74, 938, "刚叫过", TICKER, SOFT, weight="bold")
    x = 242
    for call in calls:
        number_w = width(call.number, RECENT, "bold")
        end = x + number_w + 56 + width(call.window_number, RECENT, "bold")
        if end > _LEFT + _CARD_W:
            return
        yield line(x, 946, call.number, RECENT, SNOW, weight="bold")
        yield Icon("chevron-right", x + number_w + 9, 898, 40, SOFT)
        yield line(x + number_w + 56, 946, call.window_number, RECENT, SNOW, weight="bold")
        x = end + 34


def _queue_card(
    view: BoardView, queue: QueueLine, card: Rect, since: str | None = None
) -> Iterator[Shape]:
    plan = view.plan.queue_by_id.get(queue.queue) if view.plan else None
    if plan is None:
        return
    stale = since is not None
    colour = STALE if stale else SNOW
    # The card of a stale board is lower; its lines move together.
    tight = (148 - card.h) // 2
    yield Box(card, NIGHT_CARD, 20)
    kind = badge(plan.kind)
    yield Icon(kind.icon, card.x + 40, card.y + 30 - tight, 48, colour)
    yield line(
        card.x + 64, card.y + 115 - tight, kind.word, 32, colour, weight="bold", align="centre"
    )
    waiting = str(queue.waiting)
    yield line(card.x + 537, card.y + 110 - tight, "人", 43, colour)
    count_right = card.x + 526
    yield line(count_right, card.y + 112 - tight, waiting, 88, colour, weight="bold", align="right")
    room = count_right - width(waiting, 88, "bold") - 16 - (card.x + 132)
    yield line(
        card.x + 132, card.y + 68 - tight, plan.name.zh, 48, colour, weight="bold", room=room
    )
    if stale:
        words = f"{since} 的人数" if since else "人数可能不对"
        yield line(card.x + 132, card.y + 122 - tight, words, 40, colour, room=room)
    else:
        yield from _wait(queue, plan, card, room)


def _wait(queue: QueueLine, plan: Queue, card: Rect, room: int) -> Iterator[Shape]:
    x, base = card.x + 132, card.y + 122
    if queue.state in _CLOSED:
        icon, words = _CLOSED[queue.state]
        if queue.state == "paused" and queue.until:
            words = f"暂停至 {queue.until}"
        yield Icon(icon, x, base - 34, 36, SNOW)
        yield line(x + 48, base, words, 38, SNOW, room=room - 48)
    elif queue.wait is None:
        yield line(x, base, "暂时无法估计", 40, SNOW, room=room)
    else:
        low, high = queue.wait.minutes
        yield line(x, base, f"约 {low}-{high} 分钟", 40, SNOW, room=room)


def _ticker(view: BoardView) -> Iterator[Shape]:
    yield Box(Rect(0, _TICKER_Y, 1920, 88), HALL_DEEP)
    if not view.notices:
        return
    if view.still:
        # One after the other in place of running.
        text = view.notices[int(view.ticker_s // _STANDS_S) % len(view.notices)]
        room = SIZE[0] - _TICKER_X - _LEFT
        yield line(_TICKER_X, 1054, _notice(text), TICKER, SNOW, room=room)
    else:
        yield from _running(view)
    yield Box(Rect(0, _TICKER_Y, _TICKER_X - 12, 88), HALL_DEEP)
    yield Icon("megaphone", 42, 1010, 52, SNOW)


def _running(view: BoardView) -> Iterator[Shape]:
    """Yield the notices, twice when they run, so that the end is followed by the beginning."""
    moves = ticker_moves(view)
    x = _TICKER_X
    if moves:
        x -= round(view.ticker_s * TICKER_PX_S) % _notices_w(view.notices)
    for text in view.notices * (2 if moves else 1):
        words = _notice(text)
        words_w = width(words, TICKER)
        if x < SIZE[0] and x + words_w > 0:
            yield line(x, 1054, words, TICKER, SNOW)
        x += words_w + _TICKER_GAP


def _notices_w(notices: tuple[Text, ...]) -> int:
    return sum(width(_notice(text), TICKER) + _TICKER_GAP for text in notices)


def _notice(text: Text) -> str:
    return f"{text.zh}  {text.en}" if text.en else text.zh
