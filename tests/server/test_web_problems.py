"""Everything that goes wrong over HTTP is a problem+json with a stable code, in two languages."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, get_args

import pytest
from aiohttp import ClientResponse

from paihao_hall.refusals import REFUSALS, RefusalCode, RefusedError
from paihao_server.web import problems, words
from paihao_server.web.problems import ProblemError
from tests.server.web_hall import WebHall, web_hall


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[WebHall]:
    async with web_hall(tmp_path) as running:
        yield running


async def problem_of(answer: ClientResponse) -> dict[str, Any]:
    """Return the body, checked to be a whole problem."""
    assert answer.content_type == "application/problem+json", await answer.text()
    body: dict[str, Any] = await answer.json(content_type=None)
    assert body["status"] == answer.status
    assert body["type"] == f"urn:paihao:problem:{body['code']}"
    assert body["title"]
    assert body["detail"]
    assert body["instance"] == answer.url.path
    return body


async def test_an_address_that_is_not_there(hall: WebHall) -> None:
    answer = await hall.get("/api/v1/nothing")
    assert (answer.status, (await problem_of(answer))["code"]) == (404, "not-found")


async def test_a_method_that_the_address_does_not_take(hall: WebHall) -> None:
    answer = await hall.client.delete("/api/v1/tickets", headers=hall.bearer("manager"))
    problem = await problem_of(answer)
    assert (answer.status, problem["code"]) == (405, "method-not-allowed")
    assert problem["facts"] == {"method": "DELETE", "allowed": ["POST"]}


async def test_a_body_that_is_too_large(hall: WebHall) -> None:
    answer = await hall.post("/api/v1/tickets", {"service": "x" * 70_000})
    assert (answer.status, (await problem_of(answer))["code"]) == (413, "too-large")


@pytest.mark.parametrize("body", [b"{", b"{]", b'{"service": "sA"', b"\xff\xfe", b"nonsense"])
async def test_a_body_that_is_no_json(hall: WebHall, body: bytes) -> None:
    answer = await hall.client.post("/api/v1/tickets", data=body, headers=hall.bearer("manager"))
    assert (answer.status, (await problem_of(answer))["code"]) == (400, "invalid-json")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "service"),
        ({"service": 7}, "service"),
        ({"service": "sA", "class": None}, "class"),
        ({"service": "sA", "colour": "red"}, "colour"),
        ([], "body"),
    ],
)
async def test_a_body_of_the_wrong_form_names_the_field(
    hall: WebHall, body: object, field: str
) -> None:
    answer = await hall.post("/api/v1/tickets", body)
    problem = await problem_of(answer)
    assert (answer.status, problem["code"]) == (422, "invalid-body")
    assert problem["facts"]["field"] == field
    assert field in problem["detail"]


@pytest.mark.parametrize(
    ("method", "path", "body", "code"),
    [
        ("POST", "/api/v1/tickets", {"service": "none"}, "unknown-service"),
        ("POST", "/api/v1/tickets", {"service": "sA", "class": "vip"}, "unknown-class"),
        ("GET", "/api/v1/tickets/none", None, "unknown-ticket"),
        ("GET", "/api/v1/tickets/none/timeline", None, "unknown-ticket"),
        ("POST", "/api/v1/tickets/none/cancel", {}, "unknown-ticket"),
        ("POST", "/api/v1/windows/none/open", {}, "unknown-window"),
        ("POST", "/api/v1/windows/none/call-next", {}, "unknown-window"),
    ],
)
async def test_an_unknown_id_is_not_found(
    hall: WebHall, method: str, path: str, body: object, code: str
) -> None:
    answer = await hall.client.request(method, path, json=body, headers=hall.bearer("manager"))
    assert (answer.status, (await problem_of(answer))["code"]) == (404, code)


async def test_the_words_come_in_the_language_asked_for(hall: WebHall) -> None:
    path = "/api/v1/windows/w1/call-next"
    english = await hall.post(path, {}, **{"Accept-Language": "en-GB, zh;q=0.5"})
    chinese = await hall.post(path, {}, **{"Accept-Language": "zh-CN,en;q=0.8"})
    other = await hall.post(path, {}, **{"Accept-Language": "fr"})
    assert (await problem_of(english))["detail"] == "window w1 is closed; open it first"
    assert (await problem_of(chinese))["detail"] == "窗口 w1 还没开，先开窗"
    assert (await problem_of(other))["detail"] == "窗口 w1 还没开，先开窗"


async def test_a_stopped_dispatcher_is_said_and_health_says_it_too(hall: WebHall) -> None:
    hall.log.fail_next = True
    lost = await hall.post("/api/v1/tickets", {"service": "sA"})
    after = await hall.post("/api/v1/tickets", {"service": "sA"})
    for answer in (lost, after):
        assert (answer.status, (await problem_of(answer))["code"]) == (503, "stopped")
        assert answer.headers["Retry-After"] == "2"
    health = await hall.client.get("/healthz")
    assert health.status == 503
    assert (await health.json()) == {
        "ok": False, "hall": "hall", "seq": hall.log.last_seq, "log_writable": False,
    }  # fmt: skip


async def test_a_failure_of_ours_is_noted_and_answered(
    hall: WebHall, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("paihao_server.web.views.hall_view", broken)
    answer = await hall.get("/api/v1/hall")
    assert (answer.status, (await problem_of(answer))["code"]) == (500, "failed")
    assert "ZeroDivisionError" in caplog.text


@pytest.mark.parametrize("code", get_args(RefusalCode))
def test_every_refusal_has_words_in_both_languages(code: RefusalCode) -> None:
    assert code in REFUSALS
    for language in ("zh", "en"):
        bare = problems.problem(RefusedError(code), "/x", language)
        assert bare.detail
        assert "{" not in bare.detail
        assert bare.status in (404, 409)


def test_every_problem_of_the_edge_has_a_status_and_words() -> None:
    assert problems.STATUS.keys() == words.PROBLEMS.keys()
    assert not problems.STATUS.keys() & REFUSALS.keys()
    for code in problems.STATUS:
        assert "{" not in problems.problem(ProblemError(code), "/x", "en").detail


def test_facts_stand_in_the_problem_as_data() -> None:
    reply = problems.reply(RefusedError("window-busy", window="w1", number="A001"), "/x", "en")
    body = json.loads(reply.body)
    assert body["facts"] == {"window": "w1", "number": "A001"}
    assert body["detail"].startswith("A001 is still at this window")
