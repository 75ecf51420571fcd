"""Health and figures of the server."""

from typing import Final

from paihao_hall.model import Hall
from paihao_server.dispatcher import StoppedError
from paihao_server.web import bodies, metrics, replies
from paihao_server.web.once import Reply
from paihao_server.web.route import EVERYBODY, Route
from paihao_server.web.site import Ask


async def healthz(ask: Ask) -> Reply:
    """Say whether the hall can make things durable; 503 when it cannot."""
    dispatcher = ask.site.dispatcher
    try:
        health = await dispatcher.look(_health)
    except StoppedError:
        plan = dispatcher.hall.plan
        seq = dispatcher.log.last_seq
        hall = plan.id if plan else ""
        return replies.json(
            bodies.Health(ok=False, hall=hall, seq=seq, log_writable=False), status=503
        )
    return replies.json(health)


async def figures(ask: Ask) -> Reply:
    """Give all figures in Prometheus' text form."""
    site = ask.site
    body = await site.dispatcher.look(lambda hall: site.metrics.page(hall, site.feed.readers))
    return Reply(200, body, metrics.CONTENT_TYPE)


def _health(hall: Hall) -> bodies.Health:
    return bodies.Health(
        ok=True, hall=hall.plan.id if hall.plan else "", seq=hall.seq, log_writable=True
    )


ROUTES: Final = (
    Route(
        method="GET",
        path="/healthz",
        name="health",
        summary="Whether the hall works; open",
        roles=None,
        api=healthz,
        answer=bodies.Health,
    ),
    Route(
        method="GET",
        path="/metrics",
        name="metrics",
        summary="Figures for Prometheus",
        roles=EVERYBODY,
        api=figures,
        content_type=metrics.CONTENT_TYPE,
    ),
)
