"""Waits between tries: they grow, stay within bounds and do not fall in step."""

from random import Random

from paihao_runtime.backoff import Backoff


def test_waits_double_up_to_the_limit() -> None:
    backoff = Backoff(Random(1))
    waits_s = [backoff.next_s() for _ in range(12)]
    steps_s = [min(0.3 * 2**turn, 10.0) for turn in range(12)]
    for wait_s, step_s in zip(waits_s, steps_s, strict=True):
        assert step_s / 2 <= wait_s <= step_s


def test_a_success_begins_anew() -> None:
    backoff = Backoff(Random(1))
    for _ in range(5):
        backoff.next_s()
    backoff.reset()
    assert backoff.next_s() <= 0.3


def test_two_devices_do_not_fall_in_step() -> None:
    first, second = Backoff(Random(1)), Backoff(Random(2))
    assert [first.next_s() for _ in range(5)] != [second.next_s() for _ in range(5)]
