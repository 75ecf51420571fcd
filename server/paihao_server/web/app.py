"""The web application of one hall: everything it stands on is given, nothing is global."""

from collections.abc import Sequence
from typing import Final

from aiohttp import web

from paihao_hall.events import Record
from paihao_server.accounts import Accounts
from paihao_server.dispatcher import Dispatcher
from paihao_server.web import serving
from paihao_server.web.feed import Feed
from paihao_server.web.site import SITE, Site
from paihao_server.web.stories import Stories
from paihao_server.web.table import ROUTES
from paihao_server.web.watch import Watch

SILENT_S: Final = 60.0
"""How long a connection may ask nothing; without an end, idle ones take all places of others."""


def build_app(
    dispatcher: Dispatcher, accounts: Accounts, *, secure: bool = False, support: str = ""
) -> web.Application:
    """Return the application; the dispatcher must have been started.

    Args:
        dispatcher: owner of the hall.
        accounts: people and machines that may log in.
        secure: browsers come by https; cookies then never travel in the clear.
        support: whom a clerk calls when the server is lost, for the console.
    """
    site = Site(
        dispatcher=dispatcher,
        accounts=accounts,
        feed=Feed(dispatcher.log),
        stories=Stories(),
        watch=Watch(),
        secure=secure,
        support=support,
    )
    app = web.Application(client_max_size=serving.BODY_MAX, middlewares=[serving.last_resort])
    app[SITE] = site
    for route in ROUTES:
        handle = serving.handler(site, route)
        if route.method == "GET":
            app.router.add_get(route.path, handle)
        else:
            app.router.add_post(route.path, handle)
    app.on_response_prepare.append(serving.add_security_headers)
    # Listening begins here, not at start-up, so that no commit in between is missed.
    site.stories.begin(dispatcher.hall)

    def take(records: Sequence[Record]) -> None:
        site.stories.take(records)
        site.feed.take(records)
        site.watch.take(records, dispatcher.hall)

    end_listening = dispatcher.on_records(take)

    async def close(_: web.Application) -> None:
        end_listening()

    app.on_cleanup.append(close)
    return app


def build_runner(app: web.Application) -> web.AppRunner:
    """Return the runner: no access log, and a closed browser ends its stream at once."""
    return web.AppRunner(
        app,
        access_log=None,
        handler_cancellation=True,
        shutdown_timeout=2.0,
        keepalive_timeout=SILENT_S,
    )
