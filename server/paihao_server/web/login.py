"""Logging in and out, changing the password, and the first page of everybody."""

from collections.abc import Mapping
from typing import Final

from aiohttp import web

from paihao_hall import commands as c
from paihao_hall.model import Hall, WindowNow
from paihao_hall.plan import HallPlan
from paihao_hall.refusals import RefusedError
from paihao_hall.views import plan_of
from paihao_server.accounts import Caller
from paihao_server.accounts_locks import LoginError
from paihao_server.accounts_passwords import WeakPasswordError
from paihao_server.ids import command_id
from paihao_server.web import access, desk
from paihao_server.web.html import page
from paihao_server.web.pages import render, views
from paihao_server.web.route import EVERYBODY, Route
from paihao_server.web.site import Ask

WINDOW_COOKIE: Final = "paihao_window"
"""Remembers on the counter's computer which window it stands at."""

_YEAR_S: Final = 365 * 24 * 3600
_STATUS: Final[dict[views.LoginProblem, int]] = {
    "wrong": 401,
    "locked": 429,
    "role": 403,
    "busy": 409,
    "window": 422,
}
_AT_WINDOWS: Final = ("clerk", "manager")


async def show_login(ask: Ask) -> web.Response:
    """Show the login page of this counter, or of the whole hall."""
    request = ask.request
    window = request.query.get("window") or _window_in(request.query.get("next", ""))
    window = window or request.cookies.get(WINDOW_COOKIE, "")
    return await _login_page(ask, window, request.query.get("next", ""))


async def log_in(ask: Ask) -> web.StreamResponse:
    """Check the password; a clerk also takes over the window from who has it."""
    form = await ask.request.post()
    fields = {name: str(form.get(name, "")).strip() for name in ("staff", "window", "next")}
    accounts = ask.site.accounts
    address = ask.request.remote or ""
    try:
        secret, me = await accounts.login(fields["staff"], str(form.get("password", "")), address)
    except LoginError as error:
        return await _login_page(ask, fields["window"], fields["next"], fields["staff"], error)
    problem = await _take_window(ask, me, fields["window"])
    if problem is not None:
        await accounts.logout(me.session)
        return await _login_page(ask, fields["window"], fields["next"], fields["staff"], problem)
    response = web.Response(status=303)
    response.headers["Location"] = "/password" if me.must_change else _way(me, fields)
    access.set_session(ask.site, response, secret)
    if fields["window"]:
        response.set_cookie(
            WINDOW_COOKIE, fields["window"], max_age=_YEAR_S, httponly=True, samesite="Strict",
            secure=ask.site.secure,
        )  # fmt: skip
    return response


async def log_out(ask: Ask) -> web.StreamResponse:
    """End the session; the window stays as it is, its next clerk takes it over."""
    await ask.site.accounts.logout(ask.me.session)
    response = web.Response(status=303, headers={"Location": "/login"})
    access.end_session(ask.site, response)
    return response


async def show_password(ask: Ask) -> web.Response:
    """Show the page on which one sets one's own password."""
    return _password_page(ask)


async def set_password(ask: Ask) -> web.StreamResponse:
    """Set one's own password; log in with it afterwards."""
    form = await ask.request.post()
    access.check_csrf(ask.me, ask.request, str(form.get(access.CSRF_FIELD, "")))
    old, new, again = (str(form.get(name, "")) for name in ("old", "new", "again"))
    if new != again:
        return _password_page(ask, "两次输入的新密码不一样", 422)
    try:
        await ask.site.accounts.change_password(ask.me.name, old, new, ask.request.remote or "")
    except LoginError as error:
        if error.locked_until:
            return _password_page(ask, "输错次数太多，已锁定，请 10 分钟后再试", 429)
        return _password_page(ask, f"原密码不对，还可试 {error.tries_left} 次", 401)
    except WeakPasswordError as error:
        return _password_page(ask, desk.WEAK_PASSWORDS[error.reason], 422)
    response = web.Response(status=303, headers={"Location": "/login"})
    access.end_session(ask.site, response)
    return response


async def home(ask: Ask) -> web.StreamResponse:
    """Lead a clerk to the console of their window; show the others the hall's windows."""
    me = ask.me
    if me.role == "clerk":
        hall = ask.site.dispatcher.hall
        window = hall.clerks.get(me.name) or ask.request.cookies.get(WINDOW_COOKIE, "")
        raise web.HTTPSeeOther(f"/console/{window}" if window in hall.windows else "/login")
    names = await ask.site.accounts.names()
    view = await ask.site.dispatcher.look(lambda hall: _home(hall, me, names))
    return page(desk.home(view))


async def _take_window(ask: Ask, me: Caller, window: str) -> views.LoginProblem | None:
    """Take a window from whoever has it; a closed one is opened on the console."""
    if me.must_change:
        return None
    if not window:
        return "window" if me.role == "clerk" else None
    if me.role not in _AT_WINDOWS:
        return "role"
    found = ask.site.dispatcher.hall.windows.get(window)
    if found is None:
        return "window"
    if found.clerk in ("", me.name):
        return None
    if found.ticket is not None:
        return "busy"
    command = c.OpenWindow(
        id=command_id(), actor=me.actor, window=window, clerk=me.name, takeover=True
    )
    try:
        await ask.site.dispatcher.submit(command)
    except RefusedError:
        # Their other window has a ticket in work, or this one serves nothing any more.
        return "busy"
    return None


async def _login_page(
    ask: Ask,
    window: str,
    next_: str,
    staff: str = "",
    problem: LoginError | views.LoginProblem | None = None,
) -> web.Response:
    names = await ask.site.accounts.names()
    kind: views.LoginProblem | None
    tries_left = locked_until = None
    if isinstance(problem, LoginError):
        kind = "locked" if problem.locked_until else "wrong"
        tries_left, locked_until = problem.tries_left, problem.locked_until
    else:
        kind = problem
    desk = "desk" in ask.request.query

    def read(hall: Hall) -> views.LoginPage:
        plan = plan_of(hall)
        found = hall.windows.get(window)
        choices = (
            ()
            if found or desk
            else tuple(_choice(plan, w, names) for w in hall.windows.values() if w.serves)
        )
        return views.LoginPage(
            hall=plan.name.zh,
            action="/login",
            next=_local(next_),
            window=_choice(plan, found, names) if found and not desk else None,
            choices=choices,
            hours=tuple(f"{b.start:%H:%M}–{b.end:%H:%M}" for b in plan.hours),
            staff=staff,
            problem=kind,
            tries_left=tries_left,
            locked_until=locked_until.astimezone(plan.tz) if locked_until else None,
        )

    view = await ask.site.dispatcher.look(read)
    return page(render.login(view), _STATUS[kind] if kind else 200)


def _choice(plan: HallPlan, window: WindowNow, names: Mapping[str, str]) -> views.WindowChoice:
    zone = plan.zone_by_id.get(window.plan.zone)
    return views.WindowChoice(
        id=window.plan.id,
        number=window.plan.number,
        zone=zone.short.zh if zone else "",
        floor=zone.floor if zone else "",
        kinds=window.plan.kinds,
        holder=masked(names.get(window.clerk) or window.clerk),
        busy=window.ticket is not None,
    )


def masked(name: str) -> str:
    """Return a name with all but its first character hidden: 张＊."""
    return name[:1] + "＊" * min(len(name) - 1, 2) if name else ""


def _way(me: Caller, fields: Mapping[str, str]) -> str:
    """Return where a login leads."""
    if fields["window"]:
        return f"/console/{fields['window']}"
    return _local(fields["next"]) or "/"


def _local(address: str) -> str:
    """Return an address of this site, or nothing: a login never leads elsewhere."""
    if address.startswith("/") and not address.startswith(("//", "/\\")) and address.isprintable():
        return address
    return ""


def _window_in(address: str) -> str:
    """Return the window of a console's address."""
    parts = address.split("/")
    return parts[2].partition("?")[0] if len(parts) > 2 and parts[1] == "console" else ""


def _password_page(ask: Ask, problem: str = "", status: int = 200) -> web.Response:
    view = desk.PasswordPage(
        staff=ask.me.name,
        first=ask.me.must_change,
        csrf=access.csrf_token(ask.me),
        problem=problem,
    )
    return page(desk.password(view), status)


def _home(hall: Hall, me: Caller, names: Mapping[str, str]) -> desk.HomePage:
    plan = plan_of(hall)
    return desk.HomePage(
        hall=plan.name.zh,
        staff=me.full_name or me.name,
        role=me.role,
        zones=tuple(
            desk.HomeZone(
                id=zone.id,
                name=zone.name.zh,
                floor=zone.floor,
                waiting=sum(q.waiting() for q in hall.queues.values() if q.plan.zone == zone.id),
                windows=tuple(
                    desk.HomeWindow(
                        id=w.plan.id,
                        number=w.plan.number,
                        state=w.state,
                        clerk=names.get(w.clerk) or w.clerk,
                        ticket=w.ticket.number if w.ticket else "",
                    )
                    for w in hall.windows.values()
                    if w.plan.zone == zone.id
                ),
            )
            for zone in plan.zones
        ),
        console=me.role in _AT_WINDOWS,
    )


ROUTES: Final = (
    Route(method="GET", path="/login", name="loginPage", summary="Login page", roles=None,
          page=show_login, documented=False),
    Route(method="POST", path="/login", name="login", summary="Log in", roles=None,
          page=log_in, documented=False),
    Route(method="POST", path="/logout", name="logout", summary="Log out", roles=EVERYBODY,
          page=log_out, documented=False, first_login=True),
    Route(method="GET", path="/password", name="passwordPage", summary="Change the password",
          roles=EVERYBODY, page=show_password, documented=False, first_login=True),
    Route(method="POST", path="/password", name="password", summary="Change the password",
          roles=EVERYBODY, page=set_password, documented=False, first_login=True),
    Route(method="GET", path="/", name="home", summary="First page", roles=EVERYBODY,
          page=home, documented=False),
)  # fmt: skip
