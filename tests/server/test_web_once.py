"""Once per key: waiting for the first, trying again when the first gave up, forgetting in time."""

import asyncio

import pytest

from paihao_server.web.once import KeyReusedError, Once, Reply, command_id


async def test_a_second_request_waits_for_the_first() -> None:
    once, go, made = Once(), asyncio.Event(), []

    async def make() -> Reply:
        made.append(1)
        await go.wait()
        return Reply(201, b"first")

    both = [asyncio.create_task(once.run("c", b"", make)) for _ in range(2)]
    await asyncio.sleep(0)
    go.set()
    assert [reply.body for reply in await asyncio.gather(*both)] == [b"first", b"first"]
    assert made == [1]


async def test_when_the_first_browser_goes_away_the_second_does_it() -> None:
    once = Once()

    async def for_ever() -> Reply:
        await asyncio.Event().wait()
        raise AssertionError

    async def quick() -> Reply:
        return Reply(200, b"second")

    first = asyncio.create_task(once.run("c", b"", for_ever))
    await asyncio.sleep(0)
    second = asyncio.create_task(once.run("c", b"", quick))
    await asyncio.sleep(0)
    first.cancel()
    assert (await second).body == b"second"


async def test_a_failure_of_the_server_may_be_tried_again() -> None:
    once = Once()
    replies = iter([Reply(503, b"stopped"), Reply(200, b"done")])

    async def make() -> Reply:
        return next(replies)

    assert (await once.run("c", b"", make)).status == 503
    assert (await once.run("c", b"", make)).status == 200


async def test_another_body_under_the_same_key_is_told_apart() -> None:
    once = Once()

    async def make() -> Reply:
        return Reply(200, b"")

    await once.run("c", b"one", make)
    with pytest.raises(KeyReusedError):
        await once.run("c", b"two", make)


async def test_the_oldest_answers_are_forgotten() -> None:
    once, made = Once(kept=3), []

    async def make() -> Reply:
        made.append(1)
        return Reply(200, b"")

    for command in ("a", "b", "c", "d", "d", "a"):
        await once.run(command, b"", make)
    assert len(made) == 5, "d was kept, a was not"


def test_a_command_id_belongs_to_who_what_and_key() -> None:
    one = command_id("machine:m", "POST", "/api/v1/tickets", "k")
    assert one == command_id("machine:m", "POST", "/api/v1/tickets", "k")
    assert one != command_id("machine:n", "POST", "/api/v1/tickets", "k")
    assert one != command_id("machine:m", "POST", "/api/v1/other", "k")
    assert command_id("m", "POST", "/", None) != command_id("m", "POST", "/", None)
    assert len(one) == 32
