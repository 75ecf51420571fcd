"""k3: search as one types, with a keyboard of letters on the screen."""

from typing import Final

from paihao_hall.plan import HallPlan, Service
from paihao_kiosk.pages import Search
from paihao_kiosk.screens import frame
from paihao_kiosk.screens.services import service_row
from paihao_kiosk.screens.sheet import Sheet
from paihao_kiosk.search import Found
from paihao_kiosk.state import Moment, State
from paihao_kiosk.words import Language, first, other, say, second
from paihao_look.fonts import width
from paihao_look.picture import Polyline, Rect, Run, Screen
from paihao_look.tokens import (
    HALL,
    HALL_DEEP,
    INK,
    INK_SOFT,
    KEYBOARD,
    LINE,
    MIST,
    PAPER,
    Colour,
    rgb,
    tint,
)

_WITH_KEYS: Final = 4
_WITHOUT_KEYS: Final = 7
_RESULTS_Y: Final = 392
_STEP: Final = 172
_KEY: Final = 89.4
_KEY_GAP: Final = 10
_DARK_KEY: Final = rgb("#D3DAE5")

_LETTERS: Final = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_DIGITS: Final = ("1234567890", "-/()&.+")


def screen(state: State, page: Search, now: Moment) -> Screen:
    """Return what fits what was typed, best first."""
    sheet = frame.begin(state, now)
    plan, index, language = state.plan, state.index, state.language
    if plan is None or index is None:
        raise ValueError("services are searched in a plan")
    found = index.find(page.typed)
    _field(sheet, page, language)
    fits = _WITH_KEYS if page.keyboard else _WITHOUT_KEYS
    pages = frame.pages_of(len(found), fits)
    at = page.page % pages
    if found:
        _count(sheet, page, found, language)
        for row, hit in enumerate(found[at * fits : (at + 1) * fits]):
            rect = Rect(48, _RESULTS_Y + row * _STEP, 984, 160)
            name = _name(hit, language)
            under = _under(plan, hit.service, language)
            service_row(sheet, state, hit.service, rect, under, now, name=name)
    else:
        _nothing(sheet, language)
    y = 1092 if page.keyboard else 1608
    _onward(sheet, len(found), at, pages, fits, y, language)
    if page.keyboard:
        _keyboard(sheet, page, language)
    frame.flow_bar(sheet, state)
    return sheet.screen("search")


def _field(sheet: Sheet, page: Search, language: Language) -> None:
    rect = Rect(48, 176, 984, 128)
    sheet.target("key:field", rect, say("search", language))
    sheet.box(rect, PAPER, border=HALL, border_width=4)
    sheet.icon("search", 84, 212, 60, HALL)
    x = 169
    if page.typed:
        wide = sheet.text(x, 263, page.typed, 68, weight="bold", room=720)
        x += wide + 6
    else:
        sheet.text(x + 16, 256, say("initials-hint", language), 40, INK_SOFT, room=720)
    sheet.add(Polyline(((x + 4, 206), (x + 4, 274)), HALL, 4))
    if page.typed:
        clear = Rect(912, 184, 112, 112)
        can = sheet.target("key:wipe", clear, say("clear", language))
        pressed = can and sheet.pressed == "key:wipe"
        sheet.box(clear, _DARK_KEY if pressed else MIST, radius=20)
        sheet.icon("cross", 942, 214, 52, INK_SOFT)


def _count(sheet: Sheet, page: Search, found: tuple[Found, ...], language: Language) -> None:
    best = found[0]
    matched = best.service.name.zh[best.start : best.end]
    runs: list[Run] = []
    if page.typed and matched and language == "zh":
        runs.append(Run(matched, 40, HALL, "bold"))
        runs.append(Run(f" {say('matches', 'zh', count=len(found))}", 40, INK))
        runs.append(Run(f"    {say('matches', 'en', count=len(found))}", 40, INK))
    else:
        key = "matches" if page.typed and language == "en" else "services-found"
        runs.append(Run(say(key, language, count=len(found)), 40, INK))
    sheet.runs(48, 366, tuple(runs), room=984)


def _name(hit: Found, language: Language) -> tuple[Run, ...]:
    """Return a service's name with the part that fits in the colour of the hall."""
    name = hit.service.name.zh
    if language == "en" and hit.service.name.en:
        return ()
    return (
        Run(name[: hit.start], 48, INK, "bold"),
        Run(name[hit.start : hit.end], 48, HALL, "bold"),
        Run(name[hit.end :], 48, INK, "bold"),
    )


def _under(plan: HallPlan, service: Service, language: Language) -> str:
    floor = say("value-floor", language, floor=plan.zone_by_id[service.zone].floor)
    known = second(service.name, language) if language == "en" else "、".join(service.aliases[:3])
    if not known:
        known = second(service.name, language) or first(
            plan.zone_by_id[service.zone].short, language
        )
    return f"{known} ・ {floor}"


def _nothing(sheet: Sheet, language: Language) -> None:
    sheet.card(Rect(48, 344, 984, 700))
    sheet.icon("search", 470, 412, 140, INK_SOFT)
    for at, shown in enumerate((language, other(language))):
        y = 660 + at * 196
        size, colour = (56, INK) if at == 0 else (44, INK_SOFT)
        sheet.text(
            540, y, say("nothing-found", shown), size, colour, weight="bold", align="centre",
            room=920,
        )  # fmt: skip
        sheet.text(
            540, y + 64, say("nothing-found-how", shown), 40, INK_SOFT, align="centre", room=920
        )
    sheet.text(540, 1004, say("try-again", language), 36, INK_SOFT, align="centre", room=920)


def _onward(
    sheet: Sheet, count: int, at: int, pages: int, fits: int, y: int, language: Language
) -> None:
    if pages > 1:
        rect = Rect(48, y, 480, 116)
        left = count - (at + 1) * fits
        if left > 0:
            word, icon = say("next-items", language, count=min(left, fits)), "chevron-down"
        else:
            word, icon = say("first-items", language), "chevron-up"
        colour, _, _ = sheet.button(f"page:{(at + 1) % pages}", rect, word, framed=True)
        wide = width(word, 44, "bold")
        x = rect.x + (480 - wide - 58) // 2
        sheet.text(x, y + 75, word, 44, colour, weight="bold")
        sheet.icon(icon, x + wide + 18, y + 38, 40, colour)
    ask = Rect(552, y, 480, 116) if pages > 1 else Rect(48, y, 984, 116)
    frame.paired(
        sheet,
        "role:consult",
        ask,
        "chat",
        say("not-found-ask", language),
        say("not-found-ask", other(language)),
        size=40,
        icon_size=48,
        gap=18,
        primary=count == 0,
    )


def _keyboard(sheet: Sheet, page: Search, language: Language) -> None:
    sheet.box(Rect(0, 1232, 1080, frame.BAR_Y - 1232), KEYBOARD, radius=0)
    sheet.box(Rect(0, 1232, 1080, 2), LINE, radius=0)
    rows = _DIGITS if page.digits else _LETTERS
    for row, letters in enumerate(rows):
        y = 1248 + row * 122
        wide = len(letters) * _KEY + (len(letters) - 1) * _KEY_GAP
        x = 48 + (984 - wide) / 2
        for letter in letters:
            rect = Rect(round(x), y, round(x + _KEY) - round(x), 112)
            _key(sheet, letter, letter.upper(), rect)
            x += _KEY + _KEY_GAP
    left = Rect(48, 1492, 139, 112)
    word = say("letters" if page.digits else "digits", language)
    _key(sheet, "digits", word, left, dark=True, size=42)
    rub = Rect(893, 1492, 139, 112)
    _key(sheet, "backspace", "", rub, dark=True)
    sheet.icon("backspace", rub.x + 40, rub.y + 26, 60, INK)
    _key(sheet, "clear", say("clear", language), Rect(48, 1614, 238, 112), dark=True, size=44)
    _key(sheet, "all", say("all-services", language), Rect(296, 1614, 238, 112), dark=True, size=44)
    go = Rect(544, 1614, 488, 112)
    can = sheet.target("key:search", go, say("search", language))
    pressed = can and sheet.pressed == "key:search"
    sheet.box(go, HALL_DEEP if pressed else HALL, radius=16)
    word = say("search", language)
    x = go.x + (488 - width(word, 48, "bold") - 66) // 2
    sheet.icon("search", x, go.y + 32, 48, PAPER)
    sheet.text(x + 66, go.y + 75, word, 48, PAPER, weight="bold")


def _key(
    sheet: Sheet, id_: str, word: str, rect: Rect, *, dark: bool = False, size: int = 52
) -> None:
    can = sheet.target(f"key:{id_}", rect, word or id_)
    fill: Colour = _DARK_KEY if dark else PAPER
    if can and sheet.pressed == f"key:{id_}":
        fill = tint(HALL, 0.25)
    sheet.box(rect, fill, radius=16, border=fill if dark else LINE)
    x = rect.x + rect.w // 2
    baseline = rect.y + 75
    sheet.text(x, baseline, word, size, weight="bold", align="centre", room=rect.w - 8)
