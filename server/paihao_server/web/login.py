"""Logging in and out, changing the password, and the first page of everybody."""

from collections.abc import Mapping
from typing import Final

from aiohttp import web

from paihao_hall.model import Hall
from paihao_hall.refusals import RefusedError
from paihao_hall.views import plan_of
from paihao_server.accounts import Caller
from paihao_server.accounts_locks import LoginError
from paihao_server.accounts_passwords import WeakPasswordError
from paihao_server.web import access, counter, desk
from paihao_server.web.html import page
from paihao_server.web.pages import render, views
from paihao_server.web.route import EVERYBODY, Route
from paihao_server.web.site import Ask

_STATUS: Final[dict[views.LoginProblem, int]] = {"wrong": 401, "locked": 429, "refused": 409}


async def show_login(ask: Ask) -> web.Response:
    """Show the login page of this counter, or of the whole hall."""
    request = ask.request
    window = request.query.get("window") or _window_in(request.query.get("next", ""))
    if "desk" not in request.query:
        window = window or counter.remembered(ask)
    return await _login_page(ask, window, request.query.get("next", ""))


async def log_in(ask: Ask) -> web.StreamResponse:
    """Check the password; whoever works at windows also takes over the one chosen."""
    form = await access.read_form(ask.request)
    fields = {name: form.get(name, "").strip() for name in ("staff", "window", "next")}
    accounts = ask.site.accounts
    address = access.address(ask.site, ask.request)
    try:
        secret, me = await accounts.login(fields["staff"], form.get("password", ""), address)
    except LoginError as error:
        return await _login_page(ask, fields["window"], fields["next"], fields["staff"], error)
    # Others may log in at a counter's computer too, without having its window.
    window = fields["window"] if me.role in counter.AT_WINDOWS else ""
    if window and not me.must_change and "look" not in form:
        try:
            await counter.take(ask.site, me, window)
        except RefusedError as error:
            await accounts.logout(me.session)
            return await _login_page(ask, window, fields["next"], fields["staff"], error)
    way = f"/console/{window}" if window else _local(fields["next"]) or "/"
    response = web.Response(status=303)
    response.headers["Location"] = "/password" if me.must_change else way
    access.set_session(ask.site, response, secret)
    if window:
        counter.remember(ask.site, response, window)
    return response


async def log_out(ask: Ask) -> web.StreamResponse:
    """End the session; the window stays as it is, its next clerk takes it over."""
    await ask.site.accounts.logout(ask.me.session)
    response = web.Response(status=303, headers={"Location": "/login"})
    access.end_session(ask.site, response)
    return response


async def still_here(_: Ask) -> web.Response:
    """Say that the session lives; a page asks when its stream broke."""
    return web.Response(status=204)


async def show_password(ask: Ask) -> web.Response:
    """Show the page on which one sets one's own password."""
    return _password_page(ask)


async def set_password(ask: Ask) -> web.StreamResponse:
    """Set one's own password; log in with it afterwards."""
    form = await access.read_form(ask.request)
    access.check_csrf(ask.me, ask.request, form.get(access.CSRF_FIELD, ""))
    old, new, again = (form.get(name, "") for name in ("old", "new", "again"))
    if new != again:
        return _password_page(ask, "两次输入的新密码不一样", 422)
    address = access.address(ask.site, ask.request)
    try:
        await ask.site.accounts.change_password(ask.me.name, old, new, address)
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
    """Lead a clerk to their window or to the choice of one; show the others the hall."""
    me = ask.me
    if me.role == "clerk":
        hall = ask.site.dispatcher.hall
        window = hall.clerks.get(me.name) or counter.remembered(ask)
        found = hall.windows.get(window)
        free = found is not None and found.clerk in ("", me.name)
        raise web.HTTPSeeOther(f"/console/{window}" if free else "/windows")
    names = await ask.site.accounts.names()
    view = await ask.site.dispatcher.look(lambda hall: _home(hall, me, names))
    return page(desk.home(view))


async def _login_page(
    ask: Ask,
    window: str,
    next_: str,
    staff: str = "",
    problem: LoginError | RefusedError | None = None,
) -> web.Response:
    names = await ask.site.accounts.names()
    kind: views.LoginProblem | None = None
    tries_left = locked_until = None
    refusal = ""
    if isinstance(problem, LoginError):
        kind = "locked" if problem.locked_until else "wrong"
        tries_left, locked_until = problem.tries_left, problem.locked_until
    elif problem is not None:
        kind, refusal = "refused", counter.refusal(problem)

    def read(hall: Hall) -> views.LoginPage:
        plan = plan_of(hall)
        found = hall.windows.get(window)
        offered = () if found else (w for w in hall.windows.values() if w.serves)
        return views.LoginPage(
            hall=plan.name.zh,
            action="/login",
            next=_local(next_),
            window=counter.choice(plan, found, names, masked=True) if found else None,
            choices=tuple(counter.choice(plan, w, names, masked=True) for w in offered),
            hours=tuple(f"{b.start:%H:%M}–{b.end:%H:%M}" for b in plan.hours),
            staff=staff,
            problem=kind,
            refusal=refusal,
            tries_left=tries_left,
            locked_until=locked_until.astimezone(plan.tz) if locked_until else None,
        )

    view = await ask.site.dispatcher.look(read)
    return page(render.login(view), _STATUS[kind] if kind else 200)


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
        console=me.role in counter.AT_WINDOWS,
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
    Route(method="GET", path="/session", name="session", summary="Whether the session lives",
          roles=EVERYBODY, page=still_here, documented=False, first_login=True),
    Route(method="GET", path="/", name="home", summary="First page", roles=EVERYBODY,
          page=home, documented=False),
)  # fmt: skip
