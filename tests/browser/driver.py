"""A headless Chromium that shows the preview: opens states, presses keys, looks at the page."""

import contextlib
import tempfile
from collections.abc import Callable, Iterator
from typing import Any

from selenium import webdriver
from selenium.common.exceptions import NoSuchElementException, StaleElementReferenceException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

from paihao_hall.contract import WindowMode
from paihao_server.web.pages import views as v
from tests.browser import fixtures
from tests.browser.preview import Hall, Preview

CHROMIUM = "/usr/bin/chromium"
CHROMEDRIVER = "/usr/bin/chromedriver"
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)
PATIENCE_S = 15
DESK = (1366, 768)
PHONE = (390, 844)


@contextlib.contextmanager
def chromium() -> Iterator[webdriver.Chrome]:
    """Start a Chromium with a new profile; ends with the block."""
    with tempfile.TemporaryDirectory() as profile:
        options = webdriver.ChromeOptions()
        options.binary_location = CHROMIUM
        for flag in (*FLAGS, f"--user-data-dir={profile}"):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        browser = webdriver.Chrome(options=options, service=Service(CHROMEDRIVER))
        try:
            yield browser
        finally:
            browser.quit()


def give_size(browser: webdriver.Chrome, size: tuple[int, int]) -> None:
    """Give the page a size in CSS pixels; narrow ones are phones.

    A window's size has frames in it and is taken on some time after it was asked for.
    """
    metrics = {"width": size[0], "height": size[1], "deviceScaleFactor": 1}
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride", metrics | {"mobile": size[0] < 500}
    )


class Desk:
    """A browser in front of a preview: what a clerk or a citizen sees and does."""

    def __init__(self, browser: webdriver.Chrome, preview: Preview) -> None:
        self.browser = browser
        self.preview = preview

    @property
    def hall(self) -> Hall:
        """What the preview shows and was asked."""
        return self.preview.hall

    def size(self, size: tuple[int, int]) -> None:
        """Give the page a size in CSS pixels."""
        give_size(self.browser, size)

    def console(self, state: WindowMode, *, size: tuple[int, int] = DESK, **changes: Any) -> None:
        """Open the console in a state, with nothing pressed yet."""
        self.size(size)
        self._fresh(fixtures.console(state, **changes))
        self.browser.get(f"{self.preview.url}/console/3E03")
        self.until(lambda: self.focused() == "state")

    def open(self, path: str, *, size: tuple[int, int] = PHONE) -> None:
        """Open another page of the preview."""
        self.size(size)
        self.browser.get(self.preview.url + path)

    def _fresh(self, page: v.ConsolePage) -> None:
        origin = {"origin": self.preview.url, "storageTypes": "local_storage"}
        self.browser.execute_cdp_cmd("Storage.clearDataForOrigin", origin)
        hall = self.preview.hall
        hall.page = page
        hall.presses.clear()
        hall.forms.clear()
        hall.answers.clear()
        hall.moves.clear()
        hall.drops = 0
        hall.silent = False
        hall.ended = False
        self.preview.release()

    def press(self, *keys: str) -> None:
        """Press and release keys one after the other, wherever the focus is."""
        webdriver.ActionChains(self.browser).send_keys(*keys).perform()

    def chord(self, held: str, key: str) -> None:
        """Press a key while another is held."""
        webdriver.ActionChains(self.browser).key_down(held).send_keys(key).key_up(held).perform()

    def find(self, selector: str) -> WebElement:
        """Return the first element that matches."""
        return self.browser.find_element(By.CSS_SELECTOR, selector)

    def click(self, selector: str) -> None:
        """Click the first element that matches."""
        self.find(selector).click()

    def script(self, text: str, *arguments: Any) -> Any:
        """Run a script in the page and return its value."""
        return self.browser.execute_script(text, *arguments)

    def text(self, selector: str) -> str:
        """Return the text of an element, seen or not."""
        return str(self.script("return document.querySelector(arguments[0]).textContent", selector))

    def focused(self) -> str:
        """Return the id of what has the focus."""
        return str(self.script("return document.activeElement.id"))

    def state(self) -> str:
        """Return the state that the console shows."""
        return str(self.script("return document.body.dataset.state"))

    def until(self, condition: Callable[[], Any]) -> None:
        """Wait until a condition holds; fail after `PATIENCE_S`.

        An element that a reload took away between two looks is looked for again.
        """
        WebDriverWait(
            self.browser, PATIENCE_S, poll_frequency=0.02,
            ignored_exceptions=(NoSuchElementException, StaleElementReferenceException),
        ).until(lambda _: condition())  # fmt: skip

    def settled(self) -> None:
        """Wait until every press is answered and what it led to has been done."""
        self.until(lambda: self.script("return document.querySelector('[data-pending]') === null"))
        self.browser.execute_async_script("setTimeout(arguments[0], 60)")

    def unlocked(self) -> None:
        """Wait until the lock after a change of state is over."""
        self.settled()
        self.browser.execute_async_script("setTimeout(arguments[0], 600)")

    def asked(self) -> list[tuple[str, dict[str, Any]]]:
        """Return action and body of every request so far."""
        return [(press.path.rsplit("/", 1)[1], press.body) for press in self.hall.presses]

    def complaints(self) -> list[str]:
        """Return what the browser logged since the last call, such as blocked scripts."""
        return [entry["message"] for entry in self.browser.get_log("browser")]  # type: ignore[no-untyped-call]
