"""Somebody guesses passwords, many at once: the lock counts guesses, not answers."""

import asyncio
from collections import Counter
from pathlib import Path

from tests.server.web_hall import PASSWORD, web_hall


async def test_right_password_among_many_guesses_at_once_comes_too_late(tmp_path: Path) -> None:
    async with web_hall(tmp_path) as hall:
        guesses = [f"Wrong-guess-{n}" for n in range(30)]
        answers = await asyncio.gather(
            *(hall.log_in("manager", guess) for guess in [*guesses, PASSWORD])
        )
        statuses = Counter(answer.status for answer in answers)
        assert 303 not in statuses
        assert statuses[429] >= 26
        assert (await hall.client.get("/", headers=hall.same_site)).url.path == "/login"


async def test_colleagues_who_log_in_at_the_same_moment_all_get_in(tmp_path: Path) -> None:
    async with web_hall(tmp_path) as hall:
        names = ("guide", "manager", "auditor", "admin") * 3
        answers = await asyncio.gather(*(hall.log_in(name) for name in names))
        assert {answer.status for answer in answers} == {303}
