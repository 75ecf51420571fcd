"""Shares the seeds out: each chunk of them is a test, and two modules take every second chunk."""

from collections import Counter

import pytest

from tests.bottle.seeds import CHUNK


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give a test that asks for ``chunk`` its share of the seeds, see ``SHARE`` of its module."""
    if "chunk" not in metafunc.fixturenames:
        return
    first: int = metafunc.config.getoption("first_seed")
    end: int = first + metafunc.config.getoption("seeds")
    chunks = [range(at, min(at + CHUNK, end)) for at in range(first, end, CHUNK)]
    share, of = metafunc.module.SHARE
    mine = chunks[share::of]
    metafunc.parametrize("chunk", mine, ids=[f"{c.start}-{c.stop - 1}" for c in mine])


@pytest.fixture(scope="module")
def happened() -> Counter[str]:
    """What happened in the seeds that this module has run so far."""
    return Counter()


@pytest.fixture(scope="module")
def seeds_run() -> list[int]:
    """The seeds that this module has run so far."""
    return []
