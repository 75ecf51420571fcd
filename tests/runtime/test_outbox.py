"""What waits to be said: order, newer state, reconnects, limits."""

import logging

import pytest

from paihao_runtime.bus import Outgoing
from paihao_runtime.outbox import Outbox


def event(text: str) -> Outgoing:
    return Outgoing("h/event", text.encode(), 1, retain=False)


def state(text: str, path: str = "h/state") -> Outgoing:
    return Outgoing(path, text.encode(), 1, retain=True)


def take_all(outbox: Outbox) -> list[str]:
    texts = []
    while (taken := outbox.take()) is not None:
        texts.append(taken[1].body.decode())
    return texts


async def test_messages_leave_in_their_order() -> None:
    outbox = Outbox()
    for text in "abc":
        outbox.put(event(text))
    assert take_all(outbox) == ["a", "b", "c"]


async def test_newer_state_takes_the_place_of_older_state_that_has_not_left() -> None:
    outbox = Outbox()
    for message in (state("old"), event("a"), state("other", "h/other"), state("new")):
        outbox.put(message)
    assert take_all(outbox) == ["new", "a", "other"]


async def test_what_was_not_acknowledged_leaves_again_first() -> None:
    outbox = Outbox()
    for text in "abcd":
        outbox.put(event(text))
    taken = [outbox.take() for _ in range(3)]
    assert taken[1] is not None
    outbox.done(taken[1][0])
    outbox.take_back()
    assert take_all(outbox) == ["a", "c", "d"]


async def test_only_the_newest_state_leaves_again_after_a_reconnect() -> None:
    outbox = Outbox()
    outbox.put(state("1"))
    outbox.take()
    outbox.put(state("2"))
    outbox.take()
    outbox.take_back()
    assert take_all(outbox) == ["2"]
    outbox.put(state("3"))
    outbox.take_back()
    assert take_all(outbox) == ["3"]


async def test_when_full_the_oldest_event_is_dropped_and_state_is_kept(
    caplog: pytest.LogCaptureFixture,
) -> None:
    outbox = Outbox(room=3)
    with caplog.at_level(logging.WARNING):
        for message in (state("s"), event("a"), event("b"), event("c")):
            outbox.put(message)
    assert take_all(outbox) == ["s", "b", "c"]
    assert outbox.dropped == 1
    assert "outbox full: 1 messages dropped" in caplog.text


async def test_it_is_empty_when_everything_is_acknowledged() -> None:
    outbox = Outbox()
    assert await outbox.emptied(0.001)
    outbox.put(event("a"))
    taken = outbox.take()
    assert taken is not None
    assert not await outbox.emptied(0.001)
    outbox.done(taken[0])
    assert await outbox.emptied(0.001)
