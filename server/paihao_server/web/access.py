"""Who sends a request, and whether they may.

People come with a session cookie, machines with a bearer token. A browser sends its cookie along
with requests that other sites provoke, so an unsafe request without a bearer token must say that
it comes from our own pages: by ``Sec-Fetch-Site``, or in old browsers by ``Origin``. Cookie and
JSON together also need the JSON content type, which no form of another site can send, and forms
carry a token made from their session.
"""

import hashlib
import hmac
from typing import Final
from urllib.parse import quote, urlsplit

from aiohttp import hdrs, web

from paihao_server.accounts import SESSION_LIFE, Caller
from paihao_server.web.problems import ProblemError
from paihao_server.web.route import Route
from paihao_server.web.site import Ask, Site

COOKIE: Final = "paihao_session"
SECURE_COOKIE: Final = "__Host-paihao_session"
CSRF_HEADER: Final = "X-CSRF-Token"
CSRF_FIELD: Final = "csrf"


async def admit(site: Site, request: web.Request, route: Route) -> Caller | None:
    """Return who asks, when this route is open to them.

    Raises:
        ProblemError: ``login-required``, ``bad-token``, ``cross-site``,
            ``password-change-first`` or ``role-not-allowed``.
    """
    bearer = _bearer(request)
    if route.unsafe and bearer is None:
        check_origin(request)
    if route.roles is None:
        return None
    caller = await _caller(site, request, bearer)
    if caller is None:
        raise ProblemError("login-required" if bearer is None else "bad-token")
    if caller.must_change and not route.first_login:
        raise ProblemError("password-change-first")
    if caller.role not in route.roles:
        raise ProblemError("role-not-allowed", role=caller.role)
    return caller


async def still_admitted(ask: Ask, *, at_work: bool = False) -> bool:
    """Return whether whoever opened a stream may still read it.

    Args:
        ask: the stream's request.
        at_work: what the stream shows is this person's work, so that their session does not
            idle out; merely watching does not prolong it.
    """
    caller = ask.caller
    if caller is None:
        return True
    accounts = ask.site.accounts
    if caller.kind == "machine":
        return await accounts.machine(_bearer(ask.request) or "") is not None
    return await accounts.session(caller.session, touch=at_work) is not None


def check_origin(request: web.Request) -> None:
    """Raise ``cross-site`` unless the browser says that our own page sends this."""
    fetch_site = request.headers.get("Sec-Fetch-Site")
    if fetch_site is not None:
        if fetch_site != "same-origin":
            raise ProblemError("cross-site", site=fetch_site)
        return
    origin = request.headers.get(hdrs.ORIGIN)
    if origin is None or urlsplit(origin).netloc != request.host:
        raise ProblemError("cross-site", site=origin or "unknown")


def csrf_token(caller: Caller) -> str:
    """Return what this session's forms carry."""
    return hmac.new(caller.session.encode(), b"form", hashlib.sha256).hexdigest()


async def read_form(request: web.Request) -> dict[str, str]:
    """Return the fields of the form that was sent.

    Raises:
        ProblemError: ``bad-request``, it is no form or not written as it says.
    """
    try:
        form = await request.post()
    except (ValueError, LookupError) as error:
        raise ProblemError("bad-request") from error
    return {name: str(value) for name, value in form.items()}


def check_csrf(caller: Caller, request: web.Request, field: str) -> None:
    """Raise ``cross-site`` unless the form or the header has the session's token."""
    given = request.headers.get(CSRF_HEADER, field)
    if not hmac.compare_digest(given.encode(errors="replace"), csrf_token(caller).encode()):
        raise ProblemError("cross-site", site="form")


def session_secret(site: Site, request: web.Request) -> str | None:
    """Return the session id of the cookie, or None."""
    return request.cookies.get(SECURE_COOKIE if site.secure else COOKIE)


def set_session(site: Site, response: web.StreamResponse, secret: str) -> None:
    """Give the browser a session."""
    response.set_cookie(
        SECURE_COOKIE if site.secure else COOKIE,
        secret,
        max_age=int(SESSION_LIFE.total_seconds()),
        httponly=True,
        secure=site.secure,
        samesite="Strict",
        path="/",
    )


def end_session(site: Site, response: web.StreamResponse) -> None:
    """Take the session from the browser."""
    response.del_cookie(
        SECURE_COOKIE if site.secure else COOKIE,
        path="/",
        secure=site.secure,
        httponly=True,
        samesite="Strict",
    )


def address(site: Site, request: web.Request) -> str:
    """Return where a request comes from: the browser's address, also behind the TLS proxy.

    Only the last entry is believed: the proxy wrote it, the ones before it anybody may write.
    """
    told = request.headers.get("X-Forwarded-For", "") if site.secure else ""
    return told.rpartition(",")[2].strip() or request.remote or ""


def login_address(request: web.Request) -> str:
    """Return the login page that leads back to this page."""
    return f"/login?next={quote(request.path_qs, safe='')}"


async def _caller(site: Site, request: web.Request, bearer: str | None) -> Caller | None:
    if bearer is not None:
        return await site.accounts.machine(bearer)
    secret = session_secret(site, request)
    return await site.accounts.person(secret) if secret else None


def _bearer(request: web.Request) -> str | None:
    """Return the bearer token, or None; another scheme counts as an empty token."""
    header = request.headers.get(hdrs.AUTHORIZATION)
    if header is None:
        return None
    scheme, _, token = header.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""
