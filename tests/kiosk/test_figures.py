"""What the kiosk says about the hall in numbers."""

from datetime import UTC, datetime

import msgspec
import pytest

from paihao_hall.plan import Device
from paihao_kiosk import figures
from tests.kiosk.fixtures import AT, PLAN, line
from tests.kiosk.halls import SMALL


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        (["1", "2", "3", "7"], "1-3, 7"),
        (["12"], "12"),
        (["10", "9", "11"], "9-11"),
        (["A1", "2", "3"], "A1, 2-3"),
        ([], ""),
    ],
)
def test_windows_are_told_as_ranges(numbers: list[str], said: str) -> None:
    assert figures.ranges(numbers) == said


def test_windows_of_a_queue_are_those_whose_own_work_it_is() -> None:
    assert figures.window_numbers(PLAN, PLAN.queue_by_id["B"]) == "1-30"
    assert figures.window_numbers(PLAN, PLAN.queue_by_id["BZ"]) == "31-32"
    assert figures.zone_window_numbers(PLAN, PLAN.zone_by_id["B"]) == "1-32"


def test_the_fullest_open_queue_stands_for_all() -> None:
    lines = [line("A", 3, 1, 2), line("B", 9, 5, 8), line("C", 50, None, state="full")]
    fullest = figures.fullest(lines)
    assert fullest is not None
    assert fullest.queue == "B"
    assert figures.fullest([]) is None


def test_numbers_are_given_from_the_beginning_of_the_hall_day_to_the_last_hour() -> None:
    def takes(day: int, hour: int, minute: int) -> bool:
        return figures.takes_numbers(PLAN, datetime(2026, 3, day, hour - 8, minute, tzinfo=UTC))

    assert takes(18, 8, 30)  # before opening, with the true start in the estimate
    assert takes(18, 16, 29)
    assert not takes(18, 16, 30)
    assert not takes(21, 10, 0)  # Saturday


def test_the_next_opening_skips_the_weekend() -> None:
    friday = datetime(2026, 3, 20, 9, 0, tzinfo=UTC)
    assert figures.next_opening(PLAN, friday, "zh", zone=None) == "周一 09:00"
    assert figures.next_opening(PLAN, AT, "en", zone=None) == "Thu 09:00"


def test_a_kiosk_offers_the_zones_it_is_given() -> None:
    some = (Device(id="K1", kind="kiosk", zones=("C", "E"), floor="1"),)
    plan = msgspec.structs.replace(PLAN, devices=some)
    assert [zone.id for zone in figures.offered_zones(plan, "K1")] == ["C", "E"]
    assert {service.zone for service in figures.offered_services(plan, "K1")} == {"C", "E"}


def test_consult_and_complaint_are_buttons_and_not_in_the_lists() -> None:
    listed = {service.id for service in figures.offered_services(PLAN, "K1")}
    assert "B04" in listed
    assert not {"X01", "Y01"} & listed


def test_small_halls_offer_groups_only_where_there_are_several() -> None:
    assert [entry.zone.id for entry in figures.entries(SMALL, "K1")] == ["N", "V"]
    grouped = msgspec.structs.replace(
        SMALL,
        zones=SMALL.zones[:1],
        services=tuple(
            msgspec.structs.replace(SMALL.services[0], id=f"S{at}", group=group)
            for at, group in enumerate(("社保", "民政", "社保"))
        ),
    )
    assert [(e.group, e.services) for e in figures.entries(grouped, "K1")] == [
        ("社保", 2),
        ("民政", 1),
    ]


def test_dates_are_told_in_the_language_of_the_citizen() -> None:
    local = AT.astimezone(PLAN.tz)
    assert figures.date_line(local, "zh") == "3月18日 周三"
    assert figures.date_line(local, "en") == "Wed 18 Mar"
