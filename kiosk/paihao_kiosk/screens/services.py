"""k2: the services of a zone with their state, before anything is chosen."""

from typing import Final

from paihao_hall.plan import HallPlan, Service
from paihao_kiosk import figures
from paihao_kiosk.pages import Services
from paihao_kiosk.screens import frame
from paihao_kiosk.screens.sheet import Sheet
from paihao_kiosk.state import Moment, State
from paihao_kiosk.words import Language, first, other, say, second
from paihao_look.fonts import width
from paihao_look.kinds import badge
from paihao_look.picture import Rect, Run, Screen
from paihao_look.tokens import (
    ALARM,
    DISABLED,
    HALL,
    INK,
    INK_SOFT,
    LINE,
    ON_DARK,
    PAPER,
    RESTING,
    WARN,
    Colour,
    tint,
)

ROWS: Final = 7
_ROWS_Y: Final = 544
_STEP: Final = 152
_TABS_Y: Final = 408
_TAB_GAP: Final = 16

_ROLE_LOOKS: Final = {
    "consult": ("chat", "ask-first"),
    "collect": ("document", "collect"),
    "complaint": ("complaint", "complain"),
}


def screen(state: State, page: Services, now: Moment) -> Screen:
    """Return the services of a zone or a role."""
    sheet = frame.begin(state, now)
    plan = state.plan
    if plan is None:
        raise ValueError("services are shown of a plan")
    if page.zone is None:
        listed = figures.with_role(plan, page.role)
        _role_head(sheet, page.role, state.language)
    else:
        listed = figures.offered_services(plan, state.kiosk, page.zone)
        _zone_head(sheet, state, plan, page.zone)
    top, fits = _ROWS_Y, ROWS
    groups = list(dict.fromkeys(service.group for service in listed if service.group))
    if len(groups) > 1:
        _tabs(sheet, listed, groups, page.tab, state.language)
    else:
        top, fits = _TABS_Y, ROWS
    shown = [s for s in listed if not page.tab or s.group == page.tab]
    pages = frame.pages_of(len(shown), fits)
    at = min(page.page, pages - 1)
    for row, service in enumerate(shown[at * fits : (at + 1) * fits]):
        rect = Rect(48, top + row * _STEP, 984, 140)
        under = _under(plan, service, state.language)
        service_row(sheet, state, service, rect, under, now)
    if pages > 1:
        frame.pager(sheet, 1618, at, pages, state.language)
    frame.flow_bar(sheet, state)
    return sheet.screen("services")


def service_row(
    sheet: Sheet,
    state: State,
    service: Service,
    rect: Rect,
    under: str,
    now: Moment,
    *,
    name: tuple[Run, ...] = (),
) -> None:
    """Add one service to choose, with its kind, its name, what stands below and its state."""
    plan, language = state.plan, state.language
    if plan is None:
        raise ValueError("services are shown of a plan")
    queue = plan.queue_by_id[service.queue]
    status = figures.queue_state(state.boards, queue)
    if not figures.takes_numbers(plan, now.at):
        status = "closed"
    resting = status != "open"
    id_ = f"service:{service.id}"
    title = first(service.name, language)
    can = sheet.target(id_, rect, title)
    fill = tint(HALL, 0.18) if can and sheet.pressed == id_ else RESTING if resting else PAPER
    sheet.box(rect, fill, border=LINE)
    middle = rect.centre[1]
    kind = badge(queue.kind)
    word = kind.word if language == "zh" else kind.word_en
    wide = 100 if language == "zh" else 132
    place = Rect(rect.x + 18, middle - 54, wide, 108)
    sheet.kind_badge(place, kind, word, size=32, resting=resting)
    right = rect.right - 68
    taken = _status(sheet, state, plan, service, status, right, middle, now)
    x = place.right + 22
    room = right - taken - 24 - x
    if name and sum(run.width for run in name) <= room:
        sheet.runs(x, middle - 1, name, room=room)
        sheet.text(x, middle + 42, under, 34, INK_SOFT, room=room)
    else:
        sheet.names(
            x,
            middle + 1,
            title,
            under,
            48,
            room,
            colours=(INK_SOFT if resting else INK, INK_SOFT),
            under_size=32 if rect.h < 160 else 34,
            under_drop=43,
        )
    sheet.icon("chevron-right", rect.right - 56, middle - 17, 34, INK_SOFT, 4.0)


def _status(
    sheet: Sheet,
    state: State,
    plan: HallPlan,
    service: Service,
    status: str,
    right: int,
    middle: int,
    now: Moment,
) -> int:
    """Add the state of a service at the right end of its row; return the width it takes."""
    language = state.language
    queue = plan.queue_by_id[service.queue]
    line = figures.line_of(state.boards, queue)
    match status:
        case "closed":
            zone = plan.zone_by_id[service.zone]
            when = figures.next_opening(plan, now.at, language, zone=zone)
            below = say("opens", language, when=when) if when else say("ask-desk", language)
            if not queue.open:
                below = say("ask-desk", language)
            wide = _pill(sheet, right, middle, "lock", say("closed", language), INK_SOFT)
        case "full":
            below = say("other-ways", language)
            wide = _pill(sheet, right, middle, "slashed-ring", say("full", language), ALARM)
        case "paused":
            until = line.until if line else None
            below = say("back-at", language, time=until) if until else say("back-later", language)
            wide = _pill(sheet, right, middle, "pause", say("paused", language), WARN)
        case _:
            return _open_figures(sheet, state, plan, service, right, middle)
    return max(wide, sheet.text(right, middle + 46, below, 36, INK, align="right"))


def _open_figures(
    sheet: Sheet, state: State, plan: HallPlan, service: Service, right: int, middle: int
) -> int:
    language = state.language
    line = figures.line_of(state.boards, plan.queue_by_id[service.queue])
    if line is None or not state.online:
        unknown = say("count-unknown", language)
        return sheet.text(right, middle + 14, unknown, 38, INK_SOFT, align="right")
    count = Run(str(line.waiting), 40, INK, "bold")
    runs: tuple[Run, ...] = (count, Run(say("ahead", "en"), 40, INK))
    if language == "zh":
        runs = (Run(say("ahead", "zh"), 40, INK), count, Run(say("people", "zh"), 40, INK))
    wide = sheet.runs(right, middle - 10, runs, align="right")
    if line.wait is None:
        told = say("no-estimate", language)
        return max(wide, sheet.text(right, middle + 43, told, 36, INK_SOFT, align="right"))
    low, high = line.wait.minutes
    told = say("about-min", language, low=low, high=high)
    return max(wide, sheet.text(right, middle + 43, told, 40, HALL, weight="bold", align="right"))


def _pill(sheet: Sheet, right: int, middle: int, icon: str, word: str, colour: Colour) -> int:
    """Add a state's shape and word on a tint; return its width."""
    wide = width(word, 36, "bold") + 82
    ground = DISABLED if colour == INK_SOFT else tint(colour)
    sheet.box(Rect(right - wide, middle - 53, wide, 56), ground, radius=12)
    sheet.icon(icon, right - wide + 18, middle - 42, 34, colour)
    sheet.text(right - 16, middle - 12, word, 36, colour, weight="bold", align="right")
    return wide


def _under(plan: HallPlan, service: Service, language: Language) -> str:
    """Return the second line of a row: the other language, and what is done on the spot."""
    told = second(service.name, language)
    if told and plan.queue_by_id[service.queue].kind == "instant":
        return f"{told} ・ {say('on-the-spot', other(language))}"
    return told


def _zone_head(sheet: Sheet, state: State, plan: HallPlan, zone_id: str) -> None:
    language = state.language
    zone = plan.zone_by_id[zone_id]
    _head(sheet, zone.icon, first(zone.name, language), second(zone.name, language))
    sheet.icon("pin", 46, 340, 42, HALL)
    place = first(zone.place, language)
    windows = figures.zone_window_numbers(plan, zone)
    runs = [Run(say("value-floor", language, floor=zone.floor), 40, INK, "bold")]
    if place:
        runs.append(Run(f" {place}", 40, INK))
    if windows:
        runs.append(Run(f" ・ {say('windows', language, numbers=windows)}", 40, INK))
    board = state.boards.get(zone_id)
    taken = 0
    if board is not None and state.online:
        taken = sheet.runs(
            1032,
            377,
            (
                Run(say("zone-waiting", language), 40, INK),
                Run(str(board.waiting), 40, INK, "bold"),
                Run(say("zone-waiting-after", language), 40, INK),
            ),
            align="right",
        )
        sheet.icon("people", 1032 - taken - 56, 340, 42, INK_SOFT, 3.4)
        taken += 80
    room = 984 - 54 - taken
    while len(runs) > 1 and sum(run.width for run in runs) > room:
        runs.pop()
    sheet.runs(101, 377, tuple(runs), room=room)


def _role_head(sheet: Sheet, role: str, language: Language) -> None:
    icon, key = _ROLE_LOOKS[role]
    _head(sheet, icon, say(key, language), say(key, other(language)))


def _head(sheet: Sheet, icon: str, title: str, under: str) -> None:
    sheet.box(Rect(48, 182, 128, 128), HALL)
    sheet.icon(icon, 72, 206, 80, PAPER)
    sheet.text(204, 245 if under else 268, title, 64, weight="bold", room=828)
    sheet.text(204, 302, under, 40, INK_SOFT, room=828)


def _tabs(
    sheet: Sheet, listed: tuple[Service, ...], groups: list[str], tab: str, language: Language
) -> None:
    """Add the groups as tabs; more than fit stand behind one that leads to the next ones."""
    every = ["", *groups]
    rows = _tab_rows(every, language)
    mine = next(at for at, row in enumerate(rows) if tab in row)
    row = rows[mine]
    names = [(one, one or say("all", language)) for one in row]
    onward = rows[(mine + 1) % len(rows)][0] if len(rows) > 1 else None
    room = 984 - _TAB_GAP * (len(names) - 1) - (_TAB_GAP + 96 if onward is not None else 0)
    texts = [width(name, 40, "bold") for _, name in names]
    extra = (room - sum(texts)) // len(names)
    x = 48
    for (group, name), text in zip(names, texts, strict=True):
        wide = text + extra
        rect = Rect(x, _TABS_Y, wide, 112)
        count = sum(1 for service in listed if not group or service.group == group)
        chosen = group == tab
        words, soft, _ = sheet.button(f"tab:{group}", rect, name, primary=chosen)
        middle = rect.centre[0]
        sheet.text(middle, 462, name, 40, words, weight="bold", align="centre", room=wide - 8)
        told = say("items", language, count=count)
        sheet.text(middle, 500, told, 33, ON_DARK if chosen else soft, align="centre")
        x += wide + _TAB_GAP
    if onward is not None:
        rect = Rect(1032 - 96, _TABS_Y, 96, 112)
        _, _, colour = sheet.button(f"tab:{onward}", rect, say("next", language))
        sheet.icon("chevron-right", rect.x + 28, rect.y + 36, 40, colour)


def _tab_rows(groups: list[str], language: Language) -> list[list[str]]:
    """Return the groups in rows that fit with some air, each but a lone one with a way on."""

    def wide(row: list[str]) -> int:
        names = (group or say("all", language) for group in row)
        return sum(width(name, 40, "bold") + 64 + _TAB_GAP for name in names)

    if wide(groups) <= 984 + _TAB_GAP:
        return [groups]
    rows: list[list[str]] = [[]]
    for group in groups:
        if rows[-1] and wide([*rows[-1], group]) > 984 - 96:
            rows.append([])
        rows[-1].append(group)
    return rows
