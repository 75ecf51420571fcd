"""API of windows: every action a clerk has, one route each.

A clerk acts at the window the clerk has; a manager at any; a guide only brings back. A machine's
token acts for the person it names in ``clerk``, else for whoever has the window.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from paihao_hall import commands as c
from paihao_hall.model import Hall
from paihao_hall.refusals import RefusalCode, RefusedError
from paihao_hall.views import plan_of
from paihao_server.accounts import Caller
from paihao_server.accounts_db import Role
from paihao_server.web import bodies, replies, views, words
from paihao_server.web.once import Reply
from paihao_server.web.problems import ProblemError
from paihao_server.web.route import ApiHandler, Route
from paihao_server.web.site import Ask

CLERKS: Final[frozenset[Role]] = frozenset({"clerk", "manager"})
BRINGERS: Final[frozenset[Role]] = CLERKS | {"guide"}

NEAR: Final = timedelta(days=1)
"""How far from now the moments may be that people and machines name."""

Make = Callable[[c.WindowCommand, Any, Hall], c.Command]


@dataclass(frozen=True, slots=True)
class Action:
    """One action: its name in the path, its body and the command it becomes.

    ``command`` builds from the fields that all window commands share and the body.
    """

    name: str
    summary: str
    body: type[bodies.AtWindow]
    command: Callable[[dict[str, str], Any, Hall], c.Command]
    codes: tuple[RefusalCode, ...] = ()
    roles: frozenset[Role] = CLERKS


def handler(action: Action) -> ApiHandler:
    """Return the handler of one action."""

    async def act(ask: Ask) -> Reply:
        body = replies.body(ask, action.body)
        window = ask.request.match_info["window"]
        dispatcher = ask.site.dispatcher
        clerk = check_window(dispatcher.hall, window, ask.me, body.clerk)
        asked = {"actor": ask.me.actor, "window": window, "expected_clerk": clerk}
        common = {"id": ask.command, **asked}
        for field in ("until", "noted_at"):
            check_moment(getattr(body, field, None), field, dispatcher.clock.now())
        if isinstance(body, bodies.KeptBody):
            _check_ticket(dispatcher.hall, window, ask.command, body.ticket)
        if isinstance(body, bodies.KeptBody) and body.noted_at is not None:
            at = body.noted_at.astimezone(plan_of(dispatcher.hall).tz)
            text = words.noted_late(action.name, at)
            await dispatcher.submit(c.AddNote(id=f"{ask.command}-late", **asked, text=text))
        command = action.command(common, body, dispatcher.hall)
        answer = await dispatcher.ask(command, lambda hall, a: views.window_answer(hall, window, a))
        if isinstance(body, bodies.CompleteBody) and body.then is not None:
            next_ = c.CallNext(id=f"{ask.command}-then", **asked)
            completed = answer.ticket
            answer = await dispatcher.ask(
                next_, lambda hall, a: views.window_answer(hall, window, a)
            )
            answer = bodies.WindowAnswer(
                seq=answer.seq,
                window=answer.window,
                ticket=answer.ticket,
                reason=answer.reason,
                completed=completed,
            )
        return replies.json(answer)

    return act


async def open_window(ask: Ask) -> Reply:
    """Open a window, or take it over."""
    body = replies.body(ask, bodies.OpenBody)
    window = ask.request.match_info["window"]
    me = ask.me
    if me.kind == "person":
        if body.clerk not in (None, me.name):
            raise ProblemError("role-not-allowed", role=me.role, clerk=body.clerk)
        clerk = me.name
    else:
        clerk = body.clerk or f"{me.name}/{window}"
    command = c.OpenWindow(
        id=ask.command, actor=me.actor, window=window, clerk=clerk, takeover=body.takeover
    )
    return replies.json(
        await ask.site.dispatcher.ask(command, lambda hall, a: views.window_answer(hall, window, a))
    )


def check_window(hall: Hall, window: str, me: Caller, clerk: str | None) -> str:
    """Return the clerk whom the command expects at the window; empty for none in particular.

    Raises:
        ProblemError: ``not-your-window``, it is another's; closed ones the core refuses.
    """
    found = hall.windows.get(window)
    if found is None or found.state == "closed":
        return ""
    if me.kind == "machine":
        if clerk not in (None, found.clerk):
            raise ProblemError("not-your-window", window=window, clerk=found.clerk)
        return clerk or ""
    mine = me.role != "clerk" or found.clerk == me.name
    if not mine or clerk not in (None, me.name):
        raise ProblemError("not-your-window", window=window, clerk=found.clerk)
    # The core compares it once more: a takeover may be decided between this line and the press.
    return "" if me.role == "guide" else found.clerk


def check_moment(moment: datetime | None, field: str, now: datetime) -> None:
    """Raise ``invalid-body`` unless a moment that somebody names belongs to today's work.

    The year 9999 has no local time east of Greenwich: no page that shows it could be made.
    """
    if moment is None:
        return
    if moment.tzinfo is None:
        raise ProblemError("invalid-body", field=field, problem="needs a time zone (Z, +08:00)")
    if abs(moment - now) > NEAR:
        raise ProblemError("invalid-body", field=field, problem="more than a day from now")


def _check_ticket(hall: Hall, window: str, command: str, ticket: str | None) -> None:
    """Raise ``ticket-gone`` when the ticket is not the one at the window, and was not just now."""
    if ticket is None or hall.answer(command) is not None:
        return
    found = hall.windows.get(window)
    if found is not None and (found.ticket is None or found.ticket.id != ticket):
        known = hall.tickets.get(ticket)
        raise ProblemError("ticket-gone", ticket=ticket, number=known.number if known else ticket)


def _plain(kind: type[c.WindowCommand]) -> Callable[[dict[str, str], Any, Hall], c.Command]:
    """Return the maker of a command that needs nothing but its window."""
    return lambda common, _body, _hall: kind(**common)


def _pause(common: dict[str, str], body: bodies.PauseBody, _: Hall) -> c.Command:
    return c.PauseWindow(**common, reason=body.reason, until=body.until)


def _complete(common: dict[str, str], body: bodies.CompleteBody, _: Hall) -> c.Command:
    return c.Complete(**common, outcome=body.outcome, case=body.case)


def _transfer(common: dict[str, str], body: bodies.TransferBody, _: Hall) -> c.Command:
    if (body.queue is None) == (body.service is None):
        raise ProblemError("invalid-body", field="queue", problem="queue or service, one of them")
    return c.Transfer(
        **common,
        queue=body.queue or "",
        service=body.service or "",
        place=body.place,
        note=body.note,
    )


def _bring_back(common: dict[str, str], body: bodies.BringBackBody, hall: Hall) -> c.Command:
    if (body.ticket is None) == (body.number is None):
        raise ProblemError("invalid-body", field="ticket", problem="ticket or number, one of them")
    return c.BringBack(**common, ticket=body.ticket or _by_number(hall, body.number or ""))


def _note(common: dict[str, str], body: bodies.NoteBody, _: Hall) -> c.Command:
    return c.AddNote(**common, text=body.text)


def _by_number(hall: Hall, number: str) -> str:
    """Return the id of the ticket that shows this number today."""
    wanted = number.strip().upper()
    for ticket in hall.tickets.values():
        if ticket.number == wanted:
            return ticket.id
    raise RefusedError("unknown-ticket", ticket=wanted, number=wanted)


_AT: Final = ("window-closed",)
_CALLED: Final = (*_AT, "nothing-called", "not-called")
_SERVING: Final = (*_AT, "nothing-called", "not-serving")

ACTIONS: Final = (
    Action("close", "Close the window", bodies.AtWindow, _plain(c.CloseWindow), ("window-busy",)),
    Action("pause", "Stop calling", bodies.PauseBody, _pause, (*_AT, "window-busy")),
    Action("resume", "End a pause", bodies.AtWindow, _plain(c.ResumeWindow), _AT),
    Action(
        "call-next",
        "Call the most urgent ticket this window serves",
        bodies.AtWindow,
        _plain(c.CallNext),
        (*_AT, "window-busy", "window-paused"),
    ),
    Action(
        "recall",
        "Call the called ticket again",
        bodies.AtWindow,
        _plain(c.Recall),
        (*_CALLED, "recall-too-soon", "calls-used-up"),
    ),
    Action("start", "The citizen is here", bodies.AtWindow, _plain(c.Start), _CALLED),
    Action("complete", "The visit is over", bodies.CompleteBody, _complete, _SERVING),
    Action(
        "missed",
        "Called, did not come",
        bodies.AtWindow,
        _plain(c.Miss),
        (*_CALLED, "calls-left"),
    ),
    Action("hold", "Set the ticket aside here", bodies.KeptBody, _plain(c.Hold), _SERVING),
    Action(
        "transfer",
        "Send the ticket to another queue",
        bodies.TransferBody,
        _transfer,
        (*_AT, "nothing-called", "unknown-queue", "unknown-service", "same-queue", "queue-closed"),
    ),
    Action(
        "return",
        "Put the ticket back into its line",
        bodies.AtWindow,
        _plain(c.Return),
        (*_AT, "nothing-called"),
    ),
    Action(
        "bring-back",
        "Bring back a missed ticket, or one held here",
        bodies.BringBackBody,
        _bring_back,
        (
            *_AT, "window-busy", "window-paused", "unknown-ticket", "ticket-not-returnable",
            "grace-over", "rejoins-used-up",
        ),
        BRINGERS,
    ),
    Action("note", "Write a staff note", bodies.NoteBody, _note, (*_AT, "nothing-called")),
)  # fmt: skip


def _route(action: Action) -> Route:
    kept = ("ticket-gone",) if issubclass(action.body, bodies.KeptBody) else ()
    return Route(
        method="POST",
        path=f"/api/v1/windows/{{window}}/{action.name}",
        name=f"window-{action.name}",
        summary=action.summary,
        roles=action.roles,
        api=handler(action),
        body=action.body,
        answer=bodies.WindowAnswer,
        codes=("unknown-window", "not-your-window", "window-taken", *kept, *action.codes),
    )


ROUTES: Final = (
    Route(
        method="POST",
        path="/api/v1/windows/{window}/open",
        name="window-open",
        summary="Open the window, or take it over",
        roles=CLERKS,
        api=open_window,
        body=bodies.OpenBody,
        answer=bodies.WindowAnswer,
        codes=("unknown-window", "window-taken", "window-without-queues", "clerk-elsewhere"),
    ),
    *(_route(action) for action in ACTIONS),
)
