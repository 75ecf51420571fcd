"""What happens between a press and its answer, and when the answer is no."""

from dataclasses import replace
from datetime import datetime

import pytest
from selenium.webdriver.common.keys import Keys

from paihao_server.web.pages import views as v
from tests.browser import fixtures
from tests.browser.driver import Desk

pytestmark = pytest.mark.real


def test_a_button_stays_pressed_until_the_answer(desk: Desk) -> None:
    desk.console("idle")
    desk.preview.hold()
    desk.click("#primary")
    desk.press(Keys.F2)
    desk.until(lambda: desk.find("#primary").get_attribute("data-waiting-words") == "正在记录…")
    assert desk.text("#primary .label") == "叫下一位"
    assert not desk.find("#primary").is_enabled()
    desk.preview.release()
    desk.settled()
    assert [action for action, _ in desk.asked()] == ["call-next"]
    assert desk.find("#primary").is_enabled()


def test_a_cut_request_is_sent_again_with_the_same_key(desk: Desk) -> None:
    desk.console("idle")
    # The browser itself repeats a request on used connections: cut more than that.
    desk.hall.drops = 8
    desk.hall.moves["call-next"] = "called"
    desk.press(Keys.F2)
    desk.until(lambda: len(desk.hall.presses) == 9)
    desk.settled()
    assert desk.state() == "called"
    assert len({press.key for press in desk.hall.presses}) == 1


def test_every_press_has_a_key_of_its_own(desk: Desk) -> None:
    desk.console("idle")
    for _ in range(3):
        desk.press(Keys.F2)
        desk.settled()
    assert len({press.key for press in desk.hall.presses}) == 3


def test_after_an_action_the_focus_is_on_the_state(desk: Desk) -> None:
    desk.console("idle")
    desk.hall.moves["call-next"] = "called"
    desk.click("#primary")
    desk.until(lambda: desk.state() == "called")
    desk.settled()
    assert desk.focused() == "state"
    assert desk.text("#say") == "已叫 E047，企业设立登记"


def test_a_refusal_stands_under_the_keys(desk: Desk) -> None:
    desk.console("idle")
    detail = "手上还有 E047，先办结或挂起"
    desk.hall.answers["call-next"] = (409, {"code": "window-busy", "detail": detail})
    desk.press(Keys.F2)
    desk.until(lambda: desk.text("main .refusal") == detail)
    assert desk.find("#primary").is_enabled()
    desk.hall.answers.clear()
    desk.press(Keys.F2)
    desk.until(lambda: desk.text("main .refusal") == "")


def test_a_refusal_of_a_dialog_stands_in_it(desk: Desk) -> None:
    desk.console("idle")
    desk.hall.answers["bring-back"] = (409, {"code": "grace-over", "detail": "E030 已超过时间"})
    desk.press("g", "E030", Keys.RETURN)
    desk.until(lambda: desk.text("#bring-back .refusal") == "E030 已超过时间")
    assert desk.script("return document.getElementById('bring-back').open")


def test_nobody_waiting_is_said_and_the_key_stays_usable(desk: Desk) -> None:
    desk.console("idle")
    desk.hall.answers["call-next"] = (200, {"seq": 48, "ticket": None})
    desk.press(Keys.F2)
    desk.until(lambda: desk.text("#say") == "现在没有人等")
    desk.settled()
    assert desk.find("#primary").is_enabled()


def test_a_window_without_session_goes_to_the_login(desk: Desk) -> None:
    desk.console("idle")
    desk.hall.answers["call-next"] = (401, {"code": "login-required", "detail": "请先登录"})
    desk.script("window.before = true")
    desk.press(Keys.F2)
    desk.until(lambda: not desk.script("return window.before"))


def serving(now: datetime) -> v.ServingMain:
    main = fixtures.main("serving", now, 60)
    assert isinstance(main, v.ServingMain)
    return main


def test_the_stream_never_takes_a_half_written_note(desk: Desk) -> None:
    desk.console("serving")
    desk.press("n", "股东")
    desk.script("document.querySelector('input[value=refused]').checked = true")
    desk.script("window.note = document.getElementById('note')")
    now = fixtures.at("11:59:40")
    main = serving(now)
    more = replace(main.ticket, notes=(*main.ticket.notes, v.Note(at=now, staff="周倩", text="好")))
    page = fixtures.console("serving", now=now, seq=60, main=replace(main, ticket=more))
    desk.preview.show(page)
    desk.until(lambda: desk.text(".data-at") == "11:59:40")
    assert desk.text(".notes li:last-child").endswith("好")
    assert desk.focused() == "note"
    assert desk.script("return document.getElementById('note') === window.note")
    assert desk.find("#note").get_property("value") == "股东"
    assert desk.script("return document.querySelector('input[name=outcome]:checked').value") == (
        "refused"
    )


def test_the_stream_keeps_the_focus_in_a_list_that_changes(desk: Desk) -> None:
    desk.console("idle")
    desk.script("document.querySelector('[data-value=E041]').focus()")
    side = fixtures.side("idle", fixtures.at("11:52:10"), 61)
    shorter = replace(side, back=side.back[1:])
    desk.preview.show(fixtures.console("idle", seq=61, side=shorter))
    desk.until(lambda: not desk.script("return document.querySelector('[data-value=E039]')"))
    assert desk.script("return document.activeElement.dataset.value") == "E041"


def test_an_old_answer_never_covers_a_newer_one(desk: Desk) -> None:
    desk.console("idle")
    desk.script(
        """window.seen = [];
        new MutationObserver(() => window.seen.push(document.body.dataset.state))
          .observe(document.body, { attributeFilter: ["data-state"] });"""
    )
    desk.preview.show(fixtures.console("called", seq=70))
    desk.preview.show(fixtures.console("idle", seq=65))
    desk.preview.show(fixtures.console("serving", seq=71))
    desk.until(lambda: desk.state() == "serving")
    assert "idle" not in desk.script("return window.seen")


def test_a_missing_receipt_is_named_when_it_is_due(desk: Desk) -> None:
    now = fixtures.at("11:52:41")
    main = fixtures.main("called", now, 47)
    assert isinstance(main, v.CalledMain)
    late = replace(main.receipts[0], done=False, due_at=now)
    due = replace(late, kind="speaker", due_at=fixtures.at("11:59"))
    desk.console("called", main=replace(main, receipts=(late, due)))
    assert desk.find("[data-receipt=late]").text.endswith("未回执")
    assert desk.find("[data-receipt=due]").text.endswith("等回执")


def test_the_pages_work_under_a_strict_policy(desk: Desk) -> None:
    desk.complaints()
    for state in ("closed", "idle", "called", "serving", "paused"):
        desk.console(state)
    assert desk.complaints() == []


def test_while_one_action_waits_no_other_is_sent(desk: Desk) -> None:
    desk.console("serving")
    desk.preview.hold()
    desk.press("1", Keys.F4)
    desk.until(lambda: desk.script("return document.querySelector('[data-pending]') !== null"))
    desk.press("h", "b", Keys.F9)
    desk.click("[data-action=hold]")
    desk.preview.release()
    desk.settled()
    assert [action for action, _ in desk.asked()] == ["complete"]
