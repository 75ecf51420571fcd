"""Console, phone page and wall board over HTTP: right pages, live regions, dead links."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientResponse, web

from paihao_server.web import phone, sse
from tests.hall.builders import a_plan
from tests.server.web_hall import WebHall, web_hall


@pytest.fixture
async def hall(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[WebHall]:
    monkeypatch.setattr(sse, "BEAT_S", 0.05)
    async with web_hall(tmp_path) as running:
        yield running


@asynccontextmanager
async def stream(hall: WebHall, path: str) -> AsyncIterator[ClientResponse]:
    answer = await hall.client.get(path)
    assert answer.status == 200, await answer.text()
    try:
        yield answer
    finally:
        answer.close()


async def next_event(answer: ClientResponse) -> tuple[str, dict[str, Any]]:
    """Return the next named event."""
    name = ""
    async with asyncio.timeout(10):
        while True:
            line = (await answer.content.readline()).decode().rstrip("\n")
            if line.startswith("event: "):
                name = line.removeprefix("event: ")
            elif line.startswith("data: ") and name:
                return name, json.loads(line.removeprefix("data: "))


async def until(answer: ClientResponse, name: str, words: str) -> dict[str, Any]:
    """Read events until the region of this name has these words."""
    while True:
        found, data = await next_event(answer)
        if found == name and words in data.get("html", ""):
            return data


async def until_beat(answer: ClientResponse) -> list[str]:
    """Return the names of the events before the next beat."""
    names: list[str] = []
    while (event := await next_event(answer))[0] != "beat":
        names.append(event[0])
    return names


async def test_the_console_shows_the_window_and_who_waits(hall: WebHall) -> None:
    await hall.take()
    await hall.log_in("clerk", window="w1")
    page = await (await hall.client.get("/console/w1")).text()
    assert 'data-state="closed"' in page
    assert "clerk 员" in page
    assert 'data-stream="/console/w1/stream"' in page


async def test_an_unknown_window_has_no_console(hall: WebHall) -> None:
    await hall.log_in("manager")
    answer = await hall.client.get("/console/none")
    assert (answer.status, (await answer.json(content_type=None))["code"]) == (
        404, "unknown-window",
    )  # fmt: skip


async def test_the_stream_begins_with_every_region(hall: WebHall) -> None:
    await hall.log_in("manager")
    async with stream(hall, "/console/w1/stream") as answer:
        assert await until_beat(answer) == ["header", "main", "waiting", "side", "keys"]


async def test_the_stream_brings_a_call_with_its_number(hall: WebHall) -> None:
    await hall.log_in("manager")
    await hall.act("w1", "open")
    await hall.take()
    async with stream(hall, "/console/w1/stream") as answer:
        await until_beat(answer)
        called = await hall.act("w1", "call-next")
        shown = await until(answer, "main", "A001")
    assert shown["seq"] >= called["seq"]
    assert "为什么叫它：A001 已等" in shown["html"]


async def test_only_the_regions_that_changed_are_sent(hall: WebHall) -> None:
    await hall.log_in("manager")
    await hall.act("w1", "open")
    async with stream(hall, "/console/w1/stream") as answer:
        await until_beat(answer)
        await until_beat(answer)
        await hall.take()
        names: list[str] = []
        while "waiting" not in names:
            names += await until_beat(answer)
    assert set(names) <= {"main", "waiting", "keys"}, "header and side stay"


async def test_a_number_that_changed_nothing_here_still_arrives(hall: WebHall) -> None:
    await hall.log_in("manager")
    await hall.act("w1", "open")
    async with stream(hall, "/console/w1/stream") as answer:
        await until_beat(answer)
        ticket = await hall.take("G")
        while True:
            name, data = await next_event(answer)
            if name != "beat":
                assert name == "keys"
                assert data["seq"] >= ticket["seq"]
                break


async def test_the_beat_tells_the_time_of_the_hall(hall: WebHall) -> None:
    await hall.log_in("manager")
    async with stream(hall, "/console/w1/stream") as answer:
        while (event := await next_event(answer))[0] != "beat":
            pass
    assert event[1]["at"] == round(hall.clock.now().timestamp() * 1000)


async def test_a_clerk_with_an_open_window_is_not_logged_out_for_being_quiet(
    hall: WebHall,
) -> None:
    await hall.log_in("clerk", window="w1")
    await hall.client.post("/api/v1/windows/w1/open", json={}, headers=hall.same_site)
    async with stream(hall, "/console/w1/stream") as answer:
        for _ in range(4):
            hall.clock.forward(minutes=40)
            await until_beat(answer)
            await until_beat(answer)
    assert (await hall.client.get("/console/w1")).status == 200


async def test_a_console_that_only_watches_ends_with_its_idle_session(hall: WebHall) -> None:
    await hall.log_in("manager")
    async with stream(hall, "/console/w1/stream") as answer:
        await until_beat(answer)
        hall.clock.forward(minutes=61)
        async with asyncio.timeout(10):
            await answer.read()
    assert (await hall.client.get("/api/v1/hall")).status == 401


async def test_the_transfer_list_is_found_by_initials(hall: WebHall) -> None:
    await hall.take("B")
    await hall.log_in("manager")
    text = await (await hall.client.get("/console/w1/targets")).text()
    assert 'data-service="sB"' in text
    assert "shixiangb" in text
    assert "sxb" in text
    assert "前面 1 人" in text


async def test_the_transfer_list_leaves_out_the_queue_of_the_ticket(hall: WebHall) -> None:
    await hall.take("A")
    await hall.act("w1", "open")
    await hall.act("w1", "call-next")
    await hall.log_in("manager")
    text = await (await hall.client.get("/console/w1/targets")).text()
    assert 'data-service="sB"' in text
    assert 'data-service="sA"' not in text


async def test_the_phone_page_needs_only_its_link(hall: WebHall) -> None:
    await hall.act("w1", "open")
    await hall.take()
    ticket = await hall.take()
    path = ticket["url"].removeprefix("http://127.0.0.1:8080")
    answer = await hall.client.get(path)
    page = await answer.text()
    assert answer.status == 200
    assert "A002" in page
    assert "前面 1 人" in page
    assert answer.headers["Cache-Control"] == "no-store"


async def test_the_phone_is_told_of_its_call(hall: WebHall) -> None:
    await hall.act("w1", "open")
    path = (await hall.take())["url"].removeprefix("http://127.0.0.1:8080")
    async with stream(hall, f"{path}/stream") as answer:
        await until(answer, "ticket", "前面 0 人")
        await hall.act("w1", "call-next")
        assert "请到窗口" in (await until(answer, "ticket", "叫到您了"))["html"]


async def test_the_holder_cancels_on_the_phone(hall: WebHall) -> None:
    ticket = await hall.take()
    path = ticket["url"].removeprefix("http://127.0.0.1:8080")
    answer = await hall.client.post(f"{path}/cancel", headers=hall.same_site)
    page = await answer.text()
    assert answer.status == 200
    assert "这个号已作废" in page
    assert hall.dispatcher.hall.tickets[ticket["id"]].state == "cancelled"
    assert "确定取消" not in page


async def test_another_site_cannot_cancel_it(hall: WebHall) -> None:
    ticket = await hall.take()
    path = ticket["url"].removeprefix("http://127.0.0.1:8080")
    answer = await hall.client.post(f"{path}/cancel", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status == 403
    assert hall.dispatcher.hall.tickets[ticket["id"]].state == "waiting"


async def test_a_guessed_or_old_link_says_that_it_is_over(hall: WebHall) -> None:
    ticket = await hall.take()
    path = ticket["url"].removeprefix("http://127.0.0.1:8080")
    hall.clock.forward(minutes=24 * 60)
    await hall.take()
    for gone in (path, "/t/guess"):
        answer = await hall.client.get(gone)
        assert answer.status == 404
        assert "这个链接已失效" in await answer.text()
        assert (await hall.client.get(f"{gone}/stream")).status == 404
        assert (await hall.client.post(f"{gone}/cancel", headers=hall.same_site)).status == 404


async def test_a_phone_stream_ends_with_the_hall_day(hall: WebHall) -> None:
    path = (await hall.take())["url"].removeprefix("http://127.0.0.1:8080")
    async with stream(hall, f"{path}/stream") as answer:
        await until_beat(answer)
        hall.clock.forward(minutes=24 * 60)
        await hall.take()
        async with asyncio.timeout(10):
            rest = await answer.read()
    assert b"HTTP/1.1" not in rest, "no second answer inside the first"


async def test_the_streams_end_when_the_server_stops(hall: WebHall) -> None:
    await hall.log_in("manager")
    async with (
        stream(hall, "/console/w1/stream") as console,
        stream(hall, "/wall/Z/stream") as wall,
    ):
        await until_beat(console)
        hall.log.fail_next = True
        await hall.post("/api/v1/tickets", {"service": "sA"})
        async with asyncio.timeout(10):
            assert b"HTTP/1.1" not in await console.read() + await wall.read()


async def test_a_browser_that_reads_nothing_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    class Stuck(web.StreamResponse):
        async def write(self, data: object) -> None:
            await asyncio.Event().wait()

    monkeypatch.setattr(sse, "WRITE_S", 0.01)
    with pytest.raises(sse.SlowClientError):
        await sse.write(Stuck(), b"data")


async def test_the_wall_is_open_and_follows_the_calls(hall: WebHall) -> None:
    await hall.act("w1", "open")
    await hall.take()
    page = await (await hall.client.get("/wall/Z")).text()
    assert "现在没有在叫的号" in page
    async with stream(hall, "/wall/Z/stream") as answer:
        await until(answer, "board", "现在没有在叫的号")
        await hall.act("w1", "call-next")
        await until(answer, "board", "A001")


async def test_a_zone_that_is_not_there_has_no_wall(hall: WebHall) -> None:
    assert (await hall.client.get("/wall/none")).status == 404
    assert (await hall.client.get("/wall/none/stream")).status == 404


async def test_static_files_are_kept_for_long_and_hold_no_secrets_of_the_disk(
    hall: WebHall,
) -> None:
    page = await (await hall.client.get("/wall/Z")).text()
    style = page.split('href="/static/')[1].split('"')[0]
    answer = await hall.client.get(f"/static/{style}")
    assert answer.status == 200
    assert "immutable" in answer.headers["Cache-Control"]
    version = style.split("/")[0]
    outside = await hall.client.get(f"/static/{version}/..%2F..%2Frender.py")
    assert outside.status == 404


async def test_nothing_that_a_page_loads_is_missing(hall: WebHall) -> None:
    await hall.log_in("manager")
    ticket = await hall.take()
    path = ticket["url"].removeprefix("http://127.0.0.1:8080")
    for page in ("/", "/password", "/login", "/console/w1", "/wall/Z", path):
        text = await (await hall.client.get(page)).text()
        for part in text.split('"/static/')[1:]:
            found = await hall.client.get("/static/" + part.split('"')[0])
            assert found.status == 200, (page, found.url)
        assert " style=" not in text, "the policy forbids inline style"
        assert "<script>" not in text, "and inline script"


def test_window_numbers_are_said_as_signs_say_them() -> None:
    plan = a_plan()
    assert phone.window_numbers(plan, ["w1", "w2", "w3"]) == "1–3"
    assert phone.window_numbers(plan, ["w1", "w3"]) == "1、3"
    assert phone.window_numbers(plan, []) == ""
