"""The citizen's phone page in a real Chromium, with and without script."""

import pytest

from paihao_server.web.pages.views import PhoneState
from tests.browser import fixtures
from tests.browser.driver import Desk

pytestmark = pytest.mark.real

PAGE = "/t/Xq7mFz"


def show(desk: Desk, state: PhoneState) -> None:
    desk.hall.phone = fixtures.phone(state)
    desk.open(PAGE)


def test_the_page_turns_when_the_number_is_called(desk: Desk) -> None:
    show(desk, "waiting")
    assert "前面 5 人" in desk.find("main").text
    desk.preview.show_phone(fixtures.phone("called", ticket={"seq": 50}))
    desk.until(lambda: desk.script("return document.body?.dataset.state") == "called")
    desk.until(lambda: desk.text("#alarm").startswith("叫到您了，请到窗口 3E03"))
    assert "请到窗口" in desk.find("main").text


def test_the_people_ahead_change_live(desk: Desk) -> None:
    show(desk, "waiting")
    desk.preview.show_phone(fixtures.phone(ticket={"seq": 50, "ahead": 4, "wait_s": None}))
    desk.until(lambda: "前面 4 人" in desk.find("main").text)
    assert "现在算不出时间" in desk.find("main").text


def test_it_reminds_at_three_ahead_when_asked(desk: Desk) -> None:
    show(desk, "waiting")
    desk.until(lambda: desk.find("[data-remind]").is_displayed())
    desk.click("[data-remind]")
    desk.preview.show_phone(fixtures.phone(ticket={"seq": 51, "ahead": 3}))
    desk.until(lambda: desk.text("#alarm").startswith("前面 3 人"))
    desk.script("localStorage.clear()")


def test_without_script_it_refreshes_itself_and_can_cancel(desk: Desk) -> None:
    desk.browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        show(desk, "waiting")
        refresh = desk.find("meta[http-equiv=refresh]")
        assert refresh.get_attribute("content") == "20"
        assert not desk.find("[data-remind]").is_displayed()
        desk.click(".cancel summary")
        desk.click(".cancel form button")
        desk.until(lambda: desk.hall.forms)
        assert desk.hall.forms[-1][0] == "/t/Xq7mFz/cancel"
    finally:
        desk.browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def test_large_type_is_a_plain_link(desk: Desk) -> None:
    show(desk, "waiting")
    assert str(desk.find("header a").get_attribute("href")).endswith("/t/Xq7mFz?big=1")
    desk.hall.phone = fixtures.phone(big=True)
    desk.open(f"{PAGE}?big=1")
    size = desk.script(
        "return parseFloat(getComputedStyle(document.querySelector('.number')).fontSize)"
    )
    assert size == pytest.approx(88 * 1.35)
    assert desk.script("return document.documentElement.scrollWidth") <= 390
