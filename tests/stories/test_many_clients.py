"""Many clients, and clients that do nothing: there is room for the others."""

import asyncio
from pathlib import Path

import pytest
from aiohttp import ClientResponse, ClientSession, TCPConnector, web

from paihao_server.web import app
from tests.server.web_hall import WebHall, web_hall


async def test_connection_that_asks_nothing_is_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "SILENT_S", 0.05)
    async with web_hall(tmp_path) as hall:
        runner = app.build_runner(app.build_app(hall.dispatcher, hall.accounts))
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        reader, writer = await asyncio.open_connection(*runner.addresses[0][:2])
        async with asyncio.timeout(5):
            assert await reader.read() == b""
        writer.close()
        await runner.cleanup()


async def test_300_streams_hear_a_call_and_cost_the_hall_nothing_when_they_leave(
    tmp_path: Path,
) -> None:
    async with web_hall(tmp_path) as hall:
        ticket = await hall.take()
        phone = "/t/" + ticket["url"].rpartition("/")[2] + "/stream"
        paths = ["/wall/Z/stream", phone, "/api/v1/events"] * 100
        connector = TCPConnector(limit=0)
        async with asyncio.timeout(20), ClientSession(connector=connector) as http:
            streams = [
                await http.get(hall.client.make_url(path), headers=hall.bearer("manager"))
                for path in paths
            ]
            await hall.act("w1", "open")
            await hall.act("w1", "call-next")
            await asyncio.gather(*(hears_the_call(stream) for stream in streams))
            for stream in streams:
                stream.close()
        async with asyncio.timeout(5):
            while b"paihao_event_readers 0.0" not in await metrics(hall):  # noqa: ASYNC110
                await asyncio.sleep(0.01)


async def hears_the_call(stream: ClientResponse) -> None:
    async for line in stream.content:
        if b"A001" in line or b"TicketCalled" in line:
            return


async def metrics(hall: WebHall) -> bytes:
    return await (await hall.get("/metrics")).read()
