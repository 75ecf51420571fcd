"""The demo's page: for this machine, as the visitor, holding a console in its frame."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from paihao_config.loader import read
from paihao_demo.hall import DemoHall, Wishes
from paihao_display.outputs import WAV_RATE_HZ
from paihao_display.voices import open_voice
from paihao_runtime.clock import ScaledClock
from paihao_server.accounts import Accounts
from paihao_server.accounts_db import AccountsDb
from paihao_server.dispatcher import Dispatcher
from paihao_server.folder import DataFolder
from paihao_server.log.memory import MemoryLog
from paihao_server.process import Endpoint
from paihao_server.web.app import build_app
from tests.hall.builders import NINE

HALL = Path(__file__).resolve().parents[2] / "config" / "halls" / "jiyuan-town.toml"
SAME_SITE = {"Sec-Fetch-Site": "same-origin"}

Browser = TestClient[Any, Any]


@pytest.fixture
async def demo(tmp_path: Path) -> AsyncIterator[DemoHall]:
    async with open_voice(WAV_RATE_HZ, engines=("clips",)) as voice:
        wishes = Wishes(
            hall_file=HALL, data=tmp_path, out=None, http=Endpoint("127.0.0.1", 8080),
            mqtt=Endpoint("127.0.0.1", 0), seed=1, busy="normal",
        )  # fmt: skip
        yield DemoHall(read(HALL), wishes, ScaledClock(NINE), voice)


@pytest.fixture
async def browser(demo: DemoHall, tmp_path: Path) -> AsyncIterator[Browser]:
    """The pages of a server that has begun and has no bus; nothing of the hall runs."""
    clock = ScaledClock(NINE)
    dispatcher = Dispatcher(MemoryLog(), clock)
    await dispatcher.start(demo.plan)
    db = AccountsDb(DataFolder(tmp_path).accounts)
    app = build_app(dispatcher, Accounts(db, clock))
    demo.page.extend(app)
    async with TestClient(TestServer(app)) as client:
        yield client
    db.close()


async def test_who_opens_the_page_is_the_visitor_and_may_open_a_console_in_its_frame(
    browser: Browser,
) -> None:
    page = await browser.get("/demo")
    assert page.status == 200
    assert "打印机缺纸" in await page.text()
    assert "frame-src 'self'" in page.headers["Content-Security-Policy"]
    console = await browser.get("/console/N01")
    assert console.status == 200
    assert console.headers["X-Frame-Options"] == "SAMEORIGIN"


async def test_another_host_name_and_another_site_are_shut_out(
    browser: Browser, demo: DemoHall
) -> None:
    elsewhere = await browser.get("/demo", headers={"Host": "hall.example"})
    provoked = await browser.post("/demo/change", json={"speed": 60})
    assert elsewhere.status == provoked.status == 400
    assert "Set-Cookie" not in elsewhere.headers
    assert demo.clock.speed == 1


async def test_buttons_change_time_and_people(browser: Browser, demo: DemoHall) -> None:
    for change in ({"speed": 60}, {"paused": False}, {"busy": "rush"}, {"speed": 7}):
        answer = await browser.post("/demo/change", json=change, headers=SAME_SITE)
        assert answer.status == 204
    assert (demo.clock.speed, demo.clock.paused, demo.citizens.busy) == (60, False, "rush")
    wrong = await browser.post("/demo/change", json={"speed": "fast"}, headers=SAME_SITE)
    assert wrong.status == 400


async def test_a_fault_is_begun_and_mended_by_the_same_button(
    browser: Browser, demo: DemoHall
) -> None:
    button = {"fault": "paper", "device": "kiosk-1"}
    for broken in (True, False):
        await browser.post("/demo/change", json=button, headers=SAME_SITE)
        assert demo.faults.broken("paper", "kiosk-1") is broken
    assert demo.faults.done == ["paper:kiosk-1"]
    await browser.post("/demo/change", json={"fault": "cable", "device": "no"}, headers=SAME_SITE)
    assert demo.faults.done == ["paper:kiosk-1"]


async def test_a_click_on_the_picture_is_a_touch_of_the_kiosk(
    browser: Browser, demo: DemoHall
) -> None:
    kiosk = demo.kiosks["kiosk-1"]
    touch = {"kiosk": "kiosk-1", "x": 0.5, "y": 0.5}
    assert (await browser.post("/demo/touch", json=touch, headers=SAME_SITE)).status == 204
    touched_at = kiosk.app.state.touched_at
    assert touched_at is not None
    assert abs(touched_at - demo.clock.now()) < timedelta(minutes=1)
    assert (await browser.get("/demo/ticket/kiosk-1.png")).status == 404
