"""Tickets over HTTP: give, look, tell the story, cancel; once per key."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.server.web_hall import WebHall, web_hall


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[WebHall]:
    async with web_hall(tmp_path) as running:
        yield running


async def test_a_number_is_given_with_what_the_citizen_wants_to_know(hall: WebHall) -> None:
    await hall.act("w1", "open")
    answer = await hall.post("/api/v1/tickets", {"service": "sA", "class": "regular"}, "guide")
    ticket = await answer.json()
    assert answer.status == 201
    assert answer.headers["Location"] == f"/api/v1/tickets/{ticket['id']}"
    assert ticket["number"] == "A001"
    assert (ticket["queue"], ticket["zone"], ticket["ahead"]) == ("A", "Z", 0)
    assert ticket["wait"]["low_s"] <= ticket["wait"]["high_s"]
    assert ticket["issued_at"] == "2026-03-18T01:00:00Z"
    assert ticket["seq"] == hall.log.last_seq
    assert ticket["url"].startswith("http://127.0.0.1:8080/t/")


async def test_without_an_open_window_the_wait_is_unknown(hall: WebHall) -> None:
    assert (await hall.take())["wait"] is None


async def test_the_same_key_again_is_the_same_ticket_word_for_word(hall: WebHall) -> None:
    key = {"Idempotency-Key": "press-1"}
    first = await hall.post("/api/v1/tickets", {"service": "sA"}, **key)
    await hall.take()
    again = await hall.post("/api/v1/tickets", {"service": "sA"}, **key)
    assert (again.status, await again.read()) == (first.status, await first.read())
    assert again.headers["Location"] == first.headers["Location"]
    assert len(hall.dispatcher.hall.tickets) == 2


async def test_the_same_key_twenty_times_at_once_is_one_ticket(hall: WebHall) -> None:
    async def press() -> bytes:
        answer = await hall.post("/api/v1/tickets", {"service": "sA"}, **{"Idempotency-Key": "k"})
        return await answer.read()

    assert len(set(await asyncio.gather(*(press() for _ in range(20))))) == 1
    assert len(hall.dispatcher.hall.tickets) == 1


async def test_the_same_key_after_a_restart_is_the_same_ticket(
    hall: WebHall, tmp_path: Path
) -> None:
    key = {"Idempotency-Key": "press-1"}
    first = await (await hall.post("/api/v1/tickets", {"service": "sA"}, **key)).json()
    (tmp_path / "after").mkdir()
    async with web_hall(tmp_path / "after", log=hall.log) as restarted:
        again = await restarted.post("/api/v1/tickets", {"service": "sA"}, **key)
        assert again.status == 201
        assert await again.json() == first


async def test_the_same_key_of_another_machine_is_another_ticket(hall: WebHall) -> None:
    for role in ("guide", "manager"):
        await hall.post("/api/v1/tickets", {"service": "sA"}, role, **{"Idempotency-Key": "k"})
    assert len(hall.dispatcher.hall.tickets) == 2


async def test_a_key_with_another_body_is_refused(hall: WebHall) -> None:
    key = {"Idempotency-Key": "k"}
    await hall.post("/api/v1/tickets", {"service": "sA"}, **key)
    answer = await hall.post("/api/v1/tickets", {"service": "sB"}, **key)
    assert answer.status == 422
    assert (await answer.json())["code"] == "key-reused"


async def test_a_refusal_is_repeated_with_its_key(hall: WebHall) -> None:
    key = {"Idempotency-Key": "k"}
    first = await hall.post("/api/v1/windows/w1/call-next", {}, **key)
    await hall.act("w1", "open")
    again = await hall.post("/api/v1/windows/w1/call-next", {}, **key)
    assert (first.status, again.status) == (409, 409)
    assert await first.json() == await again.json()


@pytest.mark.parametrize("key", ["", "with space", "k" * 129, "号"])
async def test_a_key_that_is_none_is_refused(hall: WebHall, key: str) -> None:
    answer = await hall.post("/api/v1/tickets", {"service": "sA"}, **{"Idempotency-Key": key})
    assert (answer.status, (await answer.json())["code"]) == (400, "invalid-key")


async def test_a_ticket_tells_its_present_state(hall: WebHall) -> None:
    ticket = await hall.take()
    await hall.act("w1", "open")
    await hall.act("w1", "call-next")
    now = await (await hall.get(f"/api/v1/tickets/{ticket['id']}", "clerk")).json()
    assert (now["state"], now["window"], now["window_number"]) == ("called", "w1", "1")
    assert now["url"] == ticket["url"]


async def test_an_auditor_sees_a_ticket_but_not_the_key_of_its_page(hall: WebHall) -> None:
    ticket = await hall.take()
    now = await (await hall.get(f"/api/v1/tickets/{ticket['id']}", "auditor")).json()
    assert now["number"] == "A001"
    assert now["url"] is None


async def test_the_timeline_tells_everything_with_the_reason_of_the_call(hall: WebHall) -> None:
    first = await hall.take()
    await hall.take(**{"class": "green"})
    await hall.act("w1", "open")
    hall.clock.forward(minutes=14, seconds=5)
    await hall.act("w1", "call-next")
    await hall.act("w1", "start")
    await hall.act("w1", "complete", outcome="accepted", case="2026-17")
    called = await hall.act("w1", "call-next")
    answer = await hall.get(f"/api/v1/tickets/{called['ticket']['id']}/timeline", "auditor")
    story = await answer.json()
    assert called["ticket"]["id"] == first["id"]
    assert [entry["type"] for entry in story["events"]] == ["TicketIssued", "TicketCalled"]
    reason = story["events"][1]["reason"]
    assert reason["rule"] == "most-urgent"
    assert reason["sentence"]["zh"] == "A001 已等 14:05，目标 10:00（141 %）"
    assert "token" not in story["events"][0]["facts"]
    assert story["events"][0]["facts"]["class"] == "regular"


async def test_a_timeline_is_there_after_a_restart(hall: WebHall, tmp_path: Path) -> None:
    ticket = await hall.take()
    (tmp_path / "after").mkdir()
    async with web_hall(tmp_path / "after", log=hall.log) as restarted:
        story = await (await restarted.get(f"/api/v1/tickets/{ticket['id']}/timeline")).json()
    assert [entry["type"] for entry in story["events"]] == ["TicketIssued"]


async def test_a_guide_cancels_a_ticket_once(hall: WebHall) -> None:
    ticket = await hall.take()
    answer = await hall.post(f"/api/v1/tickets/{ticket['id']}/cancel", {}, "guide")
    assert (answer.status, (await answer.json())["state"]) == (200, "cancelled")
    assert hall.dispatcher.hall.queues["A"].waiting() == 0


async def test_a_called_ticket_cannot_be_cancelled(hall: WebHall) -> None:
    ticket = await hall.take()
    await hall.act("w1", "open")
    await hall.act("w1", "call-next")
    answer = await hall.post(f"/api/v1/tickets/{ticket['id']}/cancel", {}, "guide")
    problem = await answer.json()
    assert (answer.status, problem["code"]) == (409, "ticket-not-waiting")
    assert problem["detail"] == "A001 不在等候，看一眼现在的状态"


async def test_eight_clients_take_two_hundred_each_and_all_numbers_differ(hall: WebHall) -> None:
    async def kiosk() -> list[str]:
        return [(await hall.take())["number"] for _ in range(200)]

    taken = await asyncio.gather(*(kiosk() for _ in range(8)))
    assert len({number for numbers in taken for number in numbers}) == 1600
