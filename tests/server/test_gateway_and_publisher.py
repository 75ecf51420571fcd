"""Between bus and dispatcher: what devices ask and what they are told."""

import asyncio
from collections.abc import Callable

import msgspec

from paihao_hall import commands as c
from paihao_hall import contract
from paihao_hall.contract import DeviceAck, DeviceStatus, KioskRequest, WindowKey
from paihao_hall.events import AckRecorded
from paihao_hall.plan import MissedPolicy
from paihao_runtime.memory_bus import BusFaults
from paihao_server.dispatcher import Dispatcher
from paihao_server.log.memory import MemoryLog
from paihao_server.publisher import Publisher
from tests.hall.builders import a_plan
from tests.server.in_memory import Device, Server, in_the_hall

Plug = Callable[[Device], None]


def press(window: str, name: str, **facts: object) -> c.Command:
    kinds: dict[str, type[c.Command]] = {"open": c.OpenWindow, "call": c.CallNext, "start": c.Start}
    kind = kinds[name.split("-")[0]]
    return kind(id=f"{name}-{window}", actor="clerk:x", window=window, **facts)  # type: ignore[call-arg]


def test_kiosk_gets_its_ticket_and_the_same_one_when_it_asks_again() -> None:
    async def story(server: Server, plug: Plug) -> None:
        kiosk = server.device("kiosk", "K1").listen(contract.KIOSK_REPLY, kiosk="K1")
        plug(kiosk)
        for _ in range(3):
            kiosk.say(contract.KIOSK_REQUEST, KioskRequest(id="p1", service="sA"), kiosk="K1")
            await asyncio.sleep(1)
        replies = kiosk.got(contract.KIOSK_REPLY)
        assert len(replies) == 3
        assert {reply.ok for reply in replies} == {True}
        assert {reply.ticket.number for reply in replies if reply.ticket} == {"A001"}
        ticket = replies[0].ticket
        assert ticket is not None
        assert (ticket.ahead, ticket.queue, ticket.zone) == (0, "A", "Z")
        assert "/t/" in ticket.url

    in_the_hall(story)


def test_same_request_id_of_two_kiosks_is_two_tickets() -> None:
    async def story(server: Server, plug: Plug) -> None:
        kiosks = [
            server.device("kiosk", k).listen(contract.KIOSK_REPLY, kiosk=k) for k in ("K1", "K2")
        ]
        for kiosk in kiosks:
            plug(kiosk)
            kiosk.say(contract.KIOSK_REQUEST, KioskRequest(id="1", service="sA"), kiosk=kiosk.name)
        await asyncio.sleep(1)
        numbers = [k.got(contract.KIOSK_REPLY)[0].ticket.number for k in kiosks]  # type: ignore[union-attr]
        assert sorted(numbers) == ["A001", "A002"]

    in_the_hall(story)


def test_refused_request_is_answered_with_its_code() -> None:
    async def story(server: Server, plug: Plug) -> None:
        kiosk = server.device("kiosk", "K1").listen(contract.KIOSK_REPLY, kiosk="K1")
        plug(kiosk)
        kiosk.say(contract.KIOSK_REQUEST, KioskRequest(id="1", service="nothing"), kiosk="K1")
        await asyncio.sleep(1)
        (reply,) = kiosk.got(contract.KIOSK_REPLY)
        assert (reply.ok, reply.error, reply.ticket) == (False, "unknown-service", None)
        assert server.gateway.refused["unknown-service"] == 1

    in_the_hall(story)


def test_broken_payload_is_counted_and_the_hall_goes_on() -> None:
    async def story(server: Server, plug: Plug) -> None:
        kiosk = server.device("kiosk", "K1").listen(contract.KIOSK_REPLY, kiosk="K1")
        plug(kiosk)
        path = contract.KIOSK_REQUEST.path(hall="hall", kiosk="K1")
        for body in (b"", b"{", b"\xff\xfe", b'{"id": 7}', b"[" * 5000, b"null"):
            kiosk.bus.publish(path, body, qos=1, retain=False)
        kiosk.say(contract.KIOSK_REQUEST, KioskRequest(id="1", service="sA"), kiosk="K1")
        await asyncio.sleep(2)
        assert server.faults.total == 5  # an empty body clears a retained message; it says nothing
        assert kiosk.got(contract.KIOSK_REPLY)[-1].ok

    in_the_hall(story)


def test_callers_keys_run_a_window() -> None:
    async def story(server: Server, plug: Plug) -> None:
        box = server.device("window", "w1").listen(contract.WINDOW_STATE, window="w1")
        plug(box)
        await server.dispatcher.submit(press("w1", "open", clerk="x"))
        await server.dispatcher.submit(
            c.IssueTicket(
                id="i", actor="k", service="sA", class_="regular", ticket="t", token="tok"
            )
        )
        for number, action in enumerate(("call-next", "start", "complete")):
            key = WindowKey(id=str(number), action=action)  # type: ignore[arg-type]
            box.say(contract.WINDOW_KEY, key, window="w1")
            box.say(contract.WINDOW_KEY, key, window="w1")  # a bouncing key
            await asyncio.sleep(1)
        states = [s.state for s in box.got(contract.WINDOW_STATE)]
        assert [s for i, s in enumerate(states) if i == 0 or states[i - 1] != s] == [
            "idle",
            "called",
            "serving",
            "idle",
        ]

    in_the_hall(story)


def test_call_is_spoken_once_per_call_and_board_shows_it_with_the_same_number() -> None:
    async def story(server: Server, plug: Plug) -> None:
        speaker = server.device("speaker", "S1").listen(contract.ZONE_CALL, zone="Z")
        board = server.device("board", "B1").listen(contract.BOARD, zone="Z")
        plug(speaker)
        plug(board)
        await server.dispatcher.submit(press("w1", "open", clerk="x"))
        await server.dispatcher.submit(
            c.IssueTicket(
                id="i", actor="k", service="sA", class_="regular", ticket="t", token="tok"
            )
        )
        await server.dispatcher.submit(press("w1", "call"))
        await asyncio.sleep(1)
        await server.dispatcher.submit(c.Recall(id="r", actor="clerk:x", window="w1"))
        await asyncio.sleep(1)
        calls = speaker.got(contract.ZONE_CALL)
        assert [(call.number, call.window_number, call.times) for call in calls] == [
            ("A001", "1", 1),
            ("A001", "1", 2),
        ]
        assert len({call.id for call in calls}) == 2
        shown = board.got(contract.BOARD)[-1].calls
        assert [(call.number, call.seq) for call in shown] == [("A001", calls[-1].seq)]

    in_the_hall(story, a_plan(missed=MissedPolicy(interval_s=0)))


def test_board_that_was_away_repaints_from_the_retained_snapshot() -> None:
    async def story(server: Server, plug: Plug) -> None:
        await server.dispatcher.submit(press("w1", "open", clerk="x"))
        for number in range(20):
            ticket = f"t{number}"
            await server.dispatcher.submit(
                c.IssueTicket(
                    id=ticket,
                    actor="k",
                    service="sA",
                    class_="regular",
                    ticket=ticket,
                    token=ticket,
                )
            )
        await server.dispatcher.submit(press("w1", "call"))
        await asyncio.sleep(1)
        late = server.device("board", "B1").listen(contract.BOARD, zone="Z")
        plug(late)
        await asyncio.sleep(1)
        snapshot = late.got(contract.BOARD)[-1]
        assert snapshot.waiting == 19
        assert [call.number for call in snapshot.calls] == ["A001"]

    in_the_hall(story)


def test_rush_at_the_kiosks_does_not_flood_the_boards() -> None:
    async def story(server: Server, plug: Plug) -> None:
        board = server.device("board", "B1").listen(contract.BOARD, zone="Z")
        plug(board)
        await asyncio.sleep(1)
        before = len(board.heard)
        for number in range(1000):
            ticket = f"t{number}"
            await server.dispatcher.submit(
                c.IssueTicket(
                    id=ticket,
                    actor="k",
                    service="sA",
                    class_="regular",
                    ticket=ticket,
                    token=ticket,
                )
            )
            await asyncio.sleep(0.001)
        await asyncio.sleep(1)
        assert len(board.heard) - before <= 10
        assert board.got(contract.BOARD)[-1].waiting == 1000

    in_the_hall(story)


def test_all_snapshots_are_published_again_after_the_broker_lost_them() -> None:
    async def story(server: Server, plug: Plug) -> None:
        await asyncio.sleep(1)
        server.broker.stop(forget=True)
        await asyncio.sleep(1)
        server.broker.start()
        await asyncio.sleep(15)
        kept = server.broker.retained
        assert contract.CATALOGUE.path(hall="hall") in kept
        assert contract.BOARD.path(hall="hall", zone="Z") in kept
        assert contract.WINDOW_STATE.path(hall="hall", window="w1") in kept

    in_the_hall(story)


def test_confirmations_are_in_the_log_once_however_often_they_come() -> None:
    async def story(server: Server, plug: Plug) -> None:
        kiosk = server.device("kiosk", "K1").listen(contract.KIOSK_REPLY, kiosk="K1")
        plug(kiosk)
        kiosk.say(contract.KIOSK_REQUEST, KioskRequest(id="1", service="sA"), kiosk="K1")
        await asyncio.sleep(1)
        ticket = kiosk.got(contract.KIOSK_REPLY)[0].ticket
        assert ticket is not None
        ack = DeviceAck(
            id="a", what="printed", ticket=ticket.id, seq=ticket.seq, at=server.clock.now()
        )
        for _ in range(3):
            kiosk.say(contract.DEVICE_ACK, ack, device="K1")
        await asyncio.sleep(1)
        acks = [r.event for r in server.log.records if isinstance(r.event, AckRecorded)]
        assert [(a.ticket, a.what, a.device) for a in acks] == [(ticket.id, "printed", "K1")]

    in_the_hall(story, faults=BusFaults(duplicate=0.5))


def test_what_a_device_says_of_itself_is_known() -> None:
    async def story(server: Server, plug: Plug) -> None:
        kiosk = server.device("kiosk", "K1")
        plug(kiosk)
        status = DeviceStatus(online=True, kind="kiosk", facts={"printer": "ready"})
        kiosk.say(contract.DEVICE_STATUS, status, device="K1")
        await asyncio.sleep(1)
        assert server.gateway.devices["K1"].facts == {"printer": "ready"}

    in_the_hall(story)


def test_server_that_starts_in_mid_day_still_clears_the_strip_of_a_window_it_found_serving() -> (
    None
):
    async def story(server: Server, plug: Plug) -> None:
        box = server.device("window", "w1").listen(contract.WINDOW_STATE, window="w1")
        plug(box)
        for command in (
            c.IssueTicket(id="1", actor="x", service="sA", class_="regular", ticket="t", token="k"),
            press("w1", "open", clerk="x"),
            press("w1", "call"),
            press("w1", "start"),
        ):
            await server.dispatcher.submit(command)
        await asyncio.sleep(1)
        restarted = Dispatcher(MemoryLog(server.log.records), server.clock)
        await restarted.start(server.plan)
        Publisher(restarted, server.bus, server.clock)
        running = asyncio.create_task(restarted.run(), name="restarted")
        await restarted.submit(c.Complete(id="done", actor="clerk:x", window="w1"))
        await asyncio.sleep(1)
        running.cancel()
        states = box.got(contract.WINDOW_STATE)
        assert (states[-1].state, states[-1].ticket) == ("idle", None)

    in_the_hall(story)


def test_ticket_that_is_transferred_to_another_zone_leaves_the_board_of_its_own() -> None:
    async def story(server: Server, plug: Plug) -> None:
        board = server.device("board", "B1").listen(contract.BOARD, zone="Z")
        plug(board)
        for command in (
            c.IssueTicket(id="1", actor="x", service="sA", class_="regular", ticket="t", token="k"),
            press("w1", "open", clerk="x"),
            press("w1", "call"),
            press("w1", "start"),
        ):
            await server.dispatcher.submit(command)
        await asyncio.sleep(1)
        assert [call.number for call in board.got(contract.BOARD)[-1].recent] == ["A001"]
        away = c.Transfer(id="away", actor="clerk:x", window="w1", queue="B")
        await server.dispatcher.submit(away)
        await asyncio.sleep(1)
        shown = board.got(contract.BOARD)[-1]
        assert (shown.calls, shown.recent) == ((), ())

    plan = a_plan()
    upstairs = msgspec.structs.replace(plan.zones[0], id="Y")
    queues = tuple(
        msgspec.structs.replace(queue, zone="Y") if queue.id == "B" else queue
        for queue in plan.queues
    )
    plan = msgspec.structs.replace(plan, zones=(*plan.zones, upstairs), queues=queues)
    in_the_hall(story, plan)
