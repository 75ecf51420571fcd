"""The OpenAPI document is whole, and every route answers as it says."""

import json
import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from paihao_server.web.openapi import codes_of
from paihao_server.web.problems import Problem
from paihao_server.web.route import Route
from paihao_server.web.table import ROUTES
from tests.server.web_hall import WebHall, web_hall

TOLD = {route.name: route for route in ROUTES if route.documented}


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[WebHall]:
    async with web_hall(tmp_path) as running:
        yield running


async def document(hall: WebHall) -> dict[str, Any]:
    answer = await hall.get("/api/v1/openapi.json")
    assert answer.status == 200
    found: dict[str, Any] = await answer.json()
    return found


def references(part: Any) -> Iterator[str]:
    """Yield every ``$ref`` in the document."""
    match part:
        case dict():
            for name, value in part.items():
                if name == "$ref":
                    yield value
                else:
                    yield from references(value)
        case list():
            for value in part:
                yield from references(value)
        case _:
            pass


async def test_every_reference_leads_to_a_schema(hall: WebHall) -> None:
    found = await document(hall)
    schemas = {f"#/components/schemas/{name}" for name in found["components"]["schemas"]}
    assert set(references(found["paths"])) | set(references(found["components"])) <= schemas
    assert schemas <= set(references(found)), "a schema that nobody uses"


async def test_every_documented_route_is_in_it_with_its_roles(hall: WebHall) -> None:
    paths = (await document(hall))["paths"]
    for route in TOLD.values():
        operation = paths[route.path][route.method.lower()]
        assert operation["operationId"] == route.name
        assert operation.get("x-roles") == (sorted(route.roles) if route.roles else None)
        assert (operation["security"] == []) == (route.roles is None)
        places = set(re.findall(r"\{(\w+)\}", route.path))
        assert places == {p["name"] for p in operation["parameters"] if p["in"] == "path"}


async def test_required_bodies_are_said_to_be(hall: WebHall) -> None:
    paths = (await document(hall))["paths"]
    assert paths["/api/v1/tickets"]["post"]["requestBody"]["required"] is True
    assert paths["/api/v1/windows/{window}/start"]["post"]["requestBody"]["required"] is False


def check(route: Route, status: int, body: bytes) -> None:
    """Check an answer against what the document says of the route."""
    if status >= 400:
        problem = msgspec.json.decode(body, type=Problem)
        assert problem.code in codes_of(route), (route.name, problem.code)
        return
    assert status == route.status
    if route.answer is not None:
        typed: Any = msgspec.json.decode(body, type=route.answer)
        assert json.loads(msgspec.json.encode(typed)) == json.loads(body), "nothing undeclared"


STORY: tuple[tuple[str, dict[str, str], object], ...] = (
    ("window-open", {"window": "w1"}, {"takeover": True}),
    ("issueTicket", {}, {"service": "sA"}),
    ("issueTicket", {}, {"service": "sB", "class": "green"}),
    ("getTicket", {"ticket": "{first}"}, None),
    ("window-call-next", {"window": "w1"}, {}),
    ("window-call-next", {"window": "w1"}, {}),
    ("window-recall", {"window": "w1"}, {}),
    ("window-missed", {"window": "w1"}, {}),
    ("window-start", {"window": "w1"}, {}),
    ("window-note", {"window": "w1"}, {"text": "材料齐"}),
    ("window-hold", {"window": "w1"}, {}),
    ("window-bring-back", {"window": "w1"}, {"number": "A001"}),
    ("window-return", {"window": "w1"}, {}),
    ("window-call-next", {"window": "w1"}, {}),
    ("window-transfer", {"window": "w1"}, {"queue": "G"}),
    ("window-complete", {"window": "w1"}, {"outcome": "finished"}),
    ("window-pause", {"window": "w1"}, {"reason": "toilet"}),
    ("window-resume", {"window": "w1"}, {}),
    ("window-close", {"window": "w1"}, {}),
    ("getTimeline", {"ticket": "{first}"}, None),
    ("cancelTicket", {"ticket": "{first}"}, {}),
    ("getTicket", {"ticket": "{first}"}, None),
    ("getTicket", {"ticket": "none"}, None),
    ("getHall", {}, None),
    ("health", {}, None),
)
"""One morning over the API: route, ids, body."""


async def test_every_route_answers_as_documented(hall: WebHall) -> None:
    first = ""
    for name, ids, body in STORY:
        route = TOLD[name]
        path = route.path
        for place, value in ids.items():
            path = path.replace(f"{{{place}}}", value.format(first=first))
        answer = await hall.client.request(
            route.method, path, json=body, headers=hall.bearer("manager")
        )
        raw = await answer.read()
        check(route, answer.status, raw)
        if name == "issueTicket":
            first = first or json.loads(raw)["id"]
    json_routes = {n for n, r in TOLD.items() if r.api is not None and r.answer is not None}
    assert {name for name, _, _ in STORY} == json_routes


async def test_what_is_refused_everywhere_is_documented_everywhere(hall: WebHall) -> None:
    for route in TOLD.values():
        path = re.sub(r"\{\w+\}", "none", route.path)
        for headers in ({}, hall.bearer("admin"), hall.bearer("nobody")):
            for body in (b"", b"{", b'{"colour": 1}'):
                answer = await hall.client.request(
                    route.method, path, data=body if route.unsafe else None, headers=headers
                )
                if answer.status >= 400:
                    check(route, answer.status, await answer.read())


async def test_figures_are_in_the_form_of_prometheus(hall: WebHall) -> None:
    await hall.take()
    text = await (await hall.get("/metrics", "auditor")).text()
    assert 'paihao_http_requests_total{route="issueTicket",status="201"} 1.0' in text
    assert 'paihao_waiting{queue="A"} 1.0' in text
    assert 'paihao_windows{state="closed"} 5.0' in text
    assert "paihao_http_seconds_bucket" in text


async def test_health_is_open_and_names_the_hall(hall: WebHall) -> None:
    answer = await hall.client.get("/healthz")
    assert await answer.json() == {
        "ok": True, "hall": "hall", "seq": hall.log.last_seq, "log_writable": True,
    }  # fmt: skip


async def test_the_snapshot_holds_what_the_design_names(hall: WebHall) -> None:
    await hall.take()
    await hall.act("w9", "open")
    told = await (await hall.get("/api/v1/hall")).json()
    assert told["seq"] == hall.log.last_seq
    assert told["services"][0] == {
        "id": "sA", "name": "事项A", "name_en": "", "queue": "A", "zone": "Z", "department": "",
    }  # fmt: skip
    (window,) = [w for w in told["windows"] if w["id"] == "w9"]
    assert window["state"] == "idle"
    assert window["kinds"] == ["comprehensive"]
    assert window["allocation"] == [
        {"queue": "G", "tier": 1}, {"queue": "A", "tier": 2}, {"queue": "B", "tier": 2},
    ]  # fmt: skip
    assert {q["id"]: q["waiting"] for q in told["queues"]} == {"A": 1, "B": 0, "G": 0}
    assert [z["id"] for z in told["zones"]] == ["Z"]
