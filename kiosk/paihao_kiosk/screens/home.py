"""k1 home, k10 in English, k12 offline: choose a zone in one touch."""

from dataclasses import dataclass
from typing import Final

from paihao_hall.plan import HallPlan, Text
from paihao_kiosk import figures
from paihao_kiosk.pages import Home
from paihao_kiosk.react import printer_ready
from paihao_kiosk.screens import frame
from paihao_kiosk.screens.sheet import Sheet
from paihao_kiosk.state import Moment, State
from paihao_kiosk.words import Language, first, other, say, second
from paihao_look import typeset
from paihao_look.fonts import Weight
from paihao_look.kinds import badge
from paihao_look.picture import Rect, Run, Screen
from paihao_look.tokens import (
    AMBER_CARD,
    DISABLED,
    GAP,
    HALL,
    HALL_DEEP,
    INK,
    INK_SOFT,
    LINE,
    MARGIN,
    PAPER,
    RESTING,
    SPINE,
    WARN,
    tint,
)

_ROWS_END: Final = 1568
_ROW_GAP: Final = 14
_FLOOR_GAP: Final = 28
_HIGHEST: Final = 138
_HIGHEST_FEW: Final = 176
_LEAST: Final = 112
_MOST_PAGES: Final = 2
_SMALL_Y: Final = 1598


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where things stand: ``rows`` is where zones begin."""

    search: int
    buttons: int
    button_high: int
    rows: int


_USUAL: Final = _Layout(search=356, buttons=488, button_high=144, rows=656)
_WITHOUT_NOTICE: Final = _Layout(search=304, buttons=440, button_high=144, rows=608)
_OFFLINE: Final = _Layout(search=452, buttons=582, button_high=136, rows=738)


def screen(state: State, now: Moment) -> Screen:
    """Return the first page."""
    sheet = frame.begin(state, now)
    plan, language = state.plan, state.language
    if plan is None:
        raise ValueError("the first page shows a plan")
    layout = _USUAL
    if not state.online:
        layout = _OFFLINE
        _offline_card(sheet, language)
        _title(sheet, language, 426, 64, beside=say("figures-unseen", language))
    else:
        told = _notice(state, plan, now)
        baseline = 320
        if told is not None:
            frame.notice(sheet, told, language)
        else:
            layout, baseline = _WITHOUT_NOTICE, 262
        beside = say("what-do-you-need", other(language))
        _title(sheet, language, baseline, 72, beside=beside)
    _search(sheet, language, layout.search)
    _other_ways(sheet, language, layout)
    _zones(sheet, state, plan, now, layout)
    _small_services(sheet, language)
    frame.home_bar(sheet, language)
    return sheet.screen("home" if state.online else "home-offline")


def starting(state: State, now: Moment) -> Screen:
    """Return what is shown until the hall is known, and whether it can be reached."""
    sheet, language = frame.begin(state, now), state.language
    sheet.icon("ticket", 450, 560, 180, HALL)
    for row, each in enumerate(("zh", "en")):
        shown: Language = "zh" if each == "zh" else "en"
        y = 860 + row * 180
        weight: Weight = "bold" if shown == language else "regular"
        sheet.text(540, y, say("starting", shown), 56, INK, weight=weight, align="centre", room=984)
        sheet.text(540, y + 68, say("starting-how", shown), 40, INK_SOFT, align="centre", room=984)
    return sheet.screen("starting")


def _notice(state: State, plan: HallPlan, now: Moment) -> Text | None:
    """Return what to tell: paper that is out, then a hall that has not begun, then the hall's."""
    if state.printer == "paper-out":
        return Text(say("no-paper", "zh"), say("no-paper", "en"))
    if not printer_ready(state):
        return Text(say("printer-out", "zh"), say("printer-out", "en"))
    begins = figures.begins_at(plan, now.at)
    if begins:
        return Text(say("not-yet", "zh", time=begins), say("not-yet", "en", time=begins))
    return frame.hall_notice(plan)


def _title(sheet: Sheet, language: Language, baseline: int, size: int, *, beside: str) -> None:
    wide = sheet.text(48, baseline, say("what-do-you-need", language), size, weight="bold")
    room = 1032 - 48 - wide - 64
    if language == "zh" or beside != say("what-do-you-need", "zh"):
        sheet.text(48 + wide + 44, baseline, beside, 46 if size == 72 else 36, INK_SOFT, room=room)


def _offline_card(sheet: Sheet, language: Language) -> None:
    sheet.box(Rect(48, 176, 984, 168), AMBER_CARD)
    sheet.icon("unplugged", 84, 214, 92, WARN)
    sheet.text(208, 252, say("offline", language), 60, weight="bold", room=800)
    where = say("offline-where", language)
    if language == "zh":
        where = f"{where} ・ {say('offline-where', 'en')}"
    sheet.text(208, 310, where, 38, room=800)


def _search(sheet: Sheet, language: Language, y: int) -> None:
    rect = Rect(48, y, 984, 112)
    can = sheet.target("search", rect, say("search", language))
    pressed = can and sheet.pressed == "search"
    sheet.box(rect, PAPER, border=HALL, border_width=4)
    sheet.icon("search", 86, y + 29, 56, HALL)
    sheet.text(164, y + 71, say("search-hint", language), 42, INK_SOFT, room=620)
    sheet.box(Rect(804, y + 16, 216, 84), HALL_DEEP if pressed else HALL, radius=16)
    sheet.text(
        912, y + 74, say("search", language), 42, PAPER, weight="bold", align="centre", room=200
    )


def _other_ways(sheet: Sheet, language: Language, layout: _Layout) -> None:
    """Add the ways this machine has no device for, and say so."""
    ways = (
        (48, "id-card", "id-card" if language == "zh" else "id-card-first", "no-reader"),
        (550, "qr", "scan", "no-scanner"),
    )
    for x, icon, key, why in ways:
        rect = Rect(x, layout.buttons, 482, layout.button_high)
        title = say(key, language)
        colour, soft, pictogram = sheet.button(f"way:{icon}", rect, title, enabled=False)
        middle = rect.centre[1]
        sheet.icon(icon, x + 32, middle - 36, 72, pictogram)
        sheet.text(
            x + 130,
            middle - 1,
            title,
            48 if language == "zh" else 44,
            colour,
            weight="bold",
            room=336,
        )
        sheet.text(x + 130, middle + 43, say(why, language), 34, soft, room=336)


def _zones(sheet: Sheet, state: State, plan: HallPlan, now: Moment, layout: _Layout) -> None:
    entries = figures.entries(plan, state.kiosk)
    pages, high = _paginate(entries, layout.rows)
    page = state.page.page if isinstance(state.page, Home) else 0
    page = min(page, len(pages) - 1)
    shown = pages[page]
    one_floor = len({entry.zone.floor for entry in entries}) < 2
    y = layout.rows
    at = 0
    while at < len(shown):
        floor = shown[at].zone.floor
        group = [entry for entry in shown[at:] if entry.zone.floor == floor]
        deep = len(group) * high + (len(group) - 1) * _ROW_GAP
        if not one_floor:
            _spine(sheet, Rect(48, y, 96, deep), floor, state.language)
        for entry in group:
            x = 48 if one_floor else 160
            _row(sheet, state, plan, entry, Rect(x, y, 1032 - x, high), now)
            y += high + _ROW_GAP
        y += _FLOOR_GAP - _ROW_GAP
        at += len(group)
    if len(pages) > 1:
        frame.pager(sheet, _ROWS_END - 112, page, len(pages), state.language)


def _paginate(
    entries: tuple[figures.Entry, ...], top: int
) -> tuple[list[list[figures.Entry]], int]:
    """Return the rows of each page and their height; few rows are high ones."""
    highest = _HIGHEST_FEW if len(entries) < 6 else _HIGHEST
    for high in range(highest, _LEAST - 1, -2):
        if _depth(list(entries), high) <= _ROWS_END - top:
            return [list(entries)], high
    high = _HIGHEST
    pages = _cut(entries, high, top)
    while len(pages) > _MOST_PAGES and high > _LEAST:
        high -= 2
        pages = _cut(entries, high, top)
    return pages, high


def _cut(entries: tuple[figures.Entry, ...], high: int, top: int) -> list[list[figures.Entry]]:
    """Return the rows of each page at a height, with room for the pager."""
    pages: list[list[figures.Entry]] = [[]]
    for entry in entries:
        if _depth([*pages[-1], entry], high) > _ROWS_END - GAP - 112 - top:
            pages.append([])
        pages[-1].append(entry)
    return pages


def _depth(entries: list[figures.Entry], high: int) -> int:
    floors = len({entry.zone.floor for entry in entries})
    return len(entries) * high + (len(entries) - floors) * _ROW_GAP + (floors - 1) * _FLOOR_GAP


def _spine(sheet: Sheet, rect: Rect, floor: str, language: Language) -> None:
    sheet.box(rect, SPINE)
    x, y = rect.centre
    if rect.h < 200:
        sheet.text(x, y + 8, floor, 64, HALL_DEEP, weight="bold", align="centre", room=84)
        word = say("floor", language)
        sheet.text(x, y + 48, word, 34, HALL_DEEP, align="centre", room=92)
        return
    words = (say("floor", "zh"), 44, 48), (say("floor", "en"), 32, 86)
    if language == "en":
        words = (say("floor", "en"), 34, 40), (say("floor", "zh"), 36, 84)
    sheet.text(x, y - 6, floor, 92, HALL_DEEP, weight="bold", align="centre", room=92)
    (one, one_size, one_y), (two, two_size, two_y) = words
    sheet.text(x, y + one_y, one, one_size, HALL_DEEP, weight="bold", align="centre", room=92)
    sheet.text(x, y + two_y, two, two_size, HALL_DEEP, align="centre", room=92)


def _row(
    sheet: Sheet, state: State, plan: HallPlan, entry: figures.Entry, rect: Rect, now: Moment
) -> None:
    language = state.language
    zone = entry.zone
    name, under = first(zone.name, language), second(zone.name, language)
    id_, icon = f"zone:{zone.id}", zone.icon
    if entry.group:
        under = (
            f"{first(zone.short, language)} ・ {say('services', language, count=entry.services)}"
        )
        name, id_ = entry.group, f"theme:{zone.id}/{entry.group}"
        kind = entry.queues[0].kind
        icon = zone.icon if kind == "comprehensive" else badge(kind).icon
    can = sheet.target(id_, rect, name)
    resting = figures.all_closed(state.boards, entry.queues) or not figures.takes_numbers(
        plan, now.at
    )
    fill = RESTING if resting else PAPER
    if can and sheet.pressed == id_:
        fill = tint(HALL, 0.18)
    sheet.box(rect, fill, border=LINE)
    middle = rect.centre[1]
    tile = Rect(rect.x + 18, middle - 40, 80, 80)
    sheet.box(tile, DISABLED if resting else tint(HALL), radius=20)
    sheet.icon(icon, tile.x + 12, tile.y + 12, 56, INK_SOFT if resting else HALL)
    right = rect.right - 63
    taken = _figures(sheet, state, plan, entry, right, middle, now, resting=resting)
    sheet.names(
        rect.x + 117,
        middle,
        name,
        under,
        44,
        right - taken - 28 - (rect.x + 117),
        colours=(INK_SOFT if resting else INK, INK_SOFT),
    )
    sheet.icon("chevron-right", rect.right - 49, middle - 16, 32, INK_SOFT, 4.0)


def _figures(
    sheet: Sheet,
    state: State,
    plan: HallPlan,
    entry: figures.Entry,
    right: int,
    middle: int,
    now: Moment,
    *,
    resting: bool,
) -> int:
    """Add how busy it is behind an entry; return the width it takes."""
    language = state.language
    if resting:
        when = figures.next_opening(plan, now.at, language, zone=entry.zone)
        word = say("zone-closed", language)
        wide = sheet.text(right, middle - 7, word, 38, INK_SOFT, weight="bold", align="right")
        sheet.icon("lock", right - wide - 44, middle - 40, 36, INK_SOFT)
        opens = say("opens", language, when=when) if when else ""
        below = sheet.text(right, middle + 41, opens, 36, INK, align="right")
        return max(wide + 48, below)
    lines = figures.lines_of(state.boards, entry.queues)
    if not state.online or not lines:
        unknown = say("count-unknown", language)
        baseline = typeset.middle(middle, 36)
        return sheet.text(right, baseline, unknown, 36, INK_SOFT, align="right")
    number = str(sum(line.waiting for line in lines))
    size = 40 if language == "zh" else 36
    runs: tuple[Run, ...] = (
        Run(number, size, INK, "bold"),
        Run(say("people", language), size, INK),
    )
    if language == "zh":
        runs = (Run(say("waiting", "zh"), size, INK), *runs)
    else:
        runs = (*runs, Run(say("waiting", "en"), size, INK))
    wide = sheet.runs(right, middle - 7, runs, align="right")
    line = figures.fullest(lines)
    if line is None or line.wait is None:
        told = say("no-estimate", language)
        below = sheet.text(right, middle + 41, told, 34, INK_SOFT, align="right")
    else:
        low, high = line.wait.minutes
        told = say("about-min", language, low=low, high=high)
        below = sheet.text(right, middle + 41, told, 36, HALL, weight="bold", align="right")
    return max(wide, below)


def _small_services(sheet: Sheet, language: Language) -> None:
    tiles = (
        ("role:consult", "chat", "ask-first"),
        ("role:collect", "document", "collect"),
        ("role:complaint", "complaint", "complain"),
        ("message:my-ticket", "ticket", "my-ticket"),
    )
    for at, (id_, icon, key) in enumerate(tiles):
        rect = Rect(MARGIN + 250 * at, _SMALL_Y, 234, 124)
        frame.paired(
            sheet,
            id_,
            rect,
            icon,
            say(key, language),
            say(key, other(language)),
            size=36 if language == "zh" else 34,
            icon_size=43,
            gap=8,
        )
