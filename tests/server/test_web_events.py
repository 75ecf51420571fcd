"""The event stream: every event once, in order, from any number on, live without a gap."""

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientResponse

from paihao_server.accounts_db import AccountsDb
from paihao_server.log.memory import MemoryLog
from paihao_server.web import sse
from paihao_server.web.feed import Feed
from paihao_server.web.site import SITE
from tests.server.web_hall import WebHall, web_hall


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[WebHall]:
    async with web_hall(tmp_path) as running:
        yield running


@asynccontextmanager
async def stream(
    hall: WebHall, after: int | None = 0, **more: str
) -> AsyncIterator[ClientResponse]:
    """Open the stream as a manager's machine."""
    query = "" if after is None else f"?after={after}"
    answer = await hall.get(f"/api/v1/events{query}", **more)
    assert answer.status == 200, await answer.text()
    assert answer.content_type == "text/event-stream"
    try:
        yield answer
    finally:
        answer.close()


def feed_of(hall: WebHall) -> Feed:
    return hall.client.server.app[SITE].feed  # type: ignore[attr-defined,no-any-return]


async def events(answer: ClientResponse, until: int) -> list[dict[str, Any]]:
    """Return the events up to a log number, each checked against its id."""
    found: list[dict[str, Any]] = []
    last_id = 0
    async with asyncio.timeout(20):
        while not found or found[-1]["seq"] < until:
            line = (await answer.content.readline()).decode().rstrip("\n")
            if line.startswith("id: "):
                last_id = int(line.removeprefix("id: "))
            elif line.startswith("data: "):
                found.append(json.loads(line.removeprefix("data: ")))
                assert found[-1]["seq"] == last_id
    return found


async def test_the_stream_tells_everything_from_the_start(hall: WebHall) -> None:
    await hall.take()
    last = hall.log.last_seq
    async with stream(hall) as answer:
        told = await events(answer, last)
    assert [event["seq"] for event in told] == list(range(1, last + 1))
    assert told[-1]["event"]["type"] == "TicketIssued"
    assert told[-1]["event"]["number"] == "A001"
    assert told[-1]["actor"] == "manager:m-manager"


async def test_the_stream_goes_on_after_a_number_and_after_the_last_event_id(
    hall: WebHall,
) -> None:
    for _ in range(5):
        await hall.take()
    last = hall.log.last_seq
    async with stream(hall, last - 2) as answer:
        assert [e["seq"] for e in await events(answer, last)] == [last - 1, last]
    async with stream(hall, 0, **{"Last-Event-ID": str(last - 1)}) as answer:
        assert [e["seq"] for e in await events(answer, last)] == [last]


async def test_live_events_follow_at_once(hall: WebHall) -> None:
    async with stream(hall, hall.log.last_seq) as answer:
        ticket = await hall.take()
        (told,) = await events(answer, ticket["seq"])
    assert told["event"]["ticket"] == ticket["id"]


async def test_the_snapshot_and_the_stream_fit_together(hall: WebHall) -> None:
    await hall.take()
    snapshot = await (await hall.get("/api/v1/hall")).json()
    async with stream(hall, snapshot["seq"]) as answer:
        ticket = await hall.take()
        assert [e["seq"] for e in await events(answer, ticket["seq"])] == [ticket["seq"]]


@pytest.mark.parametrize("ring", [4, 2048])
async def test_under_load_readers_that_come_and_go_see_no_gap_and_nothing_twice(
    hall: WebHall, monkeypatch: pytest.MonkeyPatch, ring: int
) -> None:
    # A ring of four makes every reader go back to the log and come out of it all the time.
    monkeypatch.setattr(feed_of(hall), "_ring", deque(maxlen=ring))
    goal = hall.log.last_seq + 800

    async def reader(stay: int) -> list[int]:
        seen: list[int] = []
        while not seen or seen[-1] < goal:
            after = seen[-1] if seen else 0
            async with stream(hall, after) as answer:
                seen += [e["seq"] for e in await events(answer, min(goal, after + stay))]
        return seen

    async def kiosk() -> None:
        for _ in range(100):
            await hall.take()

    readers = [asyncio.create_task(reader(stay)) for stay in (7, 101, 10_000)]
    await asyncio.gather(*(kiosk() for _ in range(8)))
    for seen in await asyncio.gather(*readers):
        assert seen == list(range(1, seen[-1] + 1))
        assert seen[-1] >= goal


async def test_a_reader_behind_the_ring_reads_the_log(hall: WebHall) -> None:
    log = MemoryLog(list(hall.log.records))
    behind = Feed(log)
    assert behind.last_seq == log.last_seq
    pages = [seq for seq, _ in await behind.after(0)]
    assert pages == list(range(1, log.last_seq + 1))
    assert await behind.after(log.last_seq) == []


async def test_the_stream_tells_no_phone_key_no_note_and_no_whole_plan(hall: WebHall) -> None:
    ticket = await hall.take()
    await hall.act("w1", "open")
    await hall.act("w1", "call-next")
    await hall.act("w1", "note", text="身份证没带")
    await hall.act("w1", "transfer", queue="B", note="先办 B")
    key = ticket["url"].rpartition("/")[2]
    async with stream(hall) as answer:
        text = json.dumps(await events(answer, hall.log.last_seq), ensure_ascii=False)
    assert ticket["id"] in text
    assert key not in text
    assert "身份证" not in text
    assert "先办" not in text
    assert '"revision": "r1"' in text
    assert "service_s" not in text


@pytest.mark.parametrize("after", ["-1", "x", "1.5", "9" * 30, "١"])
async def test_a_number_that_is_none_is_refused(hall: WebHall, after: str) -> None:
    for query, headers in ((f"?after={after}", {}), ("", {"Last-Event-ID": after.encode().hex()})):
        if headers and headers["Last-Event-ID"].isdigit():
            continue
        answer = await hall.get(f"/api/v1/events{query}", **headers)
        assert (answer.status, (await answer.json(content_type=None))["code"]) == (
            400, "invalid-query",
        )  # fmt: skip


async def test_a_quiet_stream_beats(hall: WebHall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sse, "BEAT_S", 0.01)
    async with stream(hall, hall.log.last_seq) as answer, asyncio.timeout(5):
        while (await answer.content.readline()) != b": beat\n":
            pass


async def test_a_reader_that_leaves_is_forgotten_at_once(hall: WebHall) -> None:
    async with stream(hall, hall.log.last_seq):
        assert feed_of(hall).readers == 1
    async with asyncio.timeout(5):
        while feed_of(hall).readers:
            await hall.client.get("/healthz")


async def test_a_stream_ends_with_its_session(
    hall: WebHall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sse, "BEAT_S", 0.01)
    await hall.log_in("manager")
    answer = await hall.client.get(f"/api/v1/events?after={hall.log.last_seq}")
    await hall.client.post("/logout", headers=hall.same_site)
    async with asyncio.timeout(5):
        await answer.read()
    assert answer.content.at_eof()


async def test_a_stream_ends_when_its_token_is_revoked(
    hall: WebHall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sse, "BEAT_S", 0.01)
    async with stream(hall, hall.log.last_seq) as answer:
        # As another process does it: the server notices within a second.
        other = AccountsDb(hall.folder / "accounts.db")
        other.revoke_token("m-manager", hall.clock.now())
        other.close()
        hall.clock.forward(seconds=1)
        async with asyncio.timeout(5):
            await answer.read()
