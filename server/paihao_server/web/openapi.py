"""The OpenAPI document, made from the route table and the bodies' types."""

import re
from importlib.metadata import version
from typing import Any, Final

import msgspec

from paihao_server.web.problems import CONTENT_TYPE, Problem, all_codes
from paihao_server.web.route import Route

_PLACE: Final = re.compile(r"\{(\w+)(?::[^}]*)?\}")
_REF: Final = "#/components/schemas/{name}"
_ALWAYS: Final = ("failed", "stopped")
_GUARDED: Final = ("login-required", "bad-token", "role-not-allowed", "password-change-first")
_WRITES: Final = (
    "id-reused",
    "cross-site", "too-large", "not-json", "invalid-json", "invalid-body", "invalid-key",
    "key-reused",
)  # fmt: skip


def document(routes: tuple[Route, ...], title: str) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document of the documented routes."""
    told = [route for route in routes if route.documented]
    types = [Problem, *(t for r in told for t in (r.body, r.answer) if t is not None)]
    unique = list(dict.fromkeys(types))
    found, schemas = msgspec.json.schema_components(unique, ref_template=_REF)
    refs = dict(zip(unique, found, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for route in told:
        path = _PLACE.sub(r"{\1}", route.path)
        paths.setdefault(path, {})[route.method.lower()] = _operation(route, refs)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": title,
            "version": version("paihao"),
            "description": (
                "Times are RFC 3339 in UTC. Errors are RFC 9457 problems with a stable `code`. "
                "A write with an `Idempotency-Key` can be repeated: the same key gets the first "
                "answer and changes nothing."
            ),
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"},
                "session": {"type": "apiKey", "in": "cookie", "name": "paihao_session"},
            },
        },
    }


def codes_of(route: Route) -> tuple[str, ...]:
    """Return every problem code that a route may answer with."""
    codes = _ALWAYS + route.codes
    if route.roles is not None:
        codes += _GUARDED
    if route.unsafe:
        codes += _WRITES
    return codes


def _operation(route: Route, refs: dict[type, Any]) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": route.name,
        "summary": route.summary,
        "parameters": _parameters(route),
        "responses": _responses(route, refs),
        "security": [] if route.roles is None else [{"bearer": []}, {"session": []}],
    }
    if route.roles is not None:
        operation["x-roles"] = sorted(route.roles)
    if route.body is not None:
        operation["requestBody"] = {
            "required": any(field.required for field in msgspec.structs.fields(route.body)),
            "content": {"application/json": {"schema": refs[route.body]}},
        }
    return operation


def _parameters(route: Route) -> list[dict[str, Any]]:
    parameters: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in _PLACE.findall(route.path)
    ]
    parameters += [
        {
            "name": query.name,
            "in": "query",
            "description": query.summary,
            "schema": {"type": query.schema},
        }
        for query in route.query
    ]
    if route.unsafe and route.body is not None:
        parameters.append(
            {
                "name": "Idempotency-Key",
                "in": "header",
                "description": "the same key again gets the first answer",
                "schema": {"type": "string", "minLength": 1, "maxLength": 128},
            }
        )
    return parameters


def _responses(route: Route, refs: dict[type, Any]) -> dict[str, Any]:
    schema = refs[route.answer] if route.answer is not None else {"type": "string"}
    responses: dict[str, Any] = {
        str(route.status): {
            "description": "done",
            "content": {route.content_type: {"schema": schema}},
        }
    }
    statuses = all_codes()
    by_status: dict[int, list[str]] = {}
    for code in codes_of(route):
        by_status.setdefault(statuses[code], []).append(code)
    for status, codes in sorted(by_status.items()):
        responses[str(status)] = {
            "description": ", ".join(dict.fromkeys(codes)),
            "content": {CONTENT_TYPE: {"schema": refs[Problem]}},
        }
    return responses
