"""One entry of the route table; routing, rights, documents and tests all read the table."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, Literal

from aiohttp import web

from paihao_server.accounts_db import ROLES, Role
from paihao_server.web.once import Reply
from paihao_server.web.site import Ask

ApiHandler = Callable[[Ask], Awaitable[Reply]]
PageHandler = Callable[[Ask], Awaitable[web.StreamResponse]]

EVERYBODY: Final[frozenset[Role]] = frozenset(ROLES)
"""Every role, but nobody without login."""

SAFE: Final = frozenset({"GET", "HEAD"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A parameter after the question mark."""

    name: str
    schema: Literal["integer", "string"]
    summary: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One method on one path.

    Attributes:
        name: stable, for metrics and as OpenAPI's operation id.
        roles: who may; None is open to everyone.
        api: answers with JSON. Exactly one of ``api`` and ``page`` is given.
        page: answers by itself: pages, streams, files.
        body: what a JSON request holds; None takes none.
        answer: what a JSON answer holds; None for text of ``content_type``.
        codes: problem codes beside those that every route may give.
        first_login: also for people who must change their password first.
        documented: part of the OpenAPI document.
    """

    method: Literal["GET", "POST"]
    path: str
    name: str
    summary: str
    roles: frozenset[Role] | None
    api: ApiHandler | None = None
    page: PageHandler | None = None
    body: type | None = None
    answer: type | None = None
    status: int = 200
    content_type: str = "application/json"
    codes: tuple[str, ...] = ()
    query: tuple[Query, ...] = ()
    first_login: bool = False
    documented: bool = True

    @property
    def unsafe(self) -> bool:
        """Whether it may change something."""
        return self.method not in SAFE
