"""The frame of every kiosk screen: header, bars of buttons, notices, pagers."""

from paihao_hall.plan import HallPlan, Text
from paihao_kiosk import figures
from paihao_kiosk.screens.sheet import Sheet
from paihao_kiosk.state import Moment, State
from paihao_kiosk.words import Language, first, other, say, second
from paihao_look import typeset
from paihao_look.fonts import width
from paihao_look.picture import Rect, Run
from paihao_look.tokens import (
    HALL_DEEP,
    INK,
    LINE,
    MARGIN,
    NOTICE_BAND,
    ON_DARK,
    PAPER,
)

WIDE = 984
"""Width between the margins."""

BAR_Y = 1752
_BUTTON_Y = 1778
_BUTTON_HIGH = 120


def begin(state: State, now: Moment) -> Sheet:
    """Return a sheet with the header on it."""
    sheet = Sheet(state.pressed, locked=state.busy)
    sheet.box(Rect(0, 0, 1080, 152), HALL_DEEP, radius=0)
    sheet.box(Rect(48, 32, 88, 88), PAPER, radius=20)
    sheet.icon("ticket", 63, 47, 58, HALL_DEEP, 4.0)
    language = state.language
    if state.plan is not None:
        name = state.plan.name
        sheet.names(
            160,
            78,
            first(name, language),
            second(name, language),
            48,
            640,
            colours=(PAPER, ON_DARK),
            under_drop=42,
        )
        local = now.at.astimezone(state.plan.tz)
        sheet.text(1032, 86, f"{local:%H:%M}", 72, PAPER, weight="bold", align="right")
        date = figures.date_line(local, language)
        sheet.text(1032, 127, date, 32, ON_DARK, align="right")
    return sheet


def notice(sheet: Sheet, text: Text, language: Language) -> None:
    """Add the band with what everybody should know today."""
    sheet.box(Rect(0, 152, 1080, 72), NOTICE_BAND, radius=0)
    sheet.icon("megaphone", 46, 164, 46, INK)
    sheet.text(112, 201, first(text, language), 36, INK, room=920)


def home_bar(sheet: Sheet, language: Language) -> None:
    """Add the bar of the first page: four buttons with both languages."""
    _ground(sheet)
    buttons = (
        ("language", "globe", "english"),
        ("message:big-text", "big-text", "big-text"),
        ("message:seated", "seated", "seated"),
        ("message:help", "bell", "help"),
    )
    for at, (id_, icon, key) in enumerate(buttons):
        rect = Rect(MARGIN + 250 * at, _BUTTON_Y, 234, _BUTTON_HIGH)
        under = ""
        if language == "zh":
            under = "" if key == "english" else say(key, "en")
        elif key == "english":
            under = say("english-under", "en")
        paired(sheet, id_, rect, icon, say(key, language), under, size=40, icon_size=48)


def flow_bar(sheet: Sheet, state: State, *, issued: bool = False) -> None:
    """Add the bar of all later pages; ``issued`` once a number is given."""
    _ground(sheet)
    language = state.language
    lead = Rect(MARGIN, _BUTTON_Y, 240, _BUTTON_HIGH)
    if issued:
        words = ("done:bar", "house", "home")
        small = ["language", "message:big-text", "message:seated", "message:help"]
    else:
        words = ("back", "arrow-left", "back")
        small = ["home", "language", "message:big-text", "message:help"]
    id_, icon, key = words
    under = say(key, other(language)) if language == "zh" else ""
    paired(sheet, id_, lead, icon, say(key, language), under, size=40, icon_size=48)
    looks = {
        "home": ("house", "home"),
        "language": ("globe", "english"),
        "message:big-text": ("big-text", "big-text"),
        "message:seated": ("seated", "seated"),
        "message:help": ("bell", "help"),
    }
    for at, id_ in enumerate(small):
        icon, key = looks[id_]
        rect = Rect(306 + 186 * at, _BUTTON_Y, 168, _BUTTON_HIGH)
        words_, _, colour = sheet.button(id_, rect, say(key, language))
        sheet.icon(icon, rect.x + 60, rect.y + 12, 48, colour)
        sheet.text(
            rect.centre[0],
            rect.y + 99,
            say(key, language),
            34,
            words_,
            weight="bold",
            align="centre",
            room=156,
        )


def paired(
    sheet: Sheet,
    id_: str,
    rect: Rect,
    icon: str,
    title: str,
    under: str,
    *,
    size: int,
    icon_size: int,
    primary: bool = False,
    enabled: bool = True,
    framed: bool = False,
    gap: int = 14,
) -> None:
    """Add a button with a pictogram, a word and its translation below, centred as a group."""
    colours = sheet.button(id_, rect, title, primary=primary, enabled=enabled, framed=framed)
    words, soft, pictogram = colours
    if framed and enabled:
        words = INK
    small = 32
    room = rect.w - icon_size - gap - 20
    size = typeset.fit(title, tuple(range(size, 30, -2)), room, "bold")[0]
    wide = max(width(title, size, "bold"), width(under, small))
    left = rect.x + max(10, (rect.w - icon_size - gap - wide) // 2)
    middle = rect.centre[1]
    sheet.icon(icon, left, middle - icon_size // 2, icon_size, pictogram)
    text_x = left + icon_size + gap
    if under:
        sheet.text(text_x, middle - 3, title, size, words, weight="bold", room=room)
        sheet.text(text_x, middle + 36, under, small, soft, room=room)
    else:
        baseline = typeset.middle(middle, size)
        sheet.text(text_x, baseline, title, size, words, weight="bold", room=room)


def pager(sheet: Sheet, y: int, page: int, pages: int, language: Language) -> None:
    """Add the buttons that turn pages; the page is counted from 0."""
    for id_page, x, key, on in (
        (page - 1, 48, "previous", page > 0),
        (page + 1, 732, "next", page + 1 < pages),
    ):
        rect = Rect(x, y, 300, 112)
        word = say(key, language)
        colour, _, _ = sheet.button(f"page:{id_page}", rect, word, enabled=on, framed=on)
        middle = rect.centre[1]
        baseline = middle + 15
        wide = width(word, 40, "bold")
        left = rect.x + (300 - wide - 54) // 2
        if key == "previous":
            sheet.icon("chevron-up", left, middle - 20, 40, colour)
            sheet.text(left + 54, baseline, word, 40, colour, weight="bold")
        else:
            sheet.text(left, baseline, word, 40, colour, weight="bold")
            sheet.icon("chevron-down", left + wide + 14, middle - 20, 40, colour)
    sheet.runs(
        540,
        y + 71,
        (
            Run(say("page-before", language), 40, INK),
            Run(str(page + 1), 40, INK, "bold"),
            Run(say("page-after", language, pages=pages), 40, INK),
        ),
        align="centre",
        room=376,
    )


def hall_notice(plan: HallPlan) -> Text | None:
    """Return the first notice that is for the whole hall."""
    for one in plan.notices:
        if not one.zones:
            return one.text
    return None


def _ground(sheet: Sheet) -> None:
    sheet.box(Rect(0, BAR_Y, 1080, 2), LINE, radius=0)


def pages_of(count: int, fits: int) -> int:
    """Return how many pages a list takes, at least one."""
    return max(1, -(-count // fits))
