"""From the route table to running handlers: admission, bodies, retries, problems, figures."""

import asyncio
import logging
import time
from functools import partial
from typing import Final

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler

from paihao_hall.refusals import RefusedError
from paihao_server.dispatcher import StoppedError
from paihao_server.web import access, once, problems
from paihao_server.web.problems import ProblemError
from paihao_server.web.route import Route
from paihao_server.web.site import Ask, Site
from paihao_server.web.sse import SlowClientError

log = logging.getLogger(__name__)

BODY_MAX: Final = 64 * 1024
"""Longest body of a request, in bytes."""

KEY_HEADER: Final = "Idempotency-Key"
_KEY_MAX: Final = 128
_CLOSED_BY_CLIENT: Final = 499
"""For the figures only; nobody is there to be told."""

SECURITY_HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    # Not "no-referrer": a browser then sends its forms with "Origin: null".
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; "
        "img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'self'"
    ),
}


def handler(site: Site, route: Route) -> Handler:
    """Return the aiohttp handler of a route."""
    if route.api is not None:
        return partial(_serve_api, site, route)
    return partial(_serve_page, site, route)


@web.middleware
async def last_resort(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn everything that goes wrong outside a handler into a problem, too."""
    try:
        return await handler(request)
    except web.HTTPException as error:
        if error.status < 400:
            raise
        return _response(_http_problem(error, request))
    except web.RequestPayloadError:
        return _response(_reply(ProblemError("bad-request"), request))
    except (SlowClientError, ConnectionError) as error:
        # The client is gone or does not read; nothing can be answered on this connection.
        if request.transport is not None:
            request.transport.abort()
        raise web.HTTPBadRequest from error
    except Exception:
        # The supervisor of one request: whatever it was, the hall goes on and the log names it.
        log.exception("%s %s failed", request.method, request.path)
        return _response(_reply(ProblemError("failed"), request))


async def add_security_headers(_: web.Request, response: web.StreamResponse) -> None:
    """Signal handler: complete every answer's headers."""
    for name, value in SECURITY_HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault(hdrs.CACHE_CONTROL, "no-store")
    # Versions of what we run on help only those who look for their faults.
    response.headers[hdrs.SERVER] = "paihao"


async def _serve_api(site: Site, route: Route, request: web.Request) -> web.StreamResponse:
    started = time.perf_counter()
    try:
        caller = await access.admit(site, request, route)
        body, key = b"", None
        if route.unsafe:
            body = await _body(request)
            key = _key(request)
        who = f"{caller.kind}:{caller.name}" if caller else ""
        command = once.command_id(who, request.method, request.path, key)
        ask = Ask(site=site, request=request, caller=caller, command=command, body=body)
        make = partial(_answer, route, ask)
        reply = await (make() if key is None else site.once.run(command, body, make))
    except ProblemError as error:
        reply = _reply(error, request)
    except once.KeyReusedError:
        reply = _reply(ProblemError("key-reused"), request)
    site.metrics.answered(route.name, reply.status, time.perf_counter() - started)
    return _response(reply)


async def _answer(route: Route, ask: Ask) -> once.Reply:
    """Run the handler; what it refuses is an answer like any other, and can be repeated."""
    if route.api is None:
        raise RuntimeError(f"{route.name} is a page")
    try:
        return await route.api(ask)
    except (RefusedError, ProblemError) as error:
        return _reply(error, ask.request)
    except StoppedError:
        return _reply(ProblemError("stopped"), ask.request)


async def _serve_page(site: Site, route: Route, request: web.Request) -> web.StreamResponse:
    status = 500
    try:
        caller = await access.admit(site, request, route)
        if route.page is None:
            raise RuntimeError(f"{route.name} is no page")
        response = await route.page(Ask(site=site, request=request, caller=caller))
    except ProblemError as error:
        if error.code in _LED_ON and _wants_page(request):
            status = 303
            raise _way_on(error, request) from error
        reply = _reply(error, request)
        status = reply.status
        return _response(reply)
    except RefusedError as error:
        reply = _reply(error, request)
        status = reply.status
        return _response(reply)
    except StoppedError:
        status = 503
        return _response(_reply(ProblemError("stopped"), request))
    except web.HTTPException as error:
        status = error.status
        raise
    except asyncio.CancelledError:
        # The browser closed a stream.
        status = _CLOSED_BY_CLIENT
        raise
    else:
        status = response.status
        return response
    finally:
        site.metrics.answered(route.name, status, None)


_LED_ON: Final = frozenset({"login-required", "password-change-first"})
"""Problems that a browser is not told but led out of."""


def _way_on(error: ProblemError, request: web.Request) -> web.HTTPSeeOther:
    if error.code == "login-required":
        return web.HTTPSeeOther(access.login_address(request))
    return web.HTTPSeeOther("/password")


def _wants_page(request: web.Request) -> bool:
    return request.method == "GET" and "text/html" in request.headers.get(hdrs.ACCEPT, "")


async def _body(request: web.Request) -> bytes:
    body = await request.read()
    bearer = hdrs.AUTHORIZATION in request.headers
    if body and not bearer and request.content_type != "application/json":
        raise ProblemError("not-json")
    return body


def _key(request: web.Request) -> str | None:
    key = request.headers.get(KEY_HEADER)
    if key is not None and not (
        0 < len(key) <= _KEY_MAX and key.isascii() and key.isprintable() and " " not in key
    ):
        raise ProblemError("invalid-key")
    return key


def _http_problem(error: web.HTTPException, request: web.Request) -> once.Reply:
    """Return the problem for what aiohttp itself refuses."""
    match error:
        case web.HTTPNotFound():
            return _reply(ProblemError("not-found"), request)
        case web.HTTPMethodNotAllowed():
            allowed = sorted(error.allowed_methods)
            problem = ProblemError("method-not-allowed", method=request.method, allowed=allowed)
            return _reply(problem, request)
        case web.HTTPRequestEntityTooLarge():
            return _reply(ProblemError("too-large", limit=BODY_MAX), request)
        case _:
            return _reply(ProblemError("bad-request"), request)


def _reply(error: RefusedError | ProblemError, request: web.Request) -> once.Reply:
    return problems.reply(error, request.path, request.headers.get(hdrs.ACCEPT_LANGUAGE))


def _response(reply: once.Reply) -> web.Response:
    response = web.Response(
        status=reply.status, body=reply.body, headers={hdrs.CONTENT_TYPE: reply.content_type}
    )
    if reply.location:
        response.headers[hdrs.LOCATION] = reply.location
    if reply.status == 401:
        response.headers[hdrs.WWW_AUTHENTICATE] = "Bearer"
    elif reply.status == 503:
        response.headers[hdrs.RETRY_AFTER] = "2"
    return response
