"""The route table of the whole web side: what routing, rights, documents and tests read."""

from typing import Final

import msgspec
from aiohttp import web

from paihao_server.web import (
    console_page,
    counter,
    hall_api,
    health,
    login,
    openapi,
    phone,
    tickets,
    wall,
    windows,
)
from paihao_server.web.once import Reply
from paihao_server.web.pages import assets
from paihao_server.web.route import EVERYBODY, Route
from paihao_server.web.site import Ask


async def describe(_: Ask) -> Reply:
    """Give the OpenAPI document."""
    return Reply(200, _DOCUMENT)


async def static(ask: Ask) -> web.StreamResponse:
    """Give style, script and font; they hold nothing of the hall."""
    return await assets.serve(ask.request)


ROUTES: Final[tuple[Route, ...]] = (
    *tickets.ROUTES,
    *windows.ROUTES,
    *hall_api.ROUTES,
    *health.ROUTES,
    *login.ROUTES,
    *counter.ROUTES,
    *console_page.ROUTES,
    *phone.ROUTES,
    *wall.ROUTES,
    Route(
        method="GET",
        path=assets.ROUTE,
        name="static",
        summary="Style, script and font",
        roles=None,
        page=static,
        documented=False,
    ),
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
