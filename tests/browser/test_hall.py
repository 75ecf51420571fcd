"""A clerk and a citizen in a real Chromium before a real hall: the whole way of two tickets."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

from tests.browser.driver import DESK, PATIENCE_S, chromium, give_size
from tests.server.web_hall import PASSWORD, WebHall, web_hall

pytestmark = pytest.mark.real

LOCK_MS = 650


@pytest.fixture(scope="module")
def browser() -> Iterator[webdriver.Chrome]:
    with chromium() as started:
        give_size(started, DESK)
        yield started


@pytest.fixture
async def hall(tmp_path: Path, browser: webdriver.Chrome) -> AsyncIterator[WebHall]:
    async with web_hall(tmp_path) as running:
        yield running
        # The server waits for streams that a browser still reads.
        await asyncio.to_thread(browser.get, "about:blank")


class Clerk:
    """A clerk at window w1, who works by mouse or by keyboard."""

    def __init__(self, browser: webdriver.Chrome, hall: WebHall, *, mouse: bool) -> None:
        self._browser = browser
        self._base = str(hall.client.make_url("/")).rstrip("/")
        self._mouse = mouse

    async def log_in(self) -> None:
        await asyncio.to_thread(self._log_in)

    async def does(self, selector: str, *keys: str, until: str) -> None:
        """Click or press, and wait until the console shows the state, and its lock is over."""
        await asyncio.to_thread(self._does, selector, keys, until)

    async def open(self, path: str) -> None:
        await asyncio.to_thread(self._browser.get, self._base + path)

    async def sees(self, words: str) -> None:
        await asyncio.to_thread(self._until, lambda: words in self._find("body").text)

    async def may(self, selector: str) -> None:
        """Wait until a button is free."""
        await asyncio.to_thread(self._until, lambda: self._find(selector).is_enabled())

    def _log_in(self) -> None:
        self._browser.delete_all_cookies()
        self._browser.get(f"{self._base}/login?window=w1")
        for name, text in (("staff", "clerk"), ("password", PASSWORD)):
            self._browser.find_element(By.NAME, name).send_keys(text)
        self._find("form .main-key").click()
        self._until(lambda: self._state() == "closed")

    def _does(self, selector: str, keys: tuple[str, ...], until: str) -> None:
        if self._mouse:
            self._find(selector).click()
        else:
            webdriver.ActionChains(self._browser).send_keys(*keys).perform()
        self._until(lambda: self._state() == until)
        self._until(lambda: self._run("return document.querySelector('[data-pending]') === null"))
        self._browser.execute_async_script("setTimeout(arguments[1], arguments[0])", LOCK_MS)

    def _state(self) -> Any:
        return self._run("return document.body?.dataset.state")

    def _find(self, selector: str) -> WebElement:
        return self._browser.find_element(By.CSS_SELECTOR, selector)

    def _run(self, script: str) -> Any:
        return self._browser.execute_script(script)

    def _until(self, condition: Any) -> None:
        WebDriverWait(self._browser, PATIENCE_S, 0.05).until(lambda _: condition())


def events(hall: WebHall) -> list[str]:
    """Return what happened at windows and to tickets, oldest first."""
    hidden = ("PlanChanged", "DayStarted")
    names = [type(record.event).__name__ for record in hall.log.records]
    return [name for name in names if name not in hidden]


@pytest.mark.parametrize("mouse", [True, False], ids=["mouse", "keyboard"])
async def test_a_clerk_serves_two_citizens(
    hall: WebHall, browser: webdriver.Chrome, mouse: bool
) -> None:
    clerk = Clerk(browser, hall, mouse=mouse)
    await clerk.log_in()
    await clerk.does("#primary", Keys.F2, until="idle")
    first, second = await hall.take("A"), await hall.take("A")
    await clerk.sees("2 人在等您能办的号")
    await clerk.does("#primary", Keys.SPACE, until="called")
    await clerk.sees(first["number"])
    hall.clock.forward(seconds=31)
    await clerk.may("[data-action=recall]")
    await clerk.does("[data-action=recall]", "r", until="called")
    await clerk.sees("第 2 次呼叫，共 3 次")
    await clerk.does("#primary", Keys.F2, until="serving")
    await clerk.does(".choice:nth-child(1)", "1", until="serving")
    await clerk.does("[data-action=complete-and-call]", Keys.F9, until="called")
    await clerk.sees(second["number"])
    await clerk.does("#primary", Keys.F2, until="serving")
    await clerk.does(".choice:nth-child(2)", "2", until="serving")
    await clerk.does("#primary", Keys.F4, until="idle")
    await clerk.sees("现在没有人等")
    assert events(hall) == [
        "WindowOpened", "TicketIssued", "TicketIssued", "TicketCalled", "TicketRecalled",
        "ServiceStarted", "ServiceCompleted", "TicketCalled", "ServiceStarted", "ServiceCompleted",
    ]  # fmt: skip
    outcomes = [hall.dispatcher.hall.tickets[t["id"]].outcome for t in (first, second)]
    assert outcomes == ["accepted", "finished"]


async def test_a_citizen_follows_the_number_and_gives_it_up(
    hall: WebHall, browser: webdriver.Chrome
) -> None:
    await hall.act("w1", "open", clerk="E1")
    first, second = await hall.take("A"), await hall.take("A")
    citizen = Clerk(browser, hall, mouse=True)
    path = "/t/" + second["url"].rsplit("/", 1)[1]
    await citizen.open(path)
    await citizen.sees("前面 1 人")
    await hall.act("w1", "call-next")
    await citizen.sees("前面 0 人")
    await citizen.does(".cancel summary", until="waiting")
    await citizen.does(".cancel form button", until="void")
    await citizen.sees("这个号已作废")
    assert hall.dispatcher.hall.tickets[second["id"]].state == "cancelled"
    assert hall.dispatcher.hall.tickets[first["id"]].state == "called"
