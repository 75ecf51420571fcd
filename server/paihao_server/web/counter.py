"""Which window a person works at: taking one over, and choosing one after the login."""

from collections.abc import Mapping
from typing import Final

from aiohttp import web

from paihao_hall import commands as c
from paihao_hall.model import Hall, WindowNow
from paihao_hall.plan import HallPlan
from paihao_hall.refusals import RefusedError
from paihao_hall.views import plan_of
from paihao_server.accounts import Caller
from paihao_server.accounts_db import Role
from paihao_server.ids import command_id
from paihao_server.web import access, desk, words
from paihao_server.web.html import page
from paihao_server.web.pages import views
from paihao_server.web.route import Route
from paihao_server.web.site import Ask, Site

AT_WINDOWS: Final[frozenset[Role]] = frozenset({"clerk", "manager"})
"""Who may have a window."""

WINDOW_COOKIE: Final = "paihao_window"
"""Remembers on the counter's computer which window it stands at."""

_YEAR_S: Final = 365 * 24 * 3600


async def take(site: Site, me: Caller, window: str) -> None:
    """Take a window over from whoever has it, with the ticket at it.

    Nothing happens to a closed window, which is opened on its console, and to one's own.

    Raises:
        RefusedError: there is no such window, or the person has a ticket at another one.
    """
    found = site.dispatcher.hall.windows.get(window)
    if found is None:
        raise RefusedError("unknown-window", window=window)
    if found.clerk in ("", me.name):
        return
    await site.dispatcher.submit(
        c.OpenWindow(id=command_id(), actor=me.actor, window=window, clerk=me.name, takeover=True)
    )


def remember(site: Site, response: web.StreamResponse, window: str) -> None:
    """Have the browser remember that it stands at this window."""
    response.set_cookie(
        WINDOW_COOKIE, window, max_age=_YEAR_S, httponly=True, samesite="Strict", secure=site.secure
    )


def remembered(ask: Ask) -> str:
    """Return the window at which this browser stands; empty when it never stood at one."""
    return ask.request.cookies.get(WINDOW_COOKIE, "")


def refusal(error: RefusedError) -> str:
    """Return what a person reads who may not have a window."""
    return words.sentence(words.REFUSALS[error.code], error.facts, "zh")


def choice(
    plan: HallPlan, window: WindowNow, names: Mapping[str, str], *, masked: bool
) -> views.WindowChoice:
    """Return a window as it is offered; before the login the holder's name is masked."""
    zone = plan.zone_by_id.get(window.plan.zone)
    holder = names.get(window.clerk) or window.clerk
    return views.WindowChoice(
        id=window.plan.id,
        number=window.plan.number,
        zone=zone.short.zh if zone else "",
        floor=zone.floor if zone else "",
        kinds=window.plan.kinds,
        holder=mask(holder) if masked else holder,
        busy=window.ticket is not None,
    )


def mask(name: str) -> str:
    """Return a name with all but its first character hidden: 张＊."""
    return name[:1] + "＊" * min(len(name) - 1, 2) if name else ""


async def show_windows(ask: Ask) -> web.Response:
    """Let somebody who is logged in choose a window; ``?window=`` offers that one only."""
    return await _windows_page(ask, ask.request.query.get("window", ""))


async def choose_window(ask: Ask) -> web.StreamResponse:
    """Take the chosen window over when somebody has it, and lead to its console."""
    form = await access.read_form(ask.request)
    access.check_csrf(ask.me, ask.request, form.get(access.CSRF_FIELD, ""))
    window = form.get("window", "")
    try:
        await take(ask.site, ask.me, window)
    except RefusedError as error:
        return await _windows_page(ask, "", refusal(error))
    response = web.Response(status=303, headers={"Location": f"/console/{window}"})
    remember(ask.site, response, window)
    return response


async def _windows_page(ask: Ask, only: str, problem: str = "") -> web.Response:
    me = ask.me
    names = await ask.site.accounts.names()

    def read(hall: Hall) -> desk.WindowsPage:
        plan = plan_of(hall)
        offered = [w for w in hall.windows.values() if w.serves and w.clerk != me.name]
        asked = [w for w in offered if w.plan.id == only]
        return desk.WindowsPage(
            hall=plan.name.zh,
            staff=me.full_name or me.name,
            role=me.role,
            csrf=access.csrf_token(me),
            mine=hall.clerks.get(me.name, ""),
            choices=tuple(choice(plan, w, names, masked=False) for w in asked or offered),
            problem=problem,
        )

    view = await ask.site.dispatcher.look(read)
    return page(desk.windows(view), 409 if problem else 200)


ROUTES: Final = (
    Route(method="GET", path="/windows", name="windowsPage", summary="Choose a window",
          roles=AT_WINDOWS, page=show_windows, documented=False),
    Route(method="POST", path="/windows", name="chooseWindow", summary="Choose a window",
          roles=AT_WINDOWS, page=choose_window, documented=False),
)  # fmt: skip
