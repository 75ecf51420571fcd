"""A board on the bus: shows and reports at once, goes stale and comes back from the snapshot."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any

from paihao_display.board_app import BoardApp
from paihao_hall.contract import (
    BEAT,
    BOARD,
    CATALOGUE,
    DEVICE_ACK,
    DEVICE_STATUS,
    Board,
    Catalogue,
    DeviceAck,
    DeviceStatus,
)
from paihao_look.picture import Screen
from paihao_look.window import Event, Touch
from paihao_runtime import virtual_time
from paihao_runtime.bus import Faults, listen, send
from paihao_runtime.clock import LoopClock
from paihao_runtime.device import last_will
from paihao_runtime.memory_bus import MemoryBroker, MemoryBus
from paihao_runtime.rights import Rights
from tests.display.halls import NOW, PLAN, beat, call, snapshot

ALL = Rights(("#",), ("#",))


@dataclass
class Glass:
    """A window that keeps what it was shown."""

    screens: list[Screen] = field(default_factory=list)

    def show(self, screen: Screen) -> None:
        self.screens.append(screen)

    def events(self) -> list[Event]:
        return []

    @property
    def closed(self) -> bool:
        return False

    def close(self) -> None:
        self.screens.clear()

    @property
    def now(self) -> Screen:
        return self.screens[-1]


@dataclass
class Hall:
    """A server's side of the bus and one board."""

    clock: LoopClock
    broker: MemoryBroker
    server: MemoryBus
    board: MemoryBus
    glass: Glass
    board_runs: asyncio.Task[None]
    acks: list[DeviceAck] = field(default_factory=list)
    statuses: list[DeviceStatus] = field(default_factory=list)
    beating: bool = True

    async def beats(self) -> None:
        while True:
            if self.beating:
                send(self.server, BEAT, beat(self.clock.now()), hall="test")
            await asyncio.sleep(1)

    def publish(self, board: Board) -> None:
        send(self.server, BOARD, board, hall="test", zone=board.zone)


def tell(story: Callable[[Hall], Coroutine[Any, Any, None]]) -> None:
    """Run a story with a board in virtual time, from 10:24."""

    async def main(clock: LoopClock) -> None:
        broker = MemoryBroker(Random(1))
        server = MemoryBus(broker, "server", ALL)
        bus = MemoryBus(broker, "board-homes", ALL, will=last_will("test", "board-homes", "board"))
        glass, faults = Glass(), Faults()
        app = BoardApp("board-homes", "test", bus, clock, glass, faults=faults)
        async with asyncio.TaskGroup() as tasks:
            board_runs = tasks.create_task(bus.run(), name="board bus")
            hall = Hall(clock, broker, server, bus, glass, board_runs)
            listen(server, DEVICE_ACK, lambda ack, _: hall.acks.append(ack), faults, hall="test")
            listen(
                server,
                DEVICE_STATUS,
                lambda said, _: hall.statuses.append(said),
                faults,
                hall="test",
            )
            running = [
                board_runs,
                tasks.create_task(server.run(), name="server"),
                tasks.create_task(app.run(), name="board"),
                tasks.create_task(hall.beats(), name="beats"),
            ]
            await asyncio.sleep(0.5)
            send(server, CATALOGUE, Catalogue(seq=1, plan=PLAN), hall="test")
            await asyncio.sleep(0.5)
            await story(hall)
            for task in running:
                task.cancel()
        assert faults.total == 0

    virtual_time.run(main, NOW)


def test_a_call_is_on_the_glass_within_a_frame_and_reported_once() -> None:
    async def story(hall: Hall) -> None:
        hall.publish(snapshot(call("B122", "12", 9)))
        await asyncio.sleep(0.02)
        assert hall.glass.now.says("B122")
        await asyncio.sleep(10)
        hall.publish(snapshot(call("B122", "12", 9), seq=10))
        await asyncio.sleep(1)
        assert [(ack.what, ack.ticket, ack.seq) for ack in hall.acks] == [("shown", "t-B122", 9)]

    tell(story)


def test_a_recall_is_reported_again_with_its_own_number() -> None:
    async def story(hall: Hall) -> None:
        hall.publish(snapshot(call("B122", "12", 9)))
        await asyncio.sleep(1)
        hall.publish(snapshot(call("B122", "12", 15)))
        await asyncio.sleep(1)
        assert [ack.seq for ack in hall.acks] == [9, 15]
        assert hall.glass.now.texts().count("B122") == 1

    tell(story)


def test_a_board_at_rest_paints_seldom_and_one_that_blinks_paints_often() -> None:
    async def story(hall: Hall) -> None:
        hall.publish(snapshot(call("B121", "7", 5, age_s=60)))
        await asyncio.sleep(1)
        before = len(hall.glass.screens)
        await asyncio.sleep(10)
        assert len(hall.glass.screens) - before <= 12
        hall.publish(snapshot(call("B122", "12", 9, age_s=-10)))
        before = len(hall.glass.screens)
        await asyncio.sleep(2)
        assert len(hall.glass.screens) - before >= 50

    tell(story)


def test_without_beats_the_board_says_so_and_keeps_its_clock_running() -> None:
    async def story(hall: Hall) -> None:
        hall.publish(snapshot(call("B122", "12", 9)))
        await asyncio.sleep(1)
        hall.beating = False
        await asyncio.sleep(7)
        assert hall.glass.now.says("画面停在 10:24")
        await asyncio.sleep(60)
        assert hall.glass.now.says("10:25")
        assert hall.statuses[-1].facts["server"] == "lost"
        hall.beating = True
        await asyncio.sleep(1.5)
        assert not hall.glass.now.says("画面停在")
        assert hall.statuses[-1].facts["server"] == "there"

    tell(story)


def test_a_board_that_was_away_during_twenty_calls_shows_what_the_last_snapshot_says() -> None:
    async def story(hall: Hall) -> None:
        hall.publish(snapshot(call("B100", "1", 1)))
        await asyncio.sleep(1)
        hall.board.lose_connection()
        last = snapshot()
        for seq in range(2, 22):
            last = snapshot(call(f"B{100 + seq}", "1", seq, age_s=-seq), seq=seq)
            hall.publish(last)
        await asyncio.sleep(40)
        rows = [one.text for one in hall.glass.now.labels() if one.runs[0].size == 150]
        assert rows == ["B121", "1"]
        assert hall.acks[-1].seq == 21

    tell(story)


def test_a_board_that_dies_is_known_to_be_gone() -> None:
    async def story(hall: Hall) -> None:
        assert [said.online for said in hall.statuses][-1:] == [True]
        hall.board.kill()
        hall.board_runs.cancel()
        await asyncio.sleep(30)
        assert [said.online for said in hall.statuses][-1:] == [False]
        assert hall.statuses[-1].kind == "board"

    tell(story)


def test_all_boards_show_the_servers_clock_whatever_their_own_says() -> None:
    async def story(hall: Hall) -> None:
        hall.clock.jump(timedelta(hours=3))
        send(hall.server, BEAT, beat(NOW), hall="test")
        hall.beating = False
        await asyncio.sleep(0.1)
        hall.publish(snapshot())
        await asyncio.sleep(0.1)
        assert hall.glass.now.says("10:24")

    tell(story)


def test_a_board_ends_when_its_window_is_closed_and_a_touch_means_nothing() -> None:
    class Closing(Glass):
        def events(self) -> list[Event]:
            return [Touch("down", 3, 4)]

        @property
        def closed(self) -> bool:
            return len(self.screens) > 2

    async def main(clock: LoopClock) -> None:
        bus = MemoryBus(MemoryBroker(Random(1)), "board-homes", ALL)
        await BoardApp("board-homes", "test", bus, clock, Closing()).run()

    virtual_time.run(main, NOW)
