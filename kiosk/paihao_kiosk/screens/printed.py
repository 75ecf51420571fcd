"""k5: the number, where to wait, how to follow it and what happens when it is missed."""

from typing import Final

from paihao_hall.contract import IssuedTicket
from paihao_hall.plan import HallPlan, MissedPolicy, Queue, Zone
from paihao_kiosk import figures
from paihao_kiosk.pages import Printed
from paihao_kiosk.screens import frame
from paihao_kiosk.screens.sheet import Sheet
from paihao_kiosk.state import IDLE_PRINTED_S, Moment, State
from paihao_kiosk.words import Language, first, other, say
from paihao_look import qr, typeset
from paihao_look.fonts import width
from paihao_look.picture import Qr, Rect, Run, Screen
from paihao_look.tokens import (
    AMBER_CARD,
    GREEN,
    HALL,
    HALL_DEEP,
    INK,
    INK_SOFT,
    LINE,
    MIST,
    ON_DARK,
    PAPER,
    SPINE,
    WARN,
)

_SIGN_ROWS: Final = 4
_SIGN_TWO_LINES: Final = 100


def screen(state: State, page: Printed, now: Moment) -> Screen:
    """Return what a citizen reads while taking the ticket."""
    sheet = frame.begin(state, now)
    plan, language, ticket = state.plan, state.language, page.ticket
    if plan is None:
        raise ValueError("a ticket is shown of a plan")
    queue = plan.queue_by_id[ticket.queue]
    zone = plan.zone_by_id[ticket.zone]
    _number_card(sheet, plan, ticket, language)
    _place_card(sheet, state, plan, zone, queue)
    _phone_card(sheet, ticket.url, language)
    _missed_card(sheet, queue.missed, language)
    _take_card(sheet, language)
    left_s = seconds_left(state, now, IDLE_PRINTED_S)
    done_button(sheet, Rect(552, 1576, 480, 144), "done", left_s, language)
    frame.flow_bar(sheet, state, issued=True)
    return sheet.screen("printed")


def seconds_left(state: State, now: Moment, limit_s: int) -> int:
    """Return the whole seconds until the page is wiped."""
    if state.touched_at is None:
        return limit_s
    return max(0, limit_s - int((now.at - state.touched_at).total_seconds()))


def done_button(sheet: Sheet, rect: Rect, key: str, left_s: int, language: Language) -> None:
    """Add the button that ends the visit to this machine, with what happens without it."""
    title = say(key, language)
    words, soft, _ = sheet.button("done", rect, title, primary=True)
    beside = say(key, "en") if language == "zh" and key == "done" else ""
    runs = [Run(title, 54, words, "bold")]
    if beside:
        runs += [Run(" ", 44, words), Run(beside, 44, words)]
    sheet.runs(rect.centre[0], rect.y + 76, tuple(runs), align="centre", room=rect.w - 24)
    told = say("home-in", language, seconds=left_s)
    sheet.text(rect.centre[0], rect.y + 117, told, 36, soft, align="centre")


def queue_words(ticket: IssuedTicket, language: Language) -> str:
    """Return people ahead and wait in one line."""
    if ticket.wait is None:
        return say("whole-line-bare", language, ahead=ticket.ahead)
    low, high = ticket.wait.minutes
    return say("whole-line", language, ahead=ticket.ahead, low=low, high=high)


def _number_card(sheet: Sheet, plan: HallPlan, ticket: IssuedTicket, language: Language) -> None:
    sheet.card(Rect(48, 172, 984, 536))
    title = say("success", language)
    beside = say("success", "en") if language == "zh" else ""
    wide = 62 + 20 + width(title, 52, "bold") + (20 + width(beside, 40) if beside else 0)
    left = 540 - wide // 2
    sheet.disc(left + 31, 225, 31, GREEN)
    sheet.icon("check", left + 9, 203, 44, PAPER, 5.0)
    runs = [Run(title, 52, GREEN, "bold")]
    if beside:
        runs += [Run("  ", 40, INK), Run(beside, 40, INK_SOFT)]
    sheet.runs(left + 82, 245, tuple(runs))
    size = typeset.fit(ticket.number, (220, 200, 180, 160, 140), 936, "bold")[0]
    sheet.text(540, 467, ticket.number, size, weight="bold", align="centre", room=936)
    name = first(plan.service_by_id[ticket.service].name, language)
    sheet.text(540, 544, name, 48, weight="bold", align="centre", room=920)
    sheet.rule(80, 564, 920)
    _ahead_line(sheet, ticket, language)
    sheet.text(540, 683, queue_words(ticket, other(language)), 34, INK_SOFT, align="centre")


def _ahead_line(sheet: Sheet, ticket: IssuedTicket, language: Language) -> None:
    """Add people ahead and wait, each behind its pictogram, centred together."""
    people: tuple[Run, ...]
    count = Run(str(ticket.ahead), 52, INK, "bold")
    if language == "zh":
        people = Run("前面 ", 52, INK), count, Run(" 人", 52, INK)
    else:
        people = count, Run(say("ahead", "en"), 52, INK)
    if ticket.wait is None:
        about = Run(say("no-estimate", language), 48, INK_SOFT)
    else:
        low, high = ticket.wait.minutes
        about = Run(say("about", language, low=low, high=high), 52, HALL, "bold")
    people_wide = sum(run.width for run in people)
    wide = 62 + people_wide + 56 + 62 + about.width
    x = 540 - wide // 2
    sheet.icon("people", x, 588, 46, INK_SOFT, 3.4)
    sheet.runs(x + 62, 629, people)
    x += 62 + people_wide + 56
    sheet.icon("clock", x, 588, 46, INK_SOFT, 3.4)
    sheet.runs(x + 62, 629, (about,))


def _place_card(sheet: Sheet, state: State, plan: HallPlan, zone: Zone, queue: Queue) -> None:
    language = state.language
    sheet.card(Rect(48, 728, 984, 416))
    _sign(sheet, state, plan, zone, queue)
    x, room = 676, 336
    floor = say("value-floor", language, floor=zone.floor)
    place = first(zone.place, language)
    numbers = figures.window_numbers(plan, queue)
    sheet.text(x, 790, say("please-go", language), 40, INK_SOFT)
    sheet.text(x, 859, f"{floor} {place}".strip(), 60, weight="bold", room=room)
    short = first(zone.short, language)
    size, rows = typeset.fit(short, (60, 52, 46, 40, 36), room, "bold")
    sheet.text(x, 932, rows[0], size, weight="bold", room=room)
    sheet.text(x, 986, say("sit-and-wait", language), 40, room=room)
    _then_go(sheet, x, numbers, room, language)
    under = other(language)
    sheet.text(x, 1077, say("floor-wait", under, floor=zone.floor), 34, INK_SOFT, room=room)
    sheet.text(x, 1117, say("go-when-called", under), 34, INK_SOFT, room=room)


def _then_go(sheet: Sheet, x: int, numbers: str, room: int, language: Language) -> None:
    """Add where to go when called: the windows if they can be told in a line."""
    for after in (say("then-windows", language), say("windows-short", language, numbers="")):
        for size in (40, 36, 32):
            runs = (
                Run(say("then-go", language), size, INK),
                Run(f" {numbers}", size, INK, "bold"),
                Run(after, size, INK),
            )
            if numbers and sum(run.width for run in runs) <= room:
                sheet.runs(x, 1035, runs, room=room)
                return
    sheet.text(x, 1035, say("then-window-called", language), 40, room=room)


def _sign(sheet: Sheet, state: State, plan: HallPlan, zone: Zone, queue: Queue) -> None:
    """Add the floor's directory: its zones in the hall's order, the citizen's one filled."""
    language = state.language
    frame_ = Rect(72, 751, 580, 372)
    sheet.box(frame_, MIST, radius=20, border=INK_SOFT, border_width=4)
    sheet.box(Rect(88, 767, 96, 340), SPINE, radius=16)
    here = figures.stands_on(plan, state.kiosk) == zone.floor
    centre = 136
    sheet.text(centre, 930, zone.floor, 92, HALL_DEEP, weight="bold", align="centre", room=92)
    sheet.text(
        centre, 982, say("floor", language), 36, HALL_DEEP, weight="bold", align="centre", room=92
    )
    on_floor = [one for one in plan.zones if one.floor == zone.floor]
    at = on_floor.index(zone)
    begin = max(0, min(at - _SIGN_ROWS // 2, len(on_floor) - _SIGN_ROWS))
    shown = on_floor[begin : begin + _SIGN_ROWS]
    high = min(124, (340 - 14 * (len(shown) - 1)) // len(shown))
    y = 767 + (340 - len(shown) * high - 14 * (len(shown) - 1)) // 2
    for one in shown:
        rect = Rect(200, y, 436, high)
        mine = one is zone
        sheet.box(
            rect,
            HALL if mine else PAPER,
            radius=16,
            border=HALL if mine else LINE,
            border_width=3,
        )
        middle = rect.centre[1]
        colour = PAPER if mine else INK_SOFT
        sheet.icon(one.icon, rect.x + 18, middle - 25, 50, colour)
        numbers = (
            figures.window_numbers(plan, queue) if mine else figures.zone_window_numbers(plan, one)
        )
        name = first(one.short, language)
        room = 330 - (60 if mine else 0)
        told = ""
        if numbers and high >= _SIGN_TWO_LINES:
            choices = (say(key, language, numbers=numbers) for key in ("windows", "windows-short"))
            told = next((words for words in choices if width(words, 34) <= room), "")
        baseline = middle - 4 if told else typeset.middle(middle, 40)
        sheet.text(rect.x + 84, baseline, name, 40, colour, weight="bold", room=room)
        sheet.text(rect.x + 84, middle + 38, told, 34, ON_DARK if mine else colour, room=room)
        if mine:
            icon = "arrow-right" if here else "arrow-up"
            if not here and _is_below(zone.floor, figures.stands_on(plan, state.kiosk)):
                icon = "arrow-down"
            sheet.icon(icon, rect.right - 70, middle - 26, 52, PAPER)
        y += high + 14


def _is_below(floor: str, other_floor: str) -> bool:
    """Tell whether one floor lies under another, where both are numbers."""
    try:
        return int(floor) < int(other_floor)
    except ValueError:
        return False


def _phone_card(sheet: Sheet, url: str, language: Language) -> None:
    sheet.card(Rect(48, 1164, 480, 388))
    side = len(qr.cells(url))
    cell = max(4, 210 // side)
    sheet.add(Qr(url, 78, 1190, cell, INK))
    x = 78 + side * cell + 30
    room = 528 - 12 - x
    sheet.icon("phone", x - 2, 1190, 52, HALL)
    sheet.text(x, 1292, say("follow-on-phone", language), 40, weight="bold", room=room)
    sheet.text(x, 1340, say("no-download", language), 36, room=room)
    sheet.text(x, 1387, say("no-name-kept", language), 36, room=room)
    under = other(language)
    sheet.text(73, 1461, say("follow-line-1", under), 34, INK_SOFT, room=440)
    sheet.text(73, 1502, say("follow-line-2", under), 34, INK_SOFT, room=440)


def _missed_card(sheet: Sheet, policy: MissedPolicy, language: Language) -> None:
    sheet.card(Rect(552, 1164, 480, 388))
    sheet.text(586, 1275, say("missed-title", language), 44, weight="bold", room=430)
    sheet.text(586, 1314, say("missed-title", other(language)), 34, INK_SOFT, room=430)
    rows = [
        ("speaker", say("missed-calls", language, calls=policy.calls)),
        ("clock", say("missed-grace", language, minutes=policy.grace_s // 60)),
        ("list", _consequence(policy, language)),
    ]
    if policy.action == "void":
        del rows[1]
    for at, (icon, told) in enumerate(rows):
        baseline = 1370 + 55 * at
        sheet.icon(icon, 586, baseline - 33, 40, HALL)
        sheet.text(642, baseline, told, 36, room=378)


def _consequence(policy: MissedPolicy, language: Language) -> str:
    match policy.action:
        case "back_n":
            return say("missed-back-n", language, places=policy.back_n)
        case "tail":
            return say("missed-tail", language)
        case "void":
            return say("missed-void", language)


def _take_card(sheet: Sheet, language: Language) -> None:
    sheet.box(Rect(48, 1576, 480, 144), AMBER_CARD)
    sheet.icon("arrow-down", 118, 1608, 78, WARN)
    sheet.text(217, 1649, say("take-ticket", language), 48, weight="bold", room=300)
    sheet.text(217, 1692, say("take-ticket", other(language)), 36, room=300)
