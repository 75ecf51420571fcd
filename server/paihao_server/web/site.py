"""What the web side stands on, in one frozen value that every handler is given."""

from dataclasses import dataclass, field
from typing import Final

from aiohttp import web

from paihao_server.accounts import Accounts, Caller
from paihao_server.dispatcher import Dispatcher
from paihao_server.web.feed import Feed
from paihao_server.web.metrics import Metrics
from paihao_server.web.once import Once
from paihao_server.web.stories import Stories
from paihao_server.web.watch import Watch


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """All that a handler may use.

    Attributes:
        secure: cookies are for TLS only; set when browsers come by https.
        support: whom a clerk calls when the dispatcher is lost; may be empty.
    """

    dispatcher: Dispatcher
    accounts: Accounts
    feed: Feed
    stories: Stories
    watch: Watch
    metrics: Metrics = field(default_factory=Metrics)
    once: Once = field(default_factory=Once)
    secure: bool = False
    support: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One request, admitted.

    Attributes:
        caller: who asks; None only on open routes.
        command: id for the command that this request may carry.
        body: as received.
    """

    site: Site
    request: web.Request
    caller: Caller | None
    command: str = ""
    body: bytes = b""

    @property
    def me(self) -> Caller:
        """Who asks, on a route that is not open."""
        if self.caller is None:
            raise RuntimeError(f"{self.request.path} is open and has no caller")
        return self.caller


SITE: Final = web.AppKey("site", Site)
