"""The kiosk on the bus: against a dispatcher played by the test, in virtual time."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import timedelta
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import msgspec

from paihao_drivers.printer.slip import Slip
from paihao_hall.contract import (
    BEAT,
    BOARD,
    CATALOGUE,
    DEVICE_ACK,
    DEVICE_STATUS,
    KIOSK_REPLY,
    KIOSK_REQUEST,
    Beat,
    Catalogue,
    DeviceAck,
    DeviceStatus,
    KioskReply,
    KioskRequest,
)
from paihao_kiosk.app import KioskApp
from paihao_kiosk.memory import Memory
from paihao_kiosk.pages import Confirm, Home, Message, Page, Printed, Unsure
from paihao_kiosk.pages import PrintOutcome as Outcome
from paihao_kiosk.state import PrinterState
from paihao_runtime import virtual_time
from paihao_runtime.bus import Faults, listen, send
from paihao_runtime.clock import LoopClock
from paihao_runtime.device import last_will
from paihao_runtime.memory_bus import BusFaults, MemoryBroker, MemoryBus
from paihao_runtime.rights import Rights
from tests.kiosk.fixtures import AT, BOARDS, PLAN, board, line, ticket

HALL, ID = "zhengzhou", "K1"
Story = Callable[["Hall"], Coroutine[Any, Any, None]]


class FakePrinter:
    """A printer that does what it is told, one job after the other, once for each."""

    def __init__(self) -> None:
        self.jobs: list[tuple[str, Slip]] = []
        self.outcome: Outcome = "printed"
        self.takes_s = 1.0
        self.state = asyncio.Queue[PrinterState]()

    async def print_slip(self, job: str, slip: Slip, *, copy: bool) -> Outcome:
        self.jobs.append((job, slip))
        await asyncio.sleep(self.takes_s)
        return self.outcome

    async def states(self) -> AsyncIterator[PrinterState]:
        yield "ready"
        while True:
            yield await self.state.get()


class Hall:
    """A broker, a dispatcher that answers when told, and a kiosk."""

    def __init__(self, clock: LoopClock, tasks: asyncio.TaskGroup, folder: Path | None) -> None:
        self.clock = clock
        self.tasks = tasks
        self.folder = folder
        self.broker = MemoryBroker(Random(1), BusFaults())
        self.server = MemoryBus(self.broker, "server", Rights.of(HALL, "server", "server"))
        self.printer = FakePrinter()
        self.requests: list[KioskRequest] = []
        self.acks: list[DeviceAck] = []
        self.statuses: list[DeviceStatus] = []
        self.answering = True
        self.beating = True
        self.running: dict[str, asyncio.Task[None]] = {}
        self.app = self.new_app()
        faults = Faults()
        listen(self.server, KIOSK_REQUEST, self._asked, faults, hall=HALL)
        listen(self.server, DEVICE_ACK, lambda ack, _: self.acks.append(ack), faults, hall=HALL)
        listen(
            self.server,
            DEVICE_STATUS,
            lambda status, _: self.statuses.append(status),
            faults,
            hall=HALL,
        )

    def new_app(self) -> KioskApp:
        ids = count()
        self.bus = MemoryBus(
            self.broker, ID, Rights.of(HALL, "kiosk", ID), will=last_will(HALL, ID, "kiosk")
        )
        return KioskApp(
            hall=HALL,
            kiosk=ID,
            bus=self.bus,
            clock=self.clock,
            printer=self.printer,
            new_id=lambda: f"id-{next(ids)}",
            memory=Memory(self.folder) if self.folder else None,
        )

    def publish_hall(self) -> None:
        send(self.server, CATALOGUE, Catalogue(seq=1, plan=PLAN), hall=HALL)
        for one in BOARDS:
            send(self.server, BOARD, one, hall=HALL, zone=one.zone)

    async def beat(self) -> None:
        while True:
            if self.beating:
                told = Beat(seq=1, at=self.clock.now(), revision=PLAN.revision)
                send(self.server, BEAT, told, hall=HALL)
            await asyncio.sleep(1)

    def answer(self, request: KioskRequest, **more: Any) -> None:
        issued = ticket(id=f"t-{request.id}", **more)
        told = KioskReply(id=request.id, ok=True, seq=9, ticket=issued)
        send(self.server, KIOSK_REPLY, told, hall=HALL, kiosk=ID)

    def page(self) -> Page:
        return self.app.state.page

    async def touch(self, *targets: str) -> None:
        for target in targets:
            await asyncio.sleep(1)
            self.app.touch(target)

    def _asked(self, request: KioskRequest, _ids: dict[str, str]) -> None:
        self.requests.append(request)
        if self.answering:
            self.answer(request)


def tell(story: Story, folder: Path | None = None) -> None:
    async def main(clock: LoopClock) -> None:
        async with hall(clock, folder) as there:
            await story(there)

    virtual_time.run(main, AT)


@asynccontextmanager
async def hall(clock: LoopClock, folder: Path | None) -> AsyncIterator[Hall]:
    async with asyncio.TaskGroup() as tasks:
        there = Hall(clock, tasks, folder)
        there.publish_hall()
        there.running = {
            name: tasks.create_task(work, name=name)
            for name, work in (
                ("server", there.server.run()),
                ("beats", there.beat()),
                ("bus", there.bus.run()),
                ("kiosk", there.app.run()),
            )
        }
        await asyncio.sleep(1.5)
        yield there
        for task in there.running.values():
            task.cancel()


def test_from_a_touch_to_the_slip_and_its_acknowledgement() -> None:
    async def story(hall: Hall) -> None:
        await hall.touch("zone:B", "service:B01", "take")
        await asyncio.sleep(0.1)
        assert [request.service for request in hall.requests] == ["B01"]
        ((job, slip),) = hall.printer.jobs
        assert slip.number == "B146"
        assert slip.marks == ()
        await asyncio.sleep(2)
        assert isinstance(hall.page(), Printed)
        assert [(ack.what, ack.ticket, ack.seq) for ack in hall.acks] == [("printed", job, 812)]

    tell(story)


def test_the_kiosk_says_how_it_and_its_printer_are() -> None:
    async def story(hall: Hall) -> None:
        assert hall.statuses[-1].online
        assert hall.statuses[-1].facts == {"printer": "ready"}
        hall.printer.state.put_nowait("paper-out")
        await asyncio.sleep(1)
        assert hall.statuses[-1].facts == {"printer": "paper-out"}
        assert hall.app.screen().says("本机没纸，号显示在屏幕上")
        hall.bus.kill()
        hall.running["bus"].cancel()
        await asyncio.sleep(30)
        assert not hall.statuses[-1].online

    tell(story)


def test_without_answers_one_press_is_one_id_and_the_late_answer_is_printed() -> None:
    async def story(hall: Hall) -> None:
        hall.answering = False
        await hall.touch("zone:B", "service:B01", "take")
        await asyncio.sleep(12)
        assert hall.page() == Message("no-answer", "B01")
        assert len({request.id for request in hall.requests}) == 1
        assert 4 <= len(hall.requests) <= 6
        for request in hall.requests:  # The dispatcher answers every one alike.
            hall.answer(request)
        await asyncio.sleep(3)
        assert len(hall.printer.jobs) == 1
        assert isinstance(hall.page(), Printed)

    tell(story)


def test_a_dispatcher_that_falls_silent_is_noticed_in_five_seconds_and_so_is_its_return() -> None:
    async def story(hall: Hall) -> None:
        await hall.touch("zone:B", "service:B01")
        hall.beating = False
        await asyncio.sleep(4)
        assert hall.app.screen().target("take").enabled
        await asyncio.sleep(2.5)
        assert not hall.app.screen().target("take").enabled
        hall.beating = True
        await asyncio.sleep(1.5)
        assert hall.app.screen().target("take").enabled
        await hall.touch("take")
        await asyncio.sleep(3)
        assert isinstance(hall.page(), Printed)

    tell(story)


def test_a_printer_that_hangs_is_unsure_in_ten_seconds() -> None:
    async def story(hall: Hall) -> None:
        hall.printer.takes_s = 40
        await hall.touch("zone:B", "service:B01", "take")
        await asyncio.sleep(10.8)
        assert isinstance(hall.page(), Unsure)
        assert [ack.what for ack in hall.acks] == ["unsure"]
        await asyncio.sleep(31)
        assert isinstance(hall.page(), Printed)
        assert [ack.what for ack in hall.acks] == ["unsure", "printed"]

    tell(story)


def test_a_reprint_is_marked_as_a_copy() -> None:
    async def story(hall: Hall) -> None:
        hall.printer.outcome = "not_printed"
        await hall.touch("zone:B", "service:B01", "take")
        await asyncio.sleep(3)
        hall.printer.outcome = "printed"
        await hall.touch("print-again")
        await asyncio.sleep(3)
        (first, _), (second, copy) = hall.printer.jobs
        assert first != second
        assert copy.marks == ("补打 第 1 次 COPY",)
        assert isinstance(hall.page(), Printed)
        assert len(hall.requests) == 1

    tell(story)


def test_broken_and_old_messages_change_nothing() -> None:
    async def story(hall: Hall) -> None:
        await hall.touch("zone:B")
        before = hall.app.state
        for topic, ids in ((BOARD, {"zone": "B"}), (CATALOGUE, {}), (KIOSK_REPLY, {"kiosk": ID})):
            path = topic.path(hall=HALL, **ids)
            hall.server.publish(path, b'{"seq": "x"}', qos=1, retain=False)
        old = msgspec.structs.replace(
            board("B", 1, line("B", 1, 1, 2)), seq=3, at=AT - timedelta(minutes=9)
        )
        send(hall.server, BOARD, old, hall=HALL, zone="B")
        await asyncio.sleep(0.5)
        assert hall.app.faults.total == 3
        assert hall.app.state.boards == before.boards
        assert hall.app.state.plan == before.plan

    tell(story)


def test_an_idle_kiosk_goes_home() -> None:
    async def story(hall: Hall) -> None:
        await hall.touch("zone:B", "service:B01")
        await asyncio.sleep(61)
        assert hall.page() == Home()

    tell(story)


def test_a_kiosk_starts_from_its_own_disk_while_the_hall_is_away(tmp_path: Path) -> None:
    async def first(hall: Hall) -> None:
        assert hall.app.state.plan == PLAN

    tell(first, tmp_path)

    async def second(clock: LoopClock) -> None:
        async with asyncio.TaskGroup() as tasks:
            alone = Hall(clock, tasks, tmp_path)
            running = tasks.create_task(alone.app.run(), name="kiosk")
            await asyncio.sleep(1)
            assert alone.app.screen().says("正在连接大厅系统…")
            await asyncio.sleep(5)
            shown = alone.app.screen()
            assert shown.says("郑州市政务服务大厅")
            assert shown.says("网络断了，暂时不能取号")
            running.cancel()

    virtual_time.run(second, AT)


def test_a_kiosk_killed_before_the_answer_asks_again_under_the_same_id(tmp_path: Path) -> None:
    asked: list[str] = []

    async def first(hall: Hall) -> None:
        hall.answering = False
        await hall.touch("zone:B", "service:B01", "take")
        await asyncio.sleep(0.5)
        asked.append(hall.requests[0].id)

    tell(first, tmp_path)

    async def second(hall: Hall) -> None:
        await asyncio.sleep(3)
        assert [request.id for request in hall.requests] == asked
        assert len(hall.printer.jobs) == 1
        assert isinstance(hall.page(), Printed)

    tell(second, tmp_path)


def test_a_kiosk_killed_while_printing_says_unsure_and_prints_nothing(tmp_path: Path) -> None:
    async def first(hall: Hall) -> None:
        hall.printer.takes_s = 100
        await hall.touch("zone:B", "service:B01", "take")
        await asyncio.sleep(0.5)
        assert len(hall.printer.jobs) == 1

    tell(first, tmp_path)

    async def second(hall: Hall) -> None:
        await asyncio.sleep(3)
        assert hall.printer.jobs == []
        assert [ack.what for ack in hall.acks] == ["unsure"]
        assert isinstance(hall.page(), Home)

    tell(second, tmp_path)


def test_touches_are_points_on_the_screen() -> None:
    async def story(hall: Hall) -> None:
        x, y = hall.app.screen().target("zone:C").rect.centre
        hall.app.press(x, y)
        assert hall.app.state.pressed == "zone:C"
        hall.app.release(x, 10)
        assert hall.page() == Home()
        await asyncio.sleep(1)
        hall.app.press(10, 10)
        hall.app.release(10, 10)
        assert hall.page() == Home()
        await hall.touch("zone:C", "service:C01")
        assert hall.page() == Confirm("C01")

    tell(story)


def test_the_request_leaves_before_anybody_is_told_to_paint() -> None:
    async def story(hall: Hall) -> None:
        order: list[str] = []
        hall.app.on_change(lambda: order.append("paint"))
        publish = hall.bus.publish

        def noting(path: str, body: bytes, **more: Any) -> None:
            order.append(path.rsplit("/", 1)[-1])
            publish(path, body, **more)

        hall.bus.publish = noting  # type: ignore[method-assign]
        await hall.touch("zone:B", "service:B01")
        order.clear()
        await hall.touch("take")
        assert order == ["paint", "request", "paint"]

    tell(story)
