"""The console and the phone page while the server is away."""

from dataclasses import replace

import pytest
from selenium.webdriver.common.keys import Keys

from tests.browser import fixtures
from tests.browser.driver import Desk

pytestmark = pytest.mark.real


def lose(desk: Desk) -> None:
    desk.hall.silent = True
    desk.until(lambda: desk.script("return document.body.dataset.link") == "lost")
    desk.unlocked()


def find_again(desk: Desk) -> None:
    desk.hall.silent = False
    # The page also tries by itself, so the button may be gone before a real click lands.
    desk.script("document.querySelector('[data-retry]').click()")
    desk.until(lambda: desk.script("return document.body.dataset.link") == "ok")


def test_what_is_done_meanwhile_is_kept_and_sent_once(desk: Desk) -> None:
    desk.console("serving")
    lose(desk)
    assert desk.find(".link-lost").is_displayed()
    assert desk.text("#alarm") == "与调度的连接中断"
    assert "的数据" in desk.find(".waiting .chip.warn").text
    assert not desk.find("[data-action=return]").is_displayed()

    desk.press("n", "已补签", Keys.RETURN, Keys.ESCAPE)
    desk.press("1", Keys.F4)
    desk.until(lambda: desk.text("[data-journal-count]") == "2")
    desk.press(Keys.F4, "h", "b")
    assert desk.text("[data-journal-count]") == "2"
    assert "E047 结果：已受理" in desk.text("[data-journal]")
    assert desk.asked() == []

    find_again(desk)
    desk.until(lambda: desk.text("[data-journal-count]") == "0")
    actions = [action for action, _ in desk.asked()]
    assert actions == ["note", "complete"]
    assert all("noted_at" in body for _, body in desk.asked())


def test_nobody_can_be_called_without_the_server(desk: Desk) -> None:
    desk.console("idle")
    lose(desk)
    assert not desk.find("#primary").is_enabled()
    assert desk.find("#primary").get_attribute("data-waiting-words") == "恢复后可用"
    desk.press(Keys.F2, "g", Keys.F8)
    find_again(desk)
    assert desk.find("#primary").is_enabled()
    desk.press(Keys.F2)
    assert desk.asked() == [], "the page has just moved: a stray press does nothing"
    desk.unlocked()
    desk.press(Keys.F2)
    desk.until(desk.asked)
    assert [action for action, _ in desk.asked()] == ["call-next"]


def test_what_the_server_refuses_later_is_shown_until_read(desk: Desk) -> None:
    desk.console("serving")
    lose(desk)
    desk.press("1", Keys.F4)
    desk.until(lambda: desk.text("[data-journal-count]") == "1")
    detail = "E047 还没开始办理，先按开始办理"
    desk.hall.answers["complete"] = (409, {"code": "not-serving", "detail": detail})
    find_again(desk)
    desk.until(lambda: f"没报上，{detail}" in desk.text("[data-journal]"))
    assert desk.find(".lost-journal").is_displayed()
    desk.click("[data-journal] button")
    assert not desk.find(".lost-journal").is_displayed()


def test_an_action_without_answer_loses_the_link_and_is_not_repeated_later(desk: Desk) -> None:
    desk.console("idle")
    desk.hall.drops = 100
    desk.press(Keys.F2)
    desk.until(lambda: "没有收到回答" in desk.text("main .refusal"))
    assert len({press.key for press in desk.hall.presses}) == 1
    desk.hall.drops = 0
    sent = len(desk.hall.presses)
    desk.until(lambda: desk.script("return document.body.dataset.link") == "ok")
    desk.settled()
    assert len(desk.hall.presses) == sent


def test_a_session_that_ended_leads_to_the_login_and_keeps_what_was_noted(desk: Desk) -> None:
    desk.console("serving")
    lose(desk)
    desk.press("1", Keys.F4)
    desk.until(lambda: desk.text("[data-journal-count]") == "1")
    desk.hall.ended = True
    desk.hall.silent = False
    desk.until(lambda: desk.browser.current_url.endswith("/login?window=3E03"))
    assert desk.asked() == []
    desk.hall.ended = False
    desk.browser.get(f"{desk.preview.url}/console/3E03")
    desk.until(desk.asked)
    ((action, body),) = desk.asked()
    assert (action, body["ticket"]) == ("complete", fixtures.ticket().id)


def test_a_lost_server_does_not_lead_to_the_login(desk: Desk) -> None:
    desk.console("idle")
    lose(desk)
    assert desk.browser.current_url.endswith("/console/3E03")


def test_what_another_clerk_noted_is_shown_and_not_sent(desk: Desk) -> None:
    desk.console("serving")
    lose(desk)
    desk.press("1", Keys.F4)
    desk.until(lambda: desk.text("[data-journal-count]") == "1")
    desk.hall.silent = False
    desk.hall.page = replace(desk.hall.page, staff_number="E0999", staff="王芳")
    desk.browser.get(f"{desk.preview.url}/console/3E03")
    desk.until(lambda: "是 E0312 记下的" in desk.text("[data-journal]"))
    assert desk.find(".lost-journal").is_displayed()
    assert desk.asked() == []
