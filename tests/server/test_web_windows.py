"""Windows over HTTP: every action of a clerk, the reason of a call, and whose window it is."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from paihao_hall import commands as c
from paihao_hall.plan import MissedPolicy
from paihao_server.web import windows
from tests.hall.builders import a_plan
from tests.server.web_hall import WebHall, web_hall


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[WebHall]:
    plan = a_plan(missed=MissedPolicy(calls=2, interval_s=30, back_n=1))
    async with web_hall(tmp_path, plan) as running:
        yield running


async def refused(hall: WebHall, path: str, role: str = "manager", **body: object) -> str:
    """Return the code with which an action is refused; a refusal is a 409."""
    answer = await hall.post(path, body, role)
    assert answer.status == 409, await answer.text()
    return str((await answer.json())["code"])


async def test_a_visit_from_call_to_completion(hall: WebHall) -> None:
    await hall.take()
    opened = await hall.act("w1", "open")
    assert (opened["window"]["state"], opened["ticket"]) == ("idle", None)
    called = await hall.act("w1", "call-next")
    assert called["ticket"]["number"] == "A001"
    assert called["window"]["state"] == "called"
    assert called["reason"]["candidates"][0]["number"] == "A001"
    assert called["seq"] == hall.log.last_seq
    started = await hall.act("w1", "start")
    assert started["window"]["state"] == "serving"
    done = await hall.act("w1", "complete", outcome="accepted", case="2026-17")
    assert (done["ticket"]["state"], done["ticket"]["outcome"]) == ("finished", "accepted")
    assert done["window"]["state"] == "idle"


async def test_nobody_waiting_is_an_answer_and_no_error(hall: WebHall) -> None:
    await hall.act("w1", "open")
    called = await hall.act("w1", "call-next")
    assert called["ticket"] is None
    assert called["reason"] is None


async def test_complete_calls_the_next_in_the_same_request(hall: WebHall) -> None:
    await hall.take()
    await hall.take()
    await hall.act("w1", "open")
    await hall.act("w1", "call-next")
    await hall.act("w1", "start")
    answer = await hall.act("w1", "complete", then="call-next")
    assert answer["completed"]["number"] == "A001"
    assert answer["ticket"]["number"] == "A002"
    assert answer["reason"]["rule"] == "most-urgent"


async def test_complete_that_is_refused_calls_nobody(hall: WebHall) -> None:
    await hall.take()
    await hall.act("w1", "open")
    code = await refused(hall, "/api/v1/windows/w1/complete", then="call-next")
    assert code == "nothing-called"
    assert hall.dispatcher.hall.queues["A"].waiting() == 1


async def test_complete_and_call_repeated_with_its_key_does_it_once(hall: WebHall) -> None:
    for _ in range(3):
        await hall.take()
    await hall.act("w1", "open")
    await hall.act("w1", "call-next")
    await hall.act("w1", "start")
    key = {"Idempotency-Key": "F9"}
    first = await hall.post("/api/v1/windows/w1/complete", {"then": "call-next"}, **key)
    again = await hall.post("/api/v1/windows/w1/complete", {"then": "call-next"}, **key)
    assert await first.json() == await again.json()
    assert hall.dispatcher.hall.queues["A"].waiting() == 1


async def test_recall_waits_for_its_interval_and_says_how_long(hall: WebHall) -> None:
    await hall.take()
    await hall.act("w1", "open")
    await hall.act("w1", "call-next")
    hall.clock.forward(seconds=12)
    answer = await hall.post("/api/v1/windows/w1/recall", {})
    problem = await answer.json()
    assert (answer.status, problem["code"]) == (409, "recall-too-soon")
    assert problem["facts"]["wait_s"] == 18
    assert problem["detail"] == "18 秒后才能再呼"
    hall.clock.forward(seconds=18)
    assert (await hall.act("w1", "recall"))["ticket"]["calls"] == 2


async def test_a_missed_ticket_comes_back_by_its_number(hall: WebHall) -> None:
    await hall.take()
    await hall.act("w1", "open")
    await hall.act("w1", "call-next")
    hall.clock.forward(seconds=31)
    await hall.act("w1", "recall")
    hall.clock.forward(seconds=31)
    assert (await hall.act("w1", "missed"))["ticket"]["state"] == "missed"
    answer = await hall.post("/api/v1/windows/w1/bring-back", {"number": " a001 "}, "guide")
    assert (answer.status, (await answer.json())["ticket"]["state"]) == (200, "waiting")


async def test_hold_bring_back_transfer_and_return(hall: WebHall) -> None:
    ticket = await hall.take()
    await hall.act("w1", "open")
    await hall.act("w1", "call-next")
    await hall.act("w1", "start")
    assert (await hall.act("w1", "hold"))["ticket"]["state"] == "held"
    back = await hall.act("w1", "bring-back", ticket=ticket["id"])
    assert (back["ticket"]["state"], back["reason"]["rule"]) == ("called", "held")
    assert back["reason"]["sentence"]["zh"] == "这是本窗口挂起的号"
    assert (await hall.act("w1", "return"))["ticket"]["state"] == "waiting"
    await hall.act("w1", "call-next")
    moved = await hall.act("w1", "transfer", service="sB", note="先办 B")
    assert (moved["ticket"]["queue"], moved["ticket"]["issued_at"]) == ("B", ticket["issued_at"])


async def test_pause_resume_and_close(hall: WebHall) -> None:
    await hall.act("w1", "open")
    paused = await hall.act("w1", "pause", reason="lunch", until="2026-03-18T05:00:00Z")
    assert (paused["window"]["state"], paused["window"]["reason"]) == ("paused", "lunch")
    assert await refused(hall, "/api/v1/windows/w1/call-next") == "window-paused"
    assert (await hall.act("w1", "resume"))["window"]["state"] == "idle"
    assert (await hall.act("w1", "close"))["window"]["state"] == "closed"
    assert await refused(hall, "/api/v1/windows/w1/call-next") == "window-closed"


async def test_an_action_kept_while_the_server_was_away_tells_both_times(hall: WebHall) -> None:
    ticket = await hall.take()
    await hall.act("w1", "open")
    await hall.act("w1", "call-next")
    await hall.act("w1", "start")
    hall.clock.forward(minutes=5)
    await hall.act("w1", "complete", outcome="accepted", noted_at="2026-03-18T01:02:03Z")
    story = await (await hall.get(f"/api/v1/tickets/{ticket['id']}/timeline")).json()
    late, done = story["events"][-2:]
    assert late["facts"]["text"] == "09:02:03 按下“办结”，连接恢复后补报"
    assert (done["type"], done["at"]) == ("ServiceCompleted", "2026-03-18T01:05:00Z")


async def test_an_action_kept_for_one_ticket_never_ends_another(hall: WebHall) -> None:
    first, second = await hall.take(), await hall.take()
    await hall.act("w1", "open")
    await hall.act("w1", "call-next")
    await hall.act("w1", "start")
    kept = {"outcome": "accepted", "noted_at": "2026-03-18T01:02:03Z", "ticket": first["id"]}
    path, key = "/api/v1/windows/w1/complete", {"Idempotency-Key": "kept-1"}
    assert (await hall.post(path, kept, **key)).status == 200
    await hall.act("w1", "call-next")
    await hall.act("w1", "start")
    late = await hall.post(path, kept)
    assert (late.status, (await late.json())["code"]) == (409, "ticket-gone")
    assert (await late.json())["detail"] == "A001 已经不在这个窗口，看一眼它现在的状态"
    assert hall.dispatcher.hall.tickets[second["id"]].state == "serving"
    assert (await hall.post(path, kept, **key)).status == 200, "the same press is the same answer"


@pytest.mark.parametrize(
    ("action", "body", "field"),
    [
        ("pause", {"reason": "tea"}, "reason"),
        ("pause", {}, "reason"),
        ("pause", {"reason": "lunch", "until": "2026-03-18T05:00:00"}, "until"),
        ("transfer", {}, "queue"),
        ("transfer", {"queue": "B", "service": "sB"}, "queue"),
        ("bring-back", {}, "ticket"),
        ("note", {"text": ""}, "text"),
        ("complete", {"then": "call-any"}, "then"),
        ("call-next", {"ticket": "A001"}, "ticket"),
        ("open", {"clerk": "a\nb"}, "clerk"),
    ],
)
async def test_a_body_that_is_wrong_names_its_field(
    hall: WebHall, action: str, body: dict[str, str], field: str
) -> None:
    await hall.take()
    await hall.act("w1", "open")
    await hall.act("w1", "call-next")
    answer = await hall.post(f"/api/v1/windows/w1/{action}", body)
    problem = await answer.json()
    assert (answer.status, problem["code"]) == (422, "invalid-body")
    assert problem["facts"]["field"] == field


async def test_one_machine_drives_many_windows_each_with_a_clerk_of_its_own(hall: WebHall) -> None:
    for window in ("w1", "w2", "w3"):
        assert (await hall.post(f"/api/v1/windows/{window}/open", {}, "clerk")).status == 200
    clerks = {name: w.clerk for name, w in hall.dispatcher.hall.windows.items() if w.clerk}
    assert clerks == {"w1": "m-clerk/w1", "w2": "m-clerk/w2", "w3": "m-clerk/w3"}
    assert (await hall.post("/api/v1/windows/w2/call-next", {}, "clerk")).status == 200


async def test_a_machine_names_the_person_at_the_window(hall: WebHall) -> None:
    await hall.post("/api/v1/windows/w1/open", {"clerk": "E0312"}, "clerk")
    assert hall.dispatcher.hall.windows["w1"].clerk == "E0312"
    wrong = await hall.post("/api/v1/windows/w1/call-next", {"clerk": "E0999"}, "clerk")
    assert (wrong.status, (await wrong.json())["code"]) == (403, "not-your-window")
    assert (await hall.post("/api/v1/windows/w1/call-next", {"clerk": "E0312"})).status == 200


async def test_a_clerk_acts_only_at_the_window_they_opened(hall: WebHall) -> None:
    await hall.act("w1", "open", clerk="E0999")
    await hall.log_in("clerk", window="w2")
    there = {"Sec-Fetch-Site": "same-origin"}
    open_ = await hall.client.post("/api/v1/windows/w2/open", json={}, headers=there)
    own = await hall.client.post("/api/v1/windows/w2/call-next", json={}, headers=there)
    other = await hall.client.post("/api/v1/windows/w1/call-next", json={}, headers=there)
    posing = await hall.client.post(
        "/api/v1/windows/w1/call-next", json={"clerk": "E0999"}, headers=there
    )
    assert [open_.status, own.status, other.status, posing.status] == [200, 200, 403, 403]
    assert hall.dispatcher.hall.windows["w2"].clerk == "clerk"
    assert (await other.json())["detail"] == "窗口 w1 不是您的，先开窗或接班"


async def test_a_press_that_a_takeover_overtakes_is_refused(
    hall: WebHall, monkeypatch: pytest.MonkeyPatch
) -> None:
    await hall.take()
    await hall.log_in("clerk", window="w2")
    there = {"Sec-Fetch-Site": "same-origin"}
    await hall.client.post("/api/v1/windows/w2/open", json={}, headers=there)
    check = windows.check_window
    takeovers = []

    def overtaken(*of: Any) -> str:
        expected = check(*of)
        takeover = c.OpenWindow(id="t", actor="x", window="w2", clerk="E0999", takeover=True)
        takeovers.append(hall.dispatcher.submit(takeover))
        return expected

    monkeypatch.setattr(windows, "check_window", overtaken)
    late = await hall.client.post("/api/v1/windows/w2/call-next", json={}, headers=there)
    problem = await late.json()
    assert (late.status, problem["code"]) == (409, "window-taken")
    assert problem["detail"] == "窗口 w2 现由 E0999 登录，请接班或换窗口"
    assert hall.dispatcher.hall.windows["w2"].ticket is None


async def test_fifty_presses_at_once_call_nobody_twice_and_lose_nobody(hall: WebHall) -> None:
    for _ in range(30):
        await hall.take()
    for window in ("w1", "w2", "w3"):
        await hall.act(window, "open")

    async def serve(window: str) -> list[str]:
        numbers = []
        while (called := await hall.act(window, "call-next"))["ticket"] is not None:
            numbers.append(called["ticket"]["number"])
            await hall.act(window, "start")
            await hall.act(window, "complete")
        return numbers

    served = await asyncio.gather(*(serve(window) for window in ("w1", "w2", "w3")))
    assert sorted(n for numbers in served for n in numbers) == [f"A{n:03}" for n in range(1, 31)]
