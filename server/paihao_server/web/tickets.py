"""API of tickets: give a number, look at it, tell its story, cancel it."""

from typing import Final

from paihao_hall import commands as c
from paihao_hall.contract import IssuedTicket
from paihao_hall.events import TicketIssued
from paihao_hall.model import Hall
from paihao_hall.step import Answer
from paihao_hall.views import issued_ticket
from paihao_server import ids
from paihao_server.accounts_db import Role
from paihao_server.web import bodies, replies, views
from paihao_server.web.once import Reply
from paihao_server.web.route import Route
from paihao_server.web.site import Ask

ISSUERS: Final[frozenset[Role]] = frozenset({"clerk", "guide", "manager"})
CANCELLERS: Final[frozenset[Role]] = frozenset({"guide", "manager"})
READERS: Final[frozenset[Role]] = frozenset({"clerk", "guide", "manager", "auditor"})


async def issue(ask: Ask) -> Reply:
    """Give a number."""
    wanted = replies.body(ask, bodies.IssueBody)
    command = c.IssueTicket(
        id=ask.command,
        actor=ask.me.actor,
        service=wanted.service,
        class_=wanted.class_,
        ticket=ids.ticket_id(),
        token=ids.page_token(),
    )
    ticket = await ask.site.dispatcher.ask(command, _issued)
    return replies.json(ticket, status=201, location=f"/api/v1/tickets/{ticket.id}")


async def show(ask: Ask) -> Reply:
    """Tell a ticket's present state."""
    name = ask.request.match_info["ticket"]
    with_url = ask.me.role in ISSUERS
    return replies.json(
        await ask.site.dispatcher.look(
            lambda hall: views.ticket_view(hall, views.ticket_of(hall, name), with_url=with_url)
        )
    )


async def timeline(ask: Ask) -> Reply:
    """Tell what happened to a ticket, with the reason of each call."""
    name = ask.request.match_info["ticket"]
    stories = ask.site.stories
    return replies.json(
        await ask.site.dispatcher.look(
            lambda hall: views.timeline(hall, views.ticket_of(hall, name), stories.of_ticket(name))
        )
    )


async def cancel(ask: Ask) -> Reply:
    """Give a ticket up for its holder."""
    replies.body(ask, bodies.NoBody)
    name = ask.request.match_info["ticket"]
    command = c.CancelTicket(id=ask.command, actor=ask.me.actor, ticket=name)
    return replies.json(
        await ask.site.dispatcher.ask(
            command, lambda hall, _: views.ticket_view(hall, views.ticket_of(hall, name))
        )
    )


def _issued(hall: Hall, answer: Answer) -> IssuedTicket:
    event = next(r.event for r in answer.records if isinstance(r.event, TicketIssued))
    return issued_ticket(hall, views.ticket_of(hall, event.ticket))


ROUTES: Final = (
    Route(
        method="POST",
        path="/api/v1/tickets",
        name="issueTicket",
        summary="Give a number for a service",
        roles=ISSUERS,
        api=issue,
        body=bodies.IssueBody,
        answer=IssuedTicket,
        status=201,
        codes=("unknown-service", "unknown-class", "queue-closed"),
    ),
    Route(
        method="GET",
        path="/api/v1/tickets/{ticket}",
        name="getTicket",
        summary="A ticket of today",
        roles=READERS,
        api=show,
        answer=bodies.TicketView,
        codes=("unknown-ticket",),
    ),
    Route(
        method="GET",
        path="/api/v1/tickets/{ticket}/timeline",
        name="getTimeline",
        summary="What happened to a ticket, with the reason of each call",
        roles=READERS,
        api=timeline,
        answer=bodies.Timeline,
        codes=("unknown-ticket",),
    ),
    Route(
        method="POST",
        path="/api/v1/tickets/{ticket}/cancel",
        name="cancelTicket",
        summary="Give up a waiting, held or missed ticket",
        roles=CANCELLERS,
        api=cancel,
        body=bodies.NoBody,
        answer=bodies.TicketView,
        codes=("unknown-ticket", "ticket-not-waiting"),
    ),
)
