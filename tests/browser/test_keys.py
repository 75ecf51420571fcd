"""The console's keys in a real Chromium against a preview that records every request."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from selenium.webdriver.common.keys import Keys

from paihao_hall.contract import WindowMode
from paihao_server.web.pages import keys, render
from paihao_server.web.pages import views as v
from tests.browser import fixtures
from tests.browser.driver import Desk

pytestmark = pytest.mark.real

UNTIL = "2026-11-25T04:35:00.000Z"
PAD_ENTER = Keys.ENTER  # WebDriver's ENTER is the number pad's, RETURN is the main one

ONE_REQUEST: list[tuple[WindowMode, tuple[str, ...], str, dict[str, Any]]] = [
    ("closed", (Keys.F2,), "open", {}),
    ("idle", (Keys.F2,), "call-next", {}),
    ("idle", (Keys.SPACE,), "call-next", {}),
    ("idle", (Keys.ADD,), "call-next", {}),
    ("called", (Keys.F2,), "start", {}),
    ("called", (Keys.SPACE,), "start", {}),
    ("called", ("r",), "recall", {}),
    ("called", ("R",), "recall", {}),
    ("called", (Keys.MULTIPLY,), "recall", {}),
    ("called", ("m",), "missed", {}),
    ("called", (Keys.SUBTRACT,), "missed", {}),
    ("called", ("b",), "return", {}),
    ("serving", ("1", Keys.F4), "complete", {"outcome": "accepted", "case": ""}),
    ("serving", ("7", PAD_ENTER), "complete", {"outcome": "withdrawn", "case": ""}),
    (
        "serving",
        ("3", Keys.F9),
        "complete",
        {"outcome": "accepted_with_gaps", "case": "", "then": "call-next"},
    ),
    ("serving", ("b",), "return", {}),
    ("serving", ("h",), "hold", {}),
    ("serving", ("n", "a b", Keys.RETURN), "note", {"text": "a b"}),
    ("serving", ("t", "sw", Keys.RETURN), "transfer", {"service": "tax-new", "note": ""}),
    (
        "serving",
        (Keys.DIVIDE, "swb", Keys.RETURN),
        "transfer",
        {"service": "trade-record", "note": ""},
    ),
    ("idle", ("g", "e041", Keys.RETURN), "bring-back", {"number": "E041"}),
    ("paused", ("g", "e041", Keys.RETURN), "bring-back", {"number": "E041"}),
    ("paused", (Keys.F2,), "resume", {}),
    ("paused", (Keys.SPACE,), "resume", {}),
    ("paused", ("2",), "pause", {"reason": "toilet", "until": UNTIL}),
    ("paused", ("5",), "pause", {"reason": "fault", "until": UNTIL}),
]  # fmt: skip

NO_REQUEST: list[tuple[WindowMode, tuple[str, ...]]] = [
    ("closed", (Keys.F4, Keys.F9, Keys.F8, "r", "1")),
    ("idle", (Keys.F4, Keys.F9, "r", "m", "t", "b", "h", "n", "1", PAD_ENTER)),
    ("called", (Keys.F4, Keys.F9, Keys.F8, "h", "n", "g", "1", PAD_ENTER)),
    ("serving", (Keys.F2, Keys.SPACE, Keys.ADD, Keys.F8, "r", "m", "g", "8", "9", "0")),
    ("paused", (Keys.F4, Keys.F9, Keys.F8, "r", "m", "t", "b", "h", "n", "6", "7")),
]


def called_long_ago() -> v.CalledMain:
    """Return E047 called as often as the rule says, so that both keys are free."""
    now = fixtures.at(fixtures.CLOCKS["called"])
    main = fixtures.main("called", now, 47)
    assert isinstance(main, v.CalledMain)
    past = now - timedelta(seconds=1)
    return replace(main, recall_at=past, missed_at=past)


def shown(desk: Desk, state: WindowMode) -> None:
    if state == "called":
        desk.console(state, main=called_long_ago())
    else:
        desk.console(state)


@pytest.mark.parametrize(("state", "pressed", "action", "body"), ONE_REQUEST)
def test_a_key_posts_one_request(
    desk: Desk, state: WindowMode, pressed: tuple[str, ...], action: str, body: dict[str, Any]
) -> None:
    shown(desk, state)
    for key in pressed:
        desk.press(key)
        if key in ("t", Keys.DIVIDE):
            desk.until(
                lambda: desk.script("return document.querySelectorAll('.targets li').length")
            )
    desk.until(desk.asked)
    desk.settled()
    assert desk.asked() == [(action, body)]
    assert len(desk.hall.presses[0].key) == 32


@pytest.mark.parametrize(("state", "pressed"), NO_REQUEST)
def test_keys_without_meaning_post_nothing(
    desk: Desk, state: WindowMode, pressed: tuple[str, ...]
) -> None:
    shown(desk, state)
    desk.press(*pressed)
    desk.settled()
    assert desk.asked() == []


def test_the_key_list_says_what_the_browser_does(desk: Desk) -> None:
    desk.console("idle")
    known: dict[str, dict[str, str]] = desk.browser.execute_async_script(
        "const done = arguments[0];"
        "const base = document.querySelector('script[type=module]').src;"
        "import(new URL('keys.js', base).href).then((module) => done(module.TABLE));"
    )
    names = ("idle", "called", "serving", "paused")
    for row in keys.TABLE:
        key = row.keys[0]
        if key.startswith(("1", "?")):
            continue
        name = key if key.startswith("F") else key.lower()
        for state, words in zip(names, row.words, strict=True):
            assert (name in known[state]) == bool(words) or (state, key) == ("called", "F8"), key


def test_a_doubled_f2_starts_but_never_ends_a_service(desk: Desk) -> None:
    desk.console("idle")
    desk.hall.moves.update({"call-next": "called", "start": "serving"})
    desk.press(Keys.F2, Keys.F2)
    desk.until(lambda: desk.state() == "called")
    desk.unlocked()
    desk.press(Keys.F2, Keys.F2)
    desk.until(lambda: desk.state() == "serving")
    desk.unlocked()
    desk.press(Keys.F2, Keys.F2, Keys.F2)
    desk.settled()
    assert [action for action, _ in desk.asked()] == ["call-next", "start"]
    assert desk.state() == "serving"


def test_keys_are_locked_right_after_a_state_change(desk: Desk) -> None:
    desk.console("idle")
    desk.script(
        """new MutationObserver((_, observer) => {
          if (document.body.dataset.state !== "called") return;
          observer.disconnect();
          document.getElementById("state").dispatchEvent(
            new KeyboardEvent("keydown", { key: "F2", code: "F2", bubbles: true }));
          window.pressedInLock = true;
        }).observe(document.body, { attributeFilter: ["data-state"] });"""
    )
    desk.preview.show(fixtures.console("called", seq=50))
    desk.until(lambda: desk.script("return window.pressedInLock"))
    desk.unlocked()
    assert desk.asked() == []
    desk.press(Keys.F2)
    desk.until(desk.asked)
    assert desk.asked() == [("start", {})]


@pytest.mark.parametrize("trait", ["repeat: true", "isComposing: true", "altKey: true"])
def test_repeats_and_composed_keys_are_ignored(desk: Desk, trait: str) -> None:
    desk.console("idle")
    desk.script(
        "document.getElementById('state').dispatchEvent(new KeyboardEvent('keydown',"
        f"{{ key: 'F2', code: 'F2', bubbles: true, {trait} }}))"
    )
    desk.settled()
    assert desk.asked() == []


def test_letters_in_the_note_field_are_text(desk: Desk) -> None:
    desk.console("serving")
    desk.press("n")
    desk.until(lambda: desk.focused() == "note")
    desk.press("b h 1")
    assert desk.find("#note").get_attribute("value") == "b h 1"
    desk.settled()
    assert desk.asked() == []


def test_f4_works_from_within_a_field(desk: Desk) -> None:
    desk.console("serving")
    desk.press("2")
    desk.click("#case")
    desk.press("HSZ-1", Keys.F4)
    desk.until(desk.asked)
    assert desk.asked() == [("complete", {"outcome": "finished", "case": "HSZ-1"})]


def test_f4_without_an_outcome_goes_to_the_outcomes(desk: Desk) -> None:
    desk.console("serving")
    desk.press(Keys.F4)
    desk.until(lambda: desk.text(".outcomes .refusal") == "请选结果（1–7）")
    assert desk.script("return document.activeElement.name") == "outcome"
    assert desk.asked() == []


def test_f8_with_a_citizen_says_why_not(desk: Desk) -> None:
    desk.console("serving")
    desk.press(Keys.F8)
    desk.until(lambda: desk.text(".outcomes .refusal") == "手上还有 E047，先办结或挂起")


def test_recall_waits_for_its_interval(desk: Desk) -> None:
    desk.console("called")
    desk.press("r", "m")
    desk.settled()
    assert desk.asked() == []
    assert "秒后可用" in desk.text("[data-action=recall]")


def test_two_countdowns_to_one_moment_agree(desk: Desk) -> None:
    desk.console("called")
    seconds = int(desk.text("[data-action=recall] .countdown"))
    assert desk.text(".again strong") == f"0:{seconds:02}"


def test_help_says_that_it_is_not_connected(desk: Desk) -> None:
    desk.console("idle")
    desk.chord(Keys.CONTROL, Keys.F9)
    desk.until(lambda: "静默求助还没有接通" in desk.text("main .refusal"))
    assert desk.asked() == []


def test_letters_can_be_switched_off_and_f_keys_stay(desk: Desk) -> None:
    desk.console("idle", letters=False)
    desk.press(Keys.SPACE, "g")
    desk.settled()
    assert desk.asked() == []
    assert not desk.script("return document.querySelector('dialog[open]')")
    desk.press(Keys.F2)
    desk.until(desk.asked)
    assert desk.asked() == [("call-next", {})]


def test_space_on_a_focused_button_is_that_buttons(desk: Desk) -> None:
    desk.console("idle")
    desk.script("document.querySelector('[data-value=E041]').focus()")
    desk.press(Keys.SPACE)
    desk.until(desk.asked)
    desk.settled()
    assert desk.asked() == [("bring-back", {"number": "E041"})]


def test_pause_asks_reason_and_return(desk: Desk) -> None:
    desk.console("idle")
    desk.press(Keys.F8, Keys.RETURN)
    desk.until(lambda: desk.text("#pause .refusal") == "请选原因（1–5）")
    desk.press("1")
    desk.until(lambda: desk.find("#pause-until").get_property("value") == "13:00")
    desk.press("2", Keys.RETURN)
    desk.until(desk.asked)
    [(action, body)] = desk.asked()
    assert (action, body["reason"]) == ("pause", "toilet")
    assert str(body["until"]).startswith("2026-11-25T04:0")


def test_escape_closes_a_dialog_and_gives_the_focus_back(desk: Desk) -> None:
    desk.console("idle")
    desk.press("?")
    desk.until(lambda: desk.script("return document.getElementById('keys').open"))
    desk.press(Keys.F2, Keys.ESCAPE)
    desk.until(lambda: not desk.script("return document.getElementById('keys').open"))
    assert desk.focused() == "state"
    assert desk.asked() == []


def test_a_transfer_out_of_the_rule_needs_a_reason(desk: Desk) -> None:
    desk.console("serving")
    desk.press("t")
    desk.until(lambda: desk.script("return document.querySelectorAll('.targets li').length") == 4)
    desk.press("sw", Keys.DOWN)
    desk.click("#transfer input[value=head]")
    desk.click("#transfer [data-action]")
    desk.until(lambda: "写原因" in desk.text("#transfer .refusal"))
    assert desk.focused() == "transfer-note"
    desk.press("急", Keys.RETURN)
    desk.until(desk.asked)
    assert desk.asked() == [
        ("transfer", {"service": "trade-record", "note": "急", "place": "head"})
    ]


def test_durations_are_the_same_in_browser_and_server(desk: Desk) -> None:
    desk.console("idle")
    spans = (0, 17_200, 21_000, 402_000, 3_599_900, 3_725_000)
    formats = ("mm:ss", "m:ss", "min", "s")
    shown = desk.browser.execute_async_script(
        "const [spans, formats, done] = arguments;"
        "const base = document.querySelector('script[type=module]').src;"
        "import(new URL('clock.js', base).href).then(({ lasting }) =>"
        "  done(spans.map((span) => formats.map((format) => lasting(span, format)))));",
        spans,
        formats,
    )
    assert shown == [[render.lasting(ms / 1000, form) for form in formats] for ms in spans]
