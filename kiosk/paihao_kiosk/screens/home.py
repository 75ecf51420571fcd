"""k1 home, k10 in English, k12 offline: choose a zone in one touch."""

from dataclasses import dataclass
from typing import Final

from paihao_hall.contract import Board
from paihao_hall.plan import HallPlan, Text, Zone
from paihao_kiosk import figures
from paihao_kiosk.pages import Home
from paihao_kiosk.react import printer_ready
from paihao_kiosk.screens import frame
from paihao_kiosk.screens.sheet import Sheet
from paihao_kiosk.state import Moment, State
from paihao_kiosk.words import Language, first, other, say, second
from paihao_look import typeset
from paihao_look.fonts import Weight
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
_SMALL_Y: Final = 1598


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where things stand: ``rows`` is where zones begin."""

    search: int
    buttons: int
    button_high: int
    rows: int


_USUAL: Final = _Layout(search=356, buttons=488, button_high=144, rows=656)
_OFFLINE: Final = _Layout(search=452, buttons=582, button_high=136, rows=738)


def screen(state: State, now: Moment) -> Screen:
    """Return the first page."""
    sheet = frame.begin(state, now)
    plan, language = state.plan, state.language
    if plan is None:
        return _starting(sheet, language)
    layout = _USUAL
    if not state.online:
        layout = _OFFLINE
        _offline_card(sheet, language)
        _title(sheet, language, 426, 64, beside=say("figures-unseen", language))
    else:
        told = _notice(state, plan)
        if told is not None:
            frame.notice(sheet, told, language)
        _title(sheet, language, 320, 72, beside=say("what-do-you-need", other(language)))
    _search(sheet, language, layout.search)
    _other_ways(sheet, language, layout)
    _zones(sheet, state, plan, now, layout)
    _small_services(sheet, language)
    frame.home_bar(sheet, language)
    return sheet.screen("home" if state.online else "home-offline")


def _starting(sheet: Sheet, language: Language) -> Screen:
    sheet.icon("ticket", 450, 560, 180, HALL)
    for row, each in enumerate(("zh", "en")):
        shown: Language = "zh" if each == "zh" else "en"
        y = 860 + row * 180
        weight: Weight = "bold" if shown == language else "regular"
        sheet.text(540, y, say("starting", shown), 56, INK, weight=weight, align="centre", room=984)
        sheet.text(540, y + 68, say("starting-how", shown), 40, INK_SOFT, align="centre", room=984)
    return sheet.screen("starting")


def _notice(state: State, plan: HallPlan) -> Text | None:
    """Return what to tell: paper that is out before anything else."""
    if state.printer == "paper-out":
        return Text(say("no-paper", "zh"), say("no-paper", "en"))
    if not printer_ready(state):
        return Text(say("printer-out", "zh"), say("printer-out", "en"))
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
    zones = figures.offered_zones(plan, state.kiosk)
    pages, high = _paginate(zones, layout.rows)
    page = state.page.page if isinstance(state.page, Home) else 0
    page = min(page, len(pages) - 1)
    shown = pages[page]
    one_floor = len({zone.floor for zone in zones}) < 2
    y = layout.rows
    at = 0
    while at < len(shown):
        floor = shown[at].floor
        group = [zone for zone in shown[at:] if zone.floor == floor]
        deep = len(group) * high + (len(group) - 1) * _ROW_GAP
        if not one_floor:
            _spine(sheet, Rect(48, y, 96, deep), floor, state.language)
        for zone in group:
            x = 48 if one_floor else 160
            _zone_row(sheet, state, plan, zone, Rect(x, y, 1032 - x, high), now)
            y += high + _ROW_GAP
        y += _FLOOR_GAP - _ROW_GAP
        at += len(group)
    if len(pages) > 1:
        frame.pager(sheet, _ROWS_END - 112, page, len(pages), state.language)


def _paginate(zones: tuple[Zone, ...], top: int) -> tuple[list[list[Zone]], int]:
    """Return the zones of each page and the height of a row; few zones get high rows."""
    highest = _HIGHEST_FEW if len(zones) < 6 else _HIGHEST
    for high in range(highest, _LEAST - 1, -2):
        if _depth(list(zones), high) <= _ROWS_END - top:
            return [list(zones)], high
    pages: list[list[Zone]] = [[]]
    for zone in zones:
        if _depth([*pages[-1], zone], _HIGHEST - 8) > _ROWS_END - GAP - 112 - top:
            pages.append([])
        pages[-1].append(zone)
    return pages, _HIGHEST - 8


def _depth(zones: list[Zone], high: int) -> int:
    floors = len({zone.floor for zone in zones})
    return len(zones) * high + (len(zones) - floors) * _ROW_GAP + (floors - 1) * _FLOOR_GAP


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


def _zone_row(
    sheet: Sheet, state: State, plan: HallPlan, zone: Zone, rect: Rect, now: Moment
) -> None:
    language = state.language
    name = first(zone.name, language)
    id_ = f"zone:{zone.id}"
    can = sheet.target(id_, rect, name)
    resting = figures.zone_is_closed(plan, state.boards, zone) or not figures.takes_numbers(
        plan, now.at
    )
    fill = RESTING if resting else PAPER
    if can and sheet.pressed == id_:
        fill = tint(HALL, 0.18)
    sheet.box(rect, fill, border=LINE)
    middle = rect.centre[1]
    tile = Rect(rect.x + 18, middle - 40, 80, 80)
    sheet.box(tile, DISABLED if resting else tint(HALL), radius=20)
    sheet.icon(zone.icon, tile.x + 12, tile.y + 12, 56, INK_SOFT if resting else HALL)
    right = rect.right - 63
    taken = _zone_figures(sheet, state, plan, zone, right, middle, now, resting=resting)
    room = right - taken - 28 - (rect.x + 117)
    sheet.names(
        rect.x + 117,
        middle,
        name,
        second(zone.name, language),
        44,
        room,
        colours=(INK_SOFT if resting else INK, INK_SOFT),
    )
    sheet.icon("chevron-right", rect.right - 49, middle - 16, 32, INK_SOFT, 4.0)


def _zone_figures(
    sheet: Sheet,
    state: State,
    plan: HallPlan,
    zone: Zone,
    right: int,
    middle: int,
    now: Moment,
    *,
    resting: bool,
) -> int:
    """Add how busy a zone is; return the width it takes."""
    language = state.language
    board: Board | None = state.boards.get(zone.id)
    if resting:
        when = figures.next_opening(plan, now.at, language, zone=zone)
        opens = say("opens", language, when=when) if when else ""
        wide = sheet.text(
            right, middle - 7, say("zone-closed", language), 38, INK_SOFT, weight="bold",
            align="right",
        )  # fmt: skip
        sheet.icon("lock", right - wide - 44, middle - 40, 36, INK_SOFT)
        below = sheet.text(right, middle + 41, opens, 36, INK, align="right")
        return max(wide + 48, below)
    if not state.online or board is None:
        return sheet.text(
            right, typeset.middle(middle, 36), say("count-unknown", language), 36, INK_SOFT,
            align="right",
        )  # fmt: skip
    number, size = str(board.waiting), 40 if language == "zh" else 36
    runs: tuple[Run, ...] = (
        Run(number, size, INK, "bold"),
        Run(say("people", language), size, INK),
    )
    if language == "zh":
        runs = (Run(say("waiting", "zh"), size, INK), *runs)
    else:
        runs = (*runs, Run(say("waiting", "en"), size, INK))
    wide = sheet.runs(right, middle - 7, runs, align="right")
    line = figures.fullest(board)
    if line is None or line.wait is None:
        below = sheet.text(
            right, middle + 41, say("no-estimate", language), 34, INK_SOFT, align="right"
        )
    else:
        low, high = figures.minutes(line.wait)
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
