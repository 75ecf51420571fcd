"""Screens that say one thing and what to do next: refusals, closed services, where to get help."""

from typing import Final

from paihao_hall.plan import HallPlan
from paihao_kiosk import figures
from paihao_kiosk.pages import Message, MessageKind
from paihao_kiosk.screens import frame
from paihao_kiosk.screens.sheet import Sheet
from paihao_kiosk.state import Moment, State
from paihao_kiosk.words import Language, first, other, say
from paihao_look.picture import Rect, Screen
from paihao_look.tokens import AMBER_CARD, HALL, INK, INK_SOFT, WARN, Colour, tint

_LOOKS: Final[dict[MessageKind, tuple[str, str, bool]]] = {
    "no-answer": ("clock", "no-answer", True),
    "hall-closed": ("lock", "hall-closed", True),
    "service-closed": ("lock", "service-closed", True),
    "service-full": ("slashed-ring", "service-full", True),
    "not-known": ("warning", "not-known", True),
    "refused": ("warning", "refused", True),
    "help": ("bell", "staff-helps", False),
    "big-text": ("big-text", "staff-helps", False),
    "seated": ("seated", "staff-helps", False),
    "my-ticket": ("ticket", "my-ticket", False),
    "no-such-service": ("chat", "no-such-service", False),
}
"""Pictogram, words of the title, and whether it is a warning."""

_HOW: Final[dict[MessageKind, str]] = {"help": "help-how"}

_OFFERS_CONSULT: Final = ("service-closed", "service-full", "not-known", "refused")


def screen(state: State, page: Message, now: Moment) -> Screen:
    """Return a message in both languages with the ways on from it."""
    sheet = frame.begin(state, now)
    plan, language = state.plan, state.language
    if plan is None:
        raise ValueError("a message is shown of a plan")
    icon, key, warns = _LOOKS[page.kind]
    colour: Colour = WARN if warns else HALL
    sheet.box(Rect(48, 200, 984, 360), AMBER_CARD if warns else tint(HALL))
    sheet.icon(icon, 456, 232, 168, colour)
    sheet.lines(
        540,
        482,
        say(key, language),
        (72, 64, 56, 48),
        920,
        most_lines=1,
        weight="bold",
        align="centre",
    )
    sheet.text(540, 534, say(key, other(language)), 40, INK_SOFT, align="centre", room=920)
    service = plan.service_by_id.get(page.service) if page.service else None
    y = 584
    if service is not None:
        sheet.card(Rect(48, y, 984, 132))
        sheet.text(
            540, y + 84, first(service.name, language), 52, weight="bold", align="centre", room=920
        )
        y += 156
    _how(sheet, page, plan, now, language, y)
    _ways_on(sheet, page, plan, language)
    frame.flow_bar(sheet, state)
    return sheet.screen(f"message-{page.kind}")


def _how(
    sheet: Sheet, page: Message, plan: HallPlan, now: Moment, language: Language, y: int
) -> None:
    """Add what to do, in both languages."""
    key = _HOW.get(page.kind, f"{page.kind}-how")
    high = 460
    sheet.card(Rect(48, y, 984, high))
    baseline = y + 92
    for shown, size, colour in ((language, 48, INK), (other(language), 36, INK_SOFT)):
        when = figures.next_opening(plan, now.at, shown, zone=None)
        if page.kind == "hall-closed" and not when:
            told = say("refused-how", shown)
        else:
            told = say(key, shown, when=when)
        last = sheet.lines(
            92, baseline, told, (size, size - 4), 896, most_lines=3, colour=colour, leading=1.45
        )
        baseline = last + 84


def _ways_on(sheet: Sheet, page: Message, plan: HallPlan, language: Language) -> None:
    consult = page.kind in _OFFERS_CONSULT and figures.with_role(plan, "consult")
    y = 1576
    if consult:
        frame.paired(
            sheet,
            "role:consult",
            Rect(48, y - 168, 984, 144),
            "chat",
            say("consult-short", language),
            say("consult-short", other(language)),
            size=52,
            icon_size=64,
            framed=True,
            gap=24,
        )
    frame.paired(
        sheet,
        "home",
        Rect(48, y, 984, 144),
        "house",
        say("home", language),
        say("home", other(language)),
        size=52,
        icon_size=64,
        primary=True,
        gap=24,
    )
