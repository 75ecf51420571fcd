"""k6: the number is given, the paper is not sure; the number stands large until it is noted."""

from paihao_kiosk import figures
from paihao_kiosk.pages import Unsure
from paihao_kiosk.react import printer_ready
from paihao_kiosk.screens import frame
from paihao_kiosk.screens.printed import done_button, queue_words, seconds_left
from paihao_kiosk.screens.sheet import Sheet
from paihao_kiosk.state import IDLE_S, Moment, State
from paihao_kiosk.words import Language, first, other, say
from paihao_look import qr, typeset
from paihao_look.picture import Qr, Rect, Run, Screen
from paihao_look.tokens import AMBER_CARD, HALL, INK, INK_SOFT, WARN, tint


def screen(state: State, page: Unsure, now: Moment) -> Screen:
    """Return what a citizen needs whose slip may be missing."""
    sheet = frame.begin(state, now)
    plan, language, ticket = state.plan, state.language, page.ticket
    if plan is None:
        raise ValueError("a ticket is shown of a plan")
    sheet.box(Rect(48, 176, 984, 176), AMBER_CARD)
    sheet.icon("printer", 84, 218, 88, WARN)
    sheet.text(204, 262, say("kept", language), 60, weight="bold", room=808)
    sheet.text(204, 318, say("kept-under", other(language)), 38, room=808)
    sheet.card(Rect(48, 376, 984, 444))
    label = say("your-number", language)
    if language == "zh":
        label = f"{label} {say('your-number', 'en')}"
    sheet.text(540, 439, label, 42, INK_SOFT, align="centre")
    size = typeset.fit(ticket.number, (220, 200, 180, 160, 140), 936, "bold")[0]
    sheet.text(540, 655, ticket.number, size, weight="bold", align="centre", room=936)
    name = first(plan.service_by_id[ticket.service].name, language)
    sheet.text(540, 729, name, 44, weight="bold", align="centre", room=920)
    zone = plan.zone_by_id[ticket.zone]
    place = f"{say('value-floor', language, floor=zone.floor)} {first(zone.place, language)}"
    numbers = figures.window_numbers(plan, plan.queue_by_id[ticket.queue])
    where = f"{place.strip()} {say('windows', language, numbers=numbers)}" if numbers else place
    told = f"{queue_words(ticket, language)}    {where}"
    sheet.text(540, 784, told, 40, align="centre", room=936)
    _keep(sheet, ticket.url, ticket.number, language)
    _staff(sheet, language)
    _buttons(sheet, state, now)
    under = other(language)
    lost = say("never-lost" if language == "zh" else "reprint-desk", language)
    sheet.text(540, 1662, lost, 40, align="centre", room=984)
    sheet.text(540, 1708, say("reprint-desk", under), 34, INK_SOFT, align="centre", room=984)
    frame.flow_bar(sheet, state, issued=True)
    return sheet.screen("unsure")


def _keep(sheet: Sheet, url: str, number: str, language: Language) -> None:
    sheet.card(Rect(48, 844, 984, 388))
    side = len(qr.cells(url))
    cell = max(4, 290 // side)
    sheet.add(Qr(url, 104, 844 + (388 - side * cell) // 2, cell, INK))
    x, room = 452, 560
    sheet.text(x, 946, say("save-it", language), 52, weight="bold", room=room)
    sheet.text(x, 1016, say("photo", language), 42, room=room)
    sheet.runs(
        x,
        1073,
        (Run(say("write-down", language), 42, INK), Run(number, 42, INK, "bold")),
        room=room,
    )
    under = other(language)
    sheet.text(x, 1132, say("save-under-1", under), 36, INK_SOFT, room=room)
    sheet.text(x, 1174, say("save-under-2", under), 36, INK_SOFT, room=room)


def _staff(sheet: Sheet, language: Language) -> None:
    sheet.box(Rect(48, 1256, 984, 156), tint(HALL))
    sheet.icon("bell", 94, 1298, 72, HALL)
    sheet.text(200, 1332, say("tell-staff", language), 48, weight="bold", room=800)
    beside = f"{say('tell-staff-why', language)} ・ {say('tell-staff', other(language))}"
    sheet.text(200, 1382, beside, 36, room=800)


def _buttons(sheet: Sheet, state: State, now: Moment) -> None:
    language = state.language
    ready = printer_ready(state)
    title = say("print-again", language)
    under = say("print-again", other(language))
    if state.busy:
        title, under = say("printing", language), say("printing", other(language))
    elif not ready:
        under = say("printer-not-ready", language)
    frame.paired(
        sheet,
        "print-again",
        Rect(48, 1436, 480, 144),
        "printer",
        title,
        under,
        size=48,
        icon_size=56,
        enabled=ready and not state.busy,
        framed=True,
        gap=24,
    )
    left_s = seconds_left(state, now, IDLE_S)
    done_button(sheet, Rect(552, 1436, 480, 144), "noted-done", left_s, language)
