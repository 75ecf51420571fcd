"""Pauses between attempts to open a port."""

import random

from hypothesis import given
from hypothesis import strategies as st

from paihao_drivers.transport import FIRST_DELAY_S, LONGEST_DELAY_S, Backoff


@given(st.integers())
def test_pauses_grow_from_a_third_of_a_second_to_ten_and_stay_there(seed: int) -> None:
    backoff = Backoff(random.Random(seed))
    pauses = [backoff.next_delay_s() for _ in range(12)]
    assert pauses[0] == FIRST_DELAY_S
    assert all(FIRST_DELAY_S <= pause <= LONGEST_DELAY_S for pause in pauses)
    assert all(later > earlier for earlier, later in zip(pauses[1:5], pauses[3:7], strict=True))
    assert all(pause >= LONGEST_DELAY_S / 2 for pause in pauses[7:])


def test_a_success_starts_again_with_the_shortest_pause() -> None:
    backoff = Backoff(random.Random(1))
    for _ in range(6):
        backoff.next_delay_s()
    backoff.reset()
    assert backoff.next_delay_s() == FIRST_DELAY_S


def test_devices_that_lost_power_together_do_not_come_back_in_step() -> None:
    halls = [Backoff(random.Random(seed)) for seed in range(20)]
    for backoff in halls:
        for _ in range(6):
            backoff.next_delay_s()
    assert len({backoff.next_delay_s() for backoff in halls}) == 20
