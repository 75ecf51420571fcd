"""A manager edits the hall file in mid-day: the hall goes on, and nobody is lost or mixed up."""

import asyncio
from collections.abc import Callable

import msgspec
import pytest

from paihao_hall import commands as c
from paihao_hall import contract
from paihao_hall.plan import HallPlan
from paihao_hall.refusals import RefusedError
from paihao_server.dispatcher import Dispatcher
from paihao_server.log.memory import MemoryLog
from tests.hall.builders import Day, a_plan
from tests.hall.invariants import check_state
from tests.server.in_memory import Device, Server, in_the_hall
from tests.server.web_hall import HandClock

Plug = Callable[[Device], None]


def plan_with(revision: str = "r2", **changes: object) -> HallPlan:
    return msgspec.structs.replace(a_plan(), revision=revision, **changes)


def without_green() -> HallPlan:
    return plan_with(classes=a_plan().classes[:1])


def green_ticket_called() -> Day:
    day = Day().open("w1", "w3")
    day.take("A", "green")
    day.call("w1")
    return day


def test_ticket_of_a_dropped_class_goes_back_to_its_line_and_is_called_again() -> None:
    day = green_ticket_called()
    day.do(c.ChangePlan, plan=without_green())
    day.do(c.Return, window="w1")
    check_state(day.hall)
    ticket = day.call("w1")
    assert ticket is not None
    assert ticket.number == "A001"


def test_ticket_of_a_dropped_class_is_transferred_and_called_there() -> None:
    day = green_ticket_called()
    day.do(c.ChangePlan, plan=without_green())
    day.do(c.Transfer, window="w1", queue="B")
    ticket = day.call("w3")
    assert ticket is not None
    assert ticket.number == "A001"


def test_held_ticket_of_a_dropped_class_returns_when_its_window_closes() -> None:
    day = green_ticket_called()
    day.do(c.Start, window="w1")
    day.do(c.Hold, window="w1")
    day.do(c.ChangePlan, plan=without_green())
    day.do(c.CloseWindow, window="w1")
    assert day.line("A", "green") == ["A001"]


def test_missed_ticket_of_a_dropped_class_is_brought_back() -> None:
    day = green_ticket_called()
    ticket = day.hall.windows["w1"].ticket
    assert ticket is not None
    day.miss("w1")
    day.do(c.ChangePlan, plan=without_green())
    day.do(c.BringBack, window="w1", ticket=ticket.id)
    assert day.line("A", "green") == ["A001"]


def test_another_halls_plan_is_refused_because_topics_and_numbers_would_mix() -> None:
    day = Day()
    with pytest.raises(RefusedError, match="plan-of-another-hall"):
        day.do(c.ChangePlan, plan=plan_with(id="other"))
    assert day.hall.plan == a_plan()


async def test_server_does_not_start_on_the_log_of_another_hall() -> None:
    log = MemoryLog()
    await Dispatcher(log, HandClock()).start(a_plan())
    with pytest.raises(RefusedError, match="plan-of-another-hall"):
        await Dispatcher(log, HandClock()).start(plan_with(id="other"))


def test_call_that_shares_a_commit_with_a_new_plan_is_spoken() -> None:
    async def story(server: Server, plug: Plug) -> None:
        speaker = server.device("speaker", "S1").listen(contract.ZONE_CALL, zone="Z")
        plug(speaker)
        await asyncio.sleep(1)
        await press(server, c.OpenWindow, window="w1", clerk="li")
        await press(server, c.IssueTicket, service="sA", class_="regular", ticket="t", token="k")
        await asyncio.gather(
            press(server, c.ChangePlan, plan=plan_with()), press(server, c.CallNext, window="w1")
        )
        await asyncio.sleep(1)
        assert [call.number for call in speaker.got(contract.ZONE_CALL)] == ["A001"]

    in_the_hall(story)


def test_window_closed_and_dropped_in_one_commit_stops_nothing() -> None:
    async def story(server: Server, _: Plug) -> None:
        await press(server, c.OpenWindow, window="w2", clerk="li")
        fewer = plan_with(windows=tuple(w for w in a_plan().windows if w.id != "w2"))
        await asyncio.gather(
            press(server, c.CloseWindow, window="w2"), press(server, c.ChangePlan, plan=fewer)
        )
        await press(server, c.OpenWindow, window="w1", clerk="li")

    in_the_hall(story)


async def press(server: Server, kind: type[c.Command], **facts: object) -> None:
    command = kind(id=f"{kind.__name__}-{facts.get('window', '')}", actor="test", **facts)
    await server.dispatcher.submit(command)
