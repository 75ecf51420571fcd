"""The demo's own waiting: what ends although it did not hear the first time."""

import asyncio

import pytest

from paihao_demo import timing


async def test_task_that_forgets_a_cancel_is_ended_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(timing, "END_S", 0.01)
    deaf_to = 2

    async def stubborn() -> None:
        nonlocal deaf_to
        while True:
            try:
                await asyncio.sleep(3600)
            except asyncio.CancelledError:
                deaf_to -= 1
                if deaf_to < 0:
                    raise

    tasks = {asyncio.create_task(stubborn(), name="stubborn")}
    for task in tuple(tasks):
        task.add_done_callback(tasks.discard)
    await asyncio.sleep(0)
    async with asyncio.timeout(5):
        await timing.end_all(tasks)
    assert not tasks
