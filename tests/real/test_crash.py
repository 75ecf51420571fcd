"""Power cuts: the server is killed under load, and nothing that was acknowledged is lost."""

import asyncio
import random
from collections import Counter
from pathlib import Path

import aiohttp
import pytest

from paihao_config.loader import load
from paihao_hall import events as e
from paihao_hall.model import state_bytes
from paihao_runtime.places import shipped
from paihao_server.folder import DataFolder
from paihao_server.log.replay import replay
from paihao_server.log.sqlite import SqliteLog
from paihao_server.log.verify import verify
from tests.fakes.brokers import BrokerKind
from tests.fakes.hall_process import HallProcess
from tests.fakes.one_queue_hall import one_queue_hall
from tests.hall.invariants import check_log, check_replay, check_state
from tests.real.load import Clerk, Kiosk

pytestmark = pytest.mark.real

HALL_FILE = shipped("halls") / "zhengzhou.toml"
HALL = "zhengzhou"
SERVICE = next(s.id for s in load(HALL_FILE).services if s.queue == "B")
BROKERS: tuple[BrokerKind, ...] = ("embedded", "mosquitto")


async def records_of(data: Path) -> list[e.Record]:
    log = SqliteLog.open(DataFolder(data).log)
    records = await log.read(0, 1_000_000)
    hall = await replay(log)
    await log.close()
    check_log(records)
    check_state(hall)
    check_replay(hall, records)
    assert verify(DataFolder(data).log).events == len(records)
    assert state_bytes(hall)
    return records


@pytest.mark.parametrize("broker", BROKERS)
async def test_eight_kiosks_take_1600_different_numbers_at_once(
    tmp_path: Path, broker: BrokerKind
) -> None:
    hall = HallProcess(HALL_FILE, tmp_path, broker)
    kiosks = [Kiosk(f"K{n}", hall.device(f"K{n}", "kiosk"), HALL, SERVICE) for n in range(8)]
    await hall.start()
    await asyncio.gather(*(kiosk.take(200) for kiosk in kiosks))
    assert await hall.stop() == 0
    numbers = [ticket.number for kiosk in kiosks for ticket in kiosk.tickets.values()]
    assert len(numbers) == len(set(numbers)) == 1600
    issued = {
        r.event.number for r in await records_of(tmp_path) if isinstance(r.event, e.TicketIssued)
    }
    assert issued == set(numbers)


@pytest.mark.parametrize("broker", BROKERS)
async def test_fifty_windows_calling_at_once_call_nobody_twice_and_lose_nobody(
    tmp_path: Path, broker: BrokerKind
) -> None:
    hall = HallProcess(one_queue_hall(tmp_path, "fifty", 50), tmp_path / "data", broker)
    token = hall.token("manager", "test")
    kiosk = Kiosk("K1", hall.device("K1", "kiosk"), "fifty", "s")
    await hall.start()
    await kiosk.take(120)
    clerks = [Clerk(f"W{n:02}", hall.http, token) for n in range(1, 51)]
    async with aiohttp.ClientSession() as http:
        await asyncio.gather(*(clerk.open(http) for clerk in clerks))
        first = await asyncio.gather(*(clerk.call_next(http) for clerk in clerks))
        assert len(set(first)) == 50
        for _ in range(2):
            for action in ("start", "complete"):
                await asyncio.gather(
                    *(c.press(http, action, {}) for c in clerks if c.called),
                    return_exceptions=False,
                )
            await asyncio.gather(*(clerk.call_next(http) for clerk in clerks))
    assert await hall.stop() == 0
    called = Counter(ticket for clerk in clerks for ticket in clerk.called)
    assert set(called.values()) == {1}
    assert set(called) == {t.id for t in kiosk.tickets.values()}
    await records_of(tmp_path / "data")


@pytest.mark.parametrize(("broker", "kills"), [("embedded", 30), ("mosquitto", 8)])
async def test_killed_at_random_moments_under_load_it_keeps_every_acknowledged_ticket(
    tmp_path: Path, broker: BrokerKind, kills: int
) -> None:
    chance = random.Random(20261122)
    hall = HallProcess(HALL_FILE, tmp_path, broker)
    token = hall.token("manager", "test")
    kiosks = [Kiosk(f"K{n}", hall.device(f"K{n}", "kiosk"), HALL, SERVICE) for n in range(8)]
    clerks = [Clerk(f"1B{n:02}", hall.http, token) for n in range(1, 9)]
    await hall.start()
    async with aiohttp.ClientSession() as http:
        for clerk in clerks:
            await clerk.open(http)
        work = [asyncio.create_task(k.take(10_000), name=k.name) for k in kiosks]
        work += [asyncio.create_task(c.serve(http, 10_000), name=c.window) for c in clerks]
        for _ in range(kills):
            await asyncio.sleep(chance.uniform(0.02, 0.6))
            await hall.kill()
            await hall.start()
        await asyncio.sleep(1)
        for task in work:
            assert not task.done(), task.exception()
            task.cancel()
        await asyncio.gather(*work, return_exceptions=True)
    assert await hall.stop() == 0
    issued: dict[str, str] = {}
    calls: Counter[str] = Counter()
    for record in await records_of(tmp_path):
        match record.event:
            case e.TicketIssued(ticket=name, number=number):
                issued[name] = number
            case e.TicketCalled(ticket=name):
                calls[name] += 1
            case _:
                pass
    acknowledged = [t for kiosk in kiosks for t in kiosk.tickets.values()]
    assert len(acknowledged) > kills, "the load never got through"
    for ticket in acknowledged:
        assert issued[ticket.id] == ticket.number, f"{ticket.number} is lost"
    for clerk in clerks:
        for called in clerk.called:
            assert calls[called] == 1, f"{issued[called]} was called {calls[called]} times"
    assert sum(len(clerk.called) for clerk in clerks) > kills


async def test_full_disk_stops_the_server_with_a_clear_line_and_loses_nothing_acknowledged(
    tmp_path: Path,
) -> None:
    hall = HallProcess(HALL_FILE, tmp_path)
    kiosk = Kiosk("K1", hall.device("K1", "kiosk"), HALL, SERVICE)
    await hall.start(largest_file=400_000)
    taking = asyncio.create_task(kiosk.take(10_000), name="K1")
    assert await hall.ended() == 1
    taking.cancel()
    await asyncio.gather(taking, return_exceptions=True)
    (line,) = [line for line in hall.errors if line.startswith("paihao")]
    assert "hall.db: nothing was written" in line
    issued = {
        r.event.number for r in await records_of(tmp_path) if isinstance(r.event, e.TicketIssued)
    }
    acknowledged = {ticket.number for ticket in kiosk.tickets.values()}
    assert len(acknowledged) > 10
    assert acknowledged <= issued


async def test_second_server_on_one_data_folder_and_a_port_in_use_are_one_line(
    tmp_path: Path,
) -> None:
    hall = await HallProcess(HALL_FILE, tmp_path / "one").start()
    same_folder = HallProcess(HALL_FILE, tmp_path / "one")
    same_port = HallProcess(HALL_FILE, tmp_path / "two")
    same_port.mqtt = hall.mqtt
    same_page = HallProcess(HALL_FILE, tmp_path / "three")
    same_page.http_port = hall.http_port
    for other, words in (
        (same_folder, "another server works on this data folder"),
        (same_port, f"{hall.mqtt_port}"),
        (same_page, f"{hall.http_port}"),
    ):
        with pytest.raises(AssertionError, match="did not start"):
            await other.start()
        assert await other.ended() == 1
        (line,) = other.errors
        assert words in line
    assert await hall.stop() == 0


async def test_bad_hall_file_names_file_line_and_key(tmp_path: Path) -> None:
    path = one_queue_hall(tmp_path, "fifty", 50)
    path.write_text(path.read_text(encoding="utf-8").replace('serves = ["A"]', 'serves = ["Q"]'))
    hall = HallProcess(path, tmp_path / "data")
    with pytest.raises(AssertionError, match="did not start"):
        await hall.start()
    assert await hall.ended() == 1
    assert any(":26: " in line and "serves" in line for line in hall.errors), hall.errors
