"""Screens that say one thing and what to do next: refusals, closed services, where to get help."""

from typing import Final

from paihao_hall.plan import HallPlan
from paihao_kiosk import figures
from paihao_kiosk.pages import Message, MessageKind
from paihao_kiosk.screens import frame
from paihao_kiosk.screens.sheet import Sheet
from paihao_kiosk.state import Moment, State
from paihao_kiosk.words import Language, first, other, say
from paihao_look import typeset
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
    sheet.box(Rect(48, 200, 984, 424), AMBER_CARD if warns else tint(HALL))
    sheet.icon(icon, 440, 236, 200, colour)
    title = say(key, language)
    size = typeset.fit(title, (72, 64, 56, 48), 920, "bold")[0]
    sheet.text(540, 528, title, size, weight="bold", align="centre", room=920)
    sheet.text(540, 588, say(key, other(language)), 42, INK_SOFT, align="centre", room=920)
    consult = page.kind in _OFFERS_CONSULT and bool(figures.with_role(plan, "consult"))
    top, end = 648, 1384 if consult else 1552
    service = plan.service_by_id.get(page.service) if page.service else None
    if service is not None:
        sheet.card(Rect(48, top, 984, 140))
        name = first(service.name, language)
        sheet.text(540, top + 90, name, 54, weight="bold", align="centre", room=920)
        top += 164
    _how(sheet, page, plan, now, language, Rect(48, top, 984, end - top))
    _ways_on(sheet, language, consult=consult)
    frame.flow_bar(sheet, state)
    return sheet.screen(f"message-{page.kind}")


def _how(
    sheet: Sheet, page: Message, plan: HallPlan, now: Moment, language: Language, rect: Rect
) -> None:
    """Add what to do, in both languages, in the middle of a card."""
    sheet.card(rect)
    key = _HOW.get(page.kind, f"{page.kind}-how")
    blocks: list[tuple[list[str], int, int, Colour]] = []
    for shown, size, colour in ((language, 56, INK), (other(language), 42, INK_SOFT)):
        when = figures.next_opening(plan, now.at, shown, zone=None)
        if page.kind == "hall-closed" and not when:
            told = say("refused-how", shown)
        else:
            told = say(key, shown, when=when)
        rows = typeset.clauses(told, size, rect.w - 96)
        blocks.append((rows, size, round(size * 1.4), colour))
    gap = 64
    deep = sum(len(rows) * leading for rows, _, leading, _ in blocks) + gap
    y = rect.y + (rect.h - deep) // 2
    for rows, size, leading, colour in blocks:
        baseline = y + round(leading * 0.72)
        sheet.add(
            *typeset.paragraph(
                540,
                baseline,
                rows,
                size,
                colour,
                leading=leading,
                align="centre",
                room=rect.w - 48,
            )
        )
        y += len(rows) * leading + gap


def _ways_on(sheet: Sheet, language: Language, *, consult: bool) -> None:
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
        "home:main",
        Rect(48, y, 984, 144),
        "house",
        say("home", language),
        say("home", other(language)),
        size=52,
        icon_size=64,
        primary=True,
        gap=24,
    )
