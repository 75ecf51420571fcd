"""Sizes that must hold in every state: targets, type, no sideways scrolling."""

from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from selenium.webdriver.common.keys import Keys

from paihao_hall.contract import WindowMode
from paihao_server.web.pages import views as v
from paihao_server.web.pages.views import PhoneState
from tests.browser import fixtures
from tests.browser.driver import DESK, PHONE, Desk

pytestmark = pytest.mark.real

STATES: tuple[WindowMode, ...] = ("closed", "idle", "called", "serving", "paused")
SMALLEST_TARGET = 44
SMALLEST_TYPE = 14

TARGETS = """
return [...document.querySelectorAll("a, button, input, select, summary")]
  .filter((node) => !node.matches(".skip") && node.checkVisibility({ visibilityProperty: true }))
  .map((node) => node.matches(".choice input") ? node.closest(".choice") : node)
  .map((node) => node.matches(".check input, .remind input") ? node.closest("label") : node)
  .map((node) => [node.outerHTML.slice(0, 60), node.getBoundingClientRect()])
  .filter(([, box]) => box.width < arguments[0] || box.height < arguments[0])
  .map(([name, box]) => `${name} ${box.width}x${box.height}`);
"""
SMALL_TYPE = """
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
const small = [];
while (walker.nextNode()) {
  const node = walker.currentNode.parentElement;
  if (!walker.currentNode.nodeValue.trim() || !node.checkVisibility()) continue;
  if (parseFloat(getComputedStyle(node).fontSize) < arguments[0]) small.push(node.textContent);
}
return small;
"""
CUT_OFF = """
return [...document.querySelectorAll("main button, main a, main input:not([type=radio])")]
  .filter((node) => node.checkVisibility())
  .map((node) => [node.textContent.trim() || node.id, node.getBoundingClientRect()])
  .filter(([, box]) => box.right > innerWidth || box.left < 0
    || (arguments[0] && box.bottom > innerHeight))
  .map(([name]) => name);
"""
COVERED = """
return [...document.querySelectorAll("button, header a")]
  .filter((node) => node.checkVisibility({ visibilityProperty: true }))
  .map((node) => {
    node.scrollIntoView({ block: "nearest" });
    const box = node.getBoundingClientRect();
    const middle = [box.left + box.width / 2, box.top + box.height / 2];
    return [node, document.elementFromPoint(...middle)];
  })
  .filter(([node, top]) => !node.contains(top))
  .map(([node, top]) => `${node.textContent.trim()} under ${top?.outerHTML.slice(0, 60)}`);
"""
PLACES = """
return [...document.querySelectorAll("main button, main .choice")].map((node) => {
  const box = node.getBoundingClientRect();
  return `${node.textContent.trim()} ${box.x} ${box.y} ${box.width} ${box.height}`;
});
"""
TABLET = (1024, 768)
ZOOMED = (911, 512)
"""A counter's screen at 150 %."""


def check(desk: Desk, size: tuple[int, int], *, all_in_sight: bool) -> None:
    assert desk.script("return document.documentElement.scrollWidth") <= size[0]
    assert desk.script(TARGETS, SMALLEST_TARGET) == []
    assert desk.script(SMALL_TYPE, SMALLEST_TYPE) == []
    assert desk.script(CUT_OFF, all_in_sight) == []
    if not desk.script("return document.querySelector('dialog[open]')"):
        assert desk.script(COVERED) == []


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize(
    "size",
    [DESK, PHONE, (1366, 640), TABLET, ZOOMED],
    ids=["desk", "phone", "low", "tablet", "zoomed"],
)
def test_console_fits(desk: Desk, state: WindowMode, size: tuple[int, int]) -> None:
    desk.console(state, size=size)
    check(desk, size, all_in_sight=size in (DESK, TABLET))
    primary = desk.script("return document.getElementById('primary').getBoundingClientRect()")
    assert primary["bottom"] <= size[1]


@pytest.mark.parametrize(
    ("state", "key"),
    [("idle", Keys.F2), ("called", Keys.F2), ("serving", Keys.F4), ("paused", Keys.F2)],
)
@pytest.mark.parametrize("size", [DESK, PHONE, TABLET], ids=["desk", "phone", "tablet"])
def test_no_button_moves_under_the_finger_when_a_press_is_refused(
    desk: Desk, state: WindowMode, key: str, size: tuple[int, int]
) -> None:
    desk.console(state, size=size)
    for action in ("call-next", "start", "resume"):
        desk.hall.answers[action] = (409, {"code": "x", "detail": "窗口现由别人登录，请接班"})
    before = desk.script(PLACES)
    desk.press(key)
    desk.until(lambda: desk.script("return document.querySelector('main .refusal:not(:empty)')"))
    desk.settled()
    assert desk.script(PLACES) == before


def shows(desk: Desk, selector: str, count: int) -> bool:
    return bool(
        desk.script("return document.querySelectorAll(arguments[0]).length", selector) == count
    )


def test_nothing_moves_while_a_call_is_on_its_way(desk: Desk) -> None:
    now = fixtures.at("11:52:41")
    desk.console("called")
    before = desk.script(PLACES)
    main = fixtures.main("called", now, 60)
    assert isinstance(main, v.CalledMain)
    seen = tuple(replace(receipt, done=True) for receipt in main.receipts)
    for receipts in (main.receipts[:1], seen, tuple(replace(r, done=False) for r in seen)):
        page = fixtures.console("called", now=now, seq=60, main=replace(main, receipts=receipts))
        desk.preview.show(page)
        desk.until(partial(shows, desk, ".receipts li", len(receipts)))
        assert desk.script(PLACES) == before


def test_lost_console_fits(desk: Desk) -> None:
    desk.console("serving")
    desk.hall.silent = True
    desk.until(lambda: desk.script("return document.body.dataset.link") == "lost")
    check(desk, DESK, all_in_sight=True)


@pytest.mark.parametrize("name", ["pause", "transfer", "bring-back", "keys", "menu"])
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_dialogs_fit(desk: Desk, name: str, size: tuple[int, int]) -> None:
    desk.console("serving" if name == "transfer" else "idle", size=size)
    desk.script("document.getElementById(arguments[0]).showModal()", name)
    check(desk, size, all_in_sight=False)
    wide: Any = desk.script(
        "const d = document.querySelector('dialog[open]'); return [d.scrollWidth, d.clientWidth]"
    )
    assert wide[0] <= wide[1]


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("window", [True, False])
def test_login_fits(desk: Desk, size: tuple[int, int], window: bool) -> None:
    here = fixtures.login().window
    assert here is not None
    desk.hall.login = fixtures.login() if window else fixtures.login(window=None, choices=(here,))
    desk.open("/login", size=size)
    check(desk, size, all_in_sight=True)


@pytest.mark.parametrize(
    "state", ["waiting", "called", "serving", "missed", "held", "done", "void"]
)
@pytest.mark.parametrize("big", [False, True], ids=["plain", "big"])
def test_phone_page_fits(desk: Desk, state: PhoneState, big: bool) -> None:
    desk.hall.phone = fixtures.phone(state, big=big)
    desk.open("/t/Xq7mFz")
    check(desk, PHONE, all_in_sight=False)
