"""The hall in a bottle, the first half of the seeds; two modules so that two cores share them."""

from collections import Counter

import pytest

from tests.bottle.seeds import STRIKES, run_seeds

SHARE = (0, 2)


def test_the_hall_keeps_its_promises_whatever_goes_wrong(
    chunk: range, happened: Counter[str], seeds_run: list[int]
) -> None:
    run_seeds(chunk, happened)
    seeds_run += chunk


def test_every_kind_of_fault_really_struck(happened: Counter[str], seeds_run: list[int]) -> None:
    if len(seeds_run) < 100:
        pytest.skip("too few seeds to say")
    assert set(happened) >= STRIKES, f"never happened: {sorted(STRIKES - set(happened))}"
