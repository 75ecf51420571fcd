"""The route table of the whole web side: what routing, rights, documents and tests read."""

from typing import Final

import msgspec

from paihao_server.web import hall_api, health, openapi, tickets, windows
from paihao_server.web.once import Reply
from paihao_server.web.route import EVERYBODY, Route
from paihao_server.web.site import Ask


async def describe(_: Ask) -> Reply:
    """Give the OpenAPI document."""
    return Reply(200, _DOCUMENT)


ROUTES: Final[tuple[Route, ...]] = (
    *tickets.ROUTES,
    *windows.ROUTES,
    *hall_api.ROUTES,
    *health.ROUTES,
    Route(
        method="GET",
        path="/api/v1/openapi.json",
        name="getOpenapi",
        summary="This document",
        roles=EVERYBODY,
        api=describe,
    ),
)

_DOCUMENT: Final = msgspec.json.encode(openapi.document(ROUTES, "Paihao"))
