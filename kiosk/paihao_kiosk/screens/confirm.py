"""k4: people ahead and the expected wait, the papers and the class, before the number is taken."""

from typing import Final

from paihao_hall.plan import HallPlan, Queue, Service, TicketClass
from paihao_kiosk import figures
from paihao_kiosk.pages import Confirm
from paihao_kiosk.screens import frame
from paihao_kiosk.screens.sheet import Sheet
from paihao_kiosk.state import Moment, State
from paihao_kiosk.words import Language, first, other, say, second
from paihao_look import typeset
from paihao_look.fonts import width
from paihao_look.kinds import badge
from paihao_look.picture import Rect, Run, Screen
from paihao_look.tokens import (
    GREEN,
    HALL,
    INK,
    INK_SOFT,
    LINE,
    PAPER,
    WARN,
    Colour,
    tint,
)

_LABEL: Final = 34
_MOST_PAPERS: Final = 4
_CLASSES_SHOWN: Final = 3
_CLASS_WIDTHS: Final = (288, 360, 288)

_CLASS_LOOKS: Final[dict[str, tuple[str, Colour]]] = {
    "regular": ("person", HALL),
    "green": ("heart-in-hand", GREEN),
    "appointment": ("calendar", HALL),
}


def screen(state: State, page: Confirm, now: Moment) -> Screen:
    """Return what a citizen should know before taking a number of a service."""
    sheet = frame.begin(state, now)
    plan, language = state.plan, state.language
    if plan is None:
        raise ValueError("a service is shown of a plan")
    service = plan.service_by_id[page.service]
    queue = plan.queue_by_id[service.queue]
    kind = badge(queue.kind)
    word = kind.word if language == "zh" else kind.word_en
    place = Rect(48, 182, 120 if language == "zh" else 144, 124)
    sheet.kind_badge(place, kind, word, size=34)
    title, under = first(service.name, language), second(service.name, language)
    x = place.right + 28
    sheet.text(x, 249 if under else 270, title, 72, weight="bold", room=1032 - x)
    sheet.text(x, 306, under, 46, INK_SOFT, room=1032 - x)
    _facts(sheet, state, plan, service, queue, now)
    _papers(sheet, service, language)
    _classes(sheet, plan, page, language)
    _take(sheet, state, language)
    _consult(sheet, plan, service, language)
    frame.flow_bar(sheet, state)
    return sheet.screen("confirm")


def _facts(
    sheet: Sheet, state: State, plan: HallPlan, service: Service, queue: Queue, now: Moment
) -> None:
    language = state.language
    sheet.card(Rect(48, 336, 984, 392))
    sheet.rule(80, 536, 920)
    zone = plan.zone_by_id[service.zone]
    line = figures.line_of(state.boards, queue) if state.online else None
    if line is None:
        ahead = say("count-unknown", language)
        about, colour = say("no-estimate", language), INK_SOFT
    else:
        ahead = say("value-people", language, count=line.waiting)
        if line.state == "paused":
            colour = WARN
            about = say("paused", language)
            if line.until:
                about = say("back-at", language, time=line.until)
        elif line.wait is None:
            begins = figures.begins_at(plan, now.at)
            about, colour = say("no-estimate", language), INK_SOFT
            if begins:
                about, colour = say("value-begins", language, time=begins), HALL
        else:
            low, high = line.wait.minutes
            about, colour = say("value-minutes", language, low=low, high=high), HALL
    where = say("value-floor", language, floor=zone.floor)
    if first(zone.place, language):
        where = f"{where} {first(zone.place, language)}"
    numbers = figures.window_numbers(plan, queue)
    windows = (
        say("value-windows", language, numbers=numbers) if numbers else say("any-window", language)
    )
    _fact(sheet, (80, 407), "people", "fact-ahead", ahead, (72, 493), language, INK, 376)
    _fact(sheet, (480, 407), "clock", "fact-about", about, (72, 493), language, colour, 528)
    _fact(sheet, (80, 604), "pin", "fact-where", where, (64, 683), language, INK, 376)
    _fact(sheet, (480, 604), "window", "fact-windows", windows, (64, 683), language, INK, 528)


def _fact(
    sheet: Sheet,
    place: tuple[int, int],
    icon: str,
    key: str,
    value: str,
    size_and_baseline: tuple[int, int],
    language: Language,
    colour: Colour,
    room: int,
) -> None:
    x, baseline = place
    size, value_baseline = size_and_baseline
    label = say(key, language)
    if language == "zh":
        label = f"{label} {say(key, 'en')}"
    sheet.icon(icon, x, baseline - 32, 40, INK_SOFT, 3.4)
    sheet.text(x + 52, baseline, label, _LABEL, INK_SOFT, room=room - 52)
    sheet.text(x, value_baseline, value, size, colour, weight="bold", room=room)


def _papers(sheet: Sheet, service: Service, language: Language) -> None:
    sheet.card(Rect(48, 752, 984, 276))
    wide = sheet.text(80, 825, say("papers", language), 48, weight="bold")
    if language == "zh":
        sheet.text(80 + wide + 20, 822, say("papers", "en"), 34, INK_SOFT)
    if service.papers:
        papers = [first(paper, language) for paper in service.papers]
        if len(papers) > _MOST_PAPERS:
            papers = [*papers[: _MOST_PAPERS - 1], say("papers-ask", language)]
    else:
        papers = [say("no-papers", language)]
    in_columns = all(width(paper, 42) <= 394 for paper in papers)
    if in_columns or len(papers) > 2:
        for at, paper in enumerate(papers):
            _paper(sheet, 80 + 484 * (at % 2), 899 + 78 * (at // 2), paper, 394)
    else:
        for at, paper in enumerate(papers):
            _paper(sheet, 80, 899 + 78 * at, paper, 860)


def _paper(sheet: Sheet, x: int, baseline: int, paper: str, room: int) -> None:
    sheet.icon("document", x + 2, baseline - 36, 42, HALL)
    size, rows = typeset.fit(paper, (42, 40, 38, 36), room)
    if len(rows) == 1 and width(rows[0], size) <= room and not rows[0].endswith(typeset.ELLIPSIS):
        sheet.text(x + 60, baseline, rows[0], size, room=room)
    else:
        sheet.lines(x + 60, baseline - 18, paper, (32,), room, most_lines=2, leading=1.15)


def _classes(sheet: Sheet, plan: HallPlan, page: Confirm, language: Language) -> None:
    wide = sheet.text(48, 1101, say("which-class", language), 48, weight="bold")
    if language == "zh":
        sheet.text(48 + wide + 34, 1098, say("choose-one", "en"), 34, INK_SOFT)
    shown, more = _shown_classes(plan.classes, page.classes_page)
    cards = len(shown) + (1 if more else 0)
    widths: tuple[int, ...] = _CLASS_WIDTHS
    if cards < _CLASSES_SHOWN:
        widths = ((984 - 24 * (cards - 1)) // cards,) * cards
    x = 48
    for at, wide in enumerate(widths):
        rect = Rect(x, 1124, wide, 256)
        if at < len(shown):
            one = shown[at]
            _class_card(sheet, one, rect, language, chosen=one.id == page.ticket_class)
        else:
            _more_card(sheet, rect, page.classes_page + 1, language)
        x += wide + 24


def _shown_classes(
    classes: tuple[TicketClass, ...], page: int
) -> tuple[tuple[TicketClass, ...], bool]:
    """Return the classes of a page, and whether a card that leads to the next ones follows."""
    if len(classes) <= _CLASSES_SHOWN:
        return classes, False
    fits = _CLASSES_SHOWN - 1
    at = page % frame.pages_of(len(classes), fits)
    return classes[at * fits : (at + 1) * fits], True


def _more_card(sheet: Sheet, rect: Rect, page: int, language: Language) -> None:
    word = say("more", language)
    words, soft, colour = sheet.button(f"classes:{page}", rect, word)
    sheet.icon("chevron-right", rect.right - 80, rect.y + 26, 54, colour)
    sheet.text(rect.x + 26, rect.y + 140, word, 44, words, weight="bold", room=rect.w - 36)
    sheet.text(rect.x + 26, rect.y + 187, say("more", other(language)), 34, soft)


def _class_card(
    sheet: Sheet, one: TicketClass, rect: Rect, language: Language, *, chosen: bool
) -> None:
    id_ = f"class:{one.id}"
    name = first(one.name, language)
    can = sheet.target(id_, rect, name)
    pressed = can and sheet.pressed == id_
    fill = tint(HALL, 0.18) if pressed else tint(HALL) if chosen else PAPER
    sheet.box(rect, fill, border=HALL if chosen else LINE, border_width=6 if chosen else 2)
    icon, colour = _CLASS_LOOKS.get(one.id, ("person", HALL))
    sheet.icon(icon, rect.x + 27, rect.y + 24, 54, colour)
    centre_x, centre_y = rect.right - 54, rect.y + 52
    ring = HALL if chosen else INK_SOFT
    sheet.disc(centre_x, centre_y, 28, ring)
    sheet.disc(centre_x, centre_y, 24, PAPER)
    if chosen:
        sheet.disc(centre_x, centre_y, 16, HALL)
    room = rect.w - 36
    hint = first(one.hint, language)
    if not hint and one.id == "regular":
        hint = say("in-order", language)
    x = rect.x + 26
    sheet.text(x, rect.y + 140, name, 44, weight="bold", room=room)
    if width(hint, 32) > room:
        sheet.lines(x, rect.y + 184, hint, (32,), room, most_lines=2, leading=1.2)
        return
    sheet.text(x, rect.y + 187, hint, 34, room=room)
    below = second(one.name, language)
    sheet.text(x, rect.y + (228 if hint else 187), below, 34, INK_SOFT, room=room)


def _take(sheet: Sheet, state: State, language: Language) -> None:
    rect = Rect(48, 1404, 984, 184)
    if state.busy:
        sheet.target("take", rect, say("printing", language), enabled=False)
        sheet.box(rect, tint(HALL, 0.18))
        title, under = say("printing", language), say("printing", other(language))
        colour, soft = INK, INK_SOFT
    elif not state.online:
        title, under = say("offline-take", language), say("offline-take-why", language)
        colour, soft, _ = sheet.button("take", rect, title, enabled=False)
    else:
        title, under = say("take-number", language), say("take-number", other(language))
        colour, soft, _ = sheet.button("take", rect, title, primary=True)
        soft = PAPER
    size = 72 if width(title, 72, "bold") < 760 else 56
    wide = max(width(title, size, "bold"), min(width(under, 46), 820))
    icon = "unplugged" if not state.online else "ticket"
    left = 48 + max(24, (984 - 100 - 34 - wide) // 2)
    sheet.icon(icon, left, 1446, 100, colour)
    room = 1032 - 24 - (left + 134)
    sheet.text(left + 134, 1504, title, size, colour, weight="bold", room=room)
    sheet.text(left + 134, 1554, under, 46, soft, room=room)


def _consult(sheet: Sheet, plan: HallPlan, service: Service, language: Language) -> None:
    """Offer the consult number, unless this is one or the hall gives none."""
    if service.role == "consult" or not figures.with_role(plan, "consult", service.zone):
        return
    rect = Rect(48, 1612, 984, 116)
    title = say("consult-first", language)
    words, soft, colour = sheet.button("role:consult", rect, title)
    beside = say("consult-short", "en") if language == "zh" else ""
    wide = width(title, 44, "bold") + (20 + width(beside, 36) if beside else 0)
    left = 48 + (984 - 70 - wide) // 2
    sheet.icon("chat", left, 1644, 54, colour)
    runs = [Run(title, 44, words, "bold")]
    if beside:
        runs += [Run("  ", 36, soft), Run(beside, 36, soft)]
    sheet.runs(left + 70, 1687, tuple(runs), room=1032 - left - 70)
