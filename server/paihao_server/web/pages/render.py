"""Turns the views into HTML: whole pages, and single regions for the page stream.

Rendering is pure and never waits: the same view gives the same text. Text is escaped by Jinja.
"""

import math
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from paihao_hall.contract import WaitRange
from paihao_server.web.pages import assets, keys, views, words
from paihao_server.web.pages.views import Level, QueueRow

NEAR: Final = 0.8
"""Share of the target from which a wait is yellow."""

LEVEL_ICONS: Final[dict[Level, str]] = {"ok": "", "near": "near", "over": "over"}

RegionView = views.Header | views.Main | views.Waiting | views.Side | views.Keys | views.PhoneTicket

_TEMPLATES: Final[dict[type[Any], tuple[str, str]]] = {
    views.Header: ("header", "console/header.html"),
    views.ClosedMain: ("main", "console/closed.html"),
    views.IdleMain: ("main", "console/idle.html"),
    views.CalledMain: ("main", "console/called.html"),
    views.ServingMain: ("main", "console/serving.html"),
    views.PausedMain: ("main", "console/paused.html"),
    views.Waiting: ("waiting", "console/waiting.html"),
    views.Side: ("side", "console/side.html"),
    views.Keys: ("keys", "console/keys.html"),
    views.PhoneTicket: ("ticket", "phone_ticket.html"),
}


class Patch(msgspec.Struct, frozen=True):
    """One event of a page stream: put ``html`` into the region of this name."""

    event: str
    data: bytes


class _PatchData(msgspec.Struct, frozen=True):
    seq: int
    html: str


def console(page: views.ConsolePage) -> str:
    """Return the clerk's console as a whole page."""
    return _ENVIRONMENT.get_template("console/page.html").render(
        page=page, login_url=page.login_url, key_table=keys.TABLE
    )


def login(page: views.LoginPage) -> str:
    """Return the login page."""
    return _ENVIRONMENT.get_template("login.html").render(page=page)


def phone(page: views.PhonePage) -> str:
    """Return the phone page of one ticket; it works without script."""
    return _ENVIRONMENT.get_template("phone.html").render(page=page)


def plain(title: str, text: str, english: str = "") -> str:
    """Return a page that only says something, such as that a link has ended."""
    return _ENVIRONMENT.get_template("plain.html").render(title=title, text=text, english=english)


def targets(rows: Sequence[views.Target]) -> str:
    """Return the list items of the transfer dialog."""
    return _ENVIRONMENT.get_template("console/targets.html").render(targets=rows)


def region(view: RegionView, login_url: str = "/login") -> str:
    """Return the inside of one live region."""
    return _ENVIRONMENT.get_template(_TEMPLATES[type(view)][1]).render(
        view=view, ticket=getattr(view, "ticket", None), login_url=login_url
    )


def patch(view: RegionView, login_url: str = "/login") -> Patch:
    """Return the stream event that brings one region up to date."""
    name = _TEMPLATES[type(view)][0]
    return Patch(name, msgspec.json.encode(_PatchData(view.seq, region(view, login_url))))


def level(waited_s: float, target_s: float) -> Level:
    """Return how a wait stands against its target."""
    if waited_s > target_s:
        return "over"
    return "near" if waited_s >= NEAR * target_s else "ok"


def lasting(seconds: float, style: str) -> str:
    """Return a duration: ``mm:ss`` 06:42, ``m:ss`` 0:21, ``min`` 12, ``s`` 18; never below 0.

    From an hour on the first two are 1:02:05.
    """
    if style in ("min", "s"):
        return str(math.ceil(max(0.0, abs(seconds)) / (60 if style == "min" else 1)))
    whole = int(abs(seconds))
    minutes, rest = divmod(whole, 60)
    if minutes >= 60:
        return f"{minutes // 60}:{minutes % 60:02}:{rest:02}"
    return f"{minutes:02}:{rest:02}" if style == "mm:ss" else f"{minutes}:{rest:02}"


def minutes_range(low_high_s: tuple[int, int]) -> str:
    """Return ``8–14`` for a range of seconds, in the minutes that boards and kiosks show."""
    low, high = WaitRange(low_s=low_high_s[0], high_s=low_high_s[1]).minutes
    return f"{low}–{high}"


def by_zone(choices: Sequence[views.WindowChoice]) -> dict[str, list[views.WindowChoice]]:
    """Return the windows by the words for their zone, in the order of the hall."""
    zones: dict[str, list[views.WindowChoice]] = {}
    for choice in choices:
        words_ = f"{choice.floor} 层 {choice.zone}" if choice.floor else choice.zone or "其他"
        zones.setdefault(words_, []).append(choice)
    return zones


def missed_rule(view: views.CalledMain) -> str:
    """Return in one sentence what happens to a missed ticket."""
    if view.void:
        return "过号即作废，要重新取号。"
    place = "排到队尾" if view.back_n is None else f"排到第 {view.back_n} 位之后"
    return f"过号不作废：{view.grace_s // 60} 分钟内回来，凭号票找回，{place}。"


def worst_queue(queues: Sequence[QueueRow], at: datetime) -> QueueRow | None:
    """Return the queue most over its target, or None when all are well below."""
    waits = [(_urgency(queue, at), queue) for queue in queues]
    urgency, queue = max(waits, key=lambda pair: pair[0], default=(0.0, None))
    return queue if urgency >= NEAR else None


def bar_scale(queues: Sequence[QueueRow], at: datetime) -> int:
    """Return the seconds of a full bar: the longest wait or target is at three quarters."""
    lengths = [queue.target_s for queue in queues]
    lengths += [int((at - queue.oldest_at).total_seconds()) for queue in queues if queue.oldest_at]
    return max(1, max(lengths, default=1) * 4 // 3)


def _urgency(queue: QueueRow, at: datetime) -> float:
    if queue.oldest_at is None:
        return 0.0
    return (at - queue.oldest_at).total_seconds() / max(1, queue.target_s)


def _share(part: float, whole: float) -> float:
    """Return a percentage within 0 and 100 with one decimal, for widths."""
    return round(min(100.0, max(0.0, 100 * part / whole)), 1) if whole > 0 else 0.0


def _class_total(queues: Sequence[QueueRow], class_id: str) -> int:
    return sum(c.waiting for queue in queues for c in queue.counts if c.id == class_id)


def _ms(moment: datetime) -> int:
    """Return milliseconds since 1970, as the browser counts."""
    return round(moment.timestamp() * 1000)


def _has_letters(text: str) -> bool:
    return any(character.isalpha() for character in text)


def _grace_minutes(view: views.PhoneTicket) -> int:
    return view.grace_s // 60


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        ms=_ms,
        hm=lambda moment: f"{moment:%H:%M}",
        hms=lambda moment: f"{moment:%H:%M:%S}",
    )
    environment.globals.update(
        asset=assets.url,
        region=region,
        level=level,
        lasting=lasting,
        share=_share,
        minutes=minutes_range,
        bar_scale=bar_scale,
        by_zone=by_zone,
        worst_queue=worst_queue,
        class_total=_class_total,
        missed_rule=missed_rule,
        grace_minutes=_grace_minutes,
        has_letters=_has_letters,
        kinds=words.KINDS,
        kind_icons=words.KIND_ICONS,
        class_icons=words.CLASS_ICONS,
        states=words.STATES,
        outcomes=words.OUTCOMES,
        pauses=words.PAUSES,
        pause_minutes=words.PAUSE_MINUTES,
        places=words.PLACES,
        receipts=words.RECEIPTS,
        phone_states=words.PHONE_STATES,
        login_problems=words.LOGIN_PROBLEMS,
        key_bar=keys.BAR,
    )
    return environment


_ENVIRONMENT: Final = _environment()
