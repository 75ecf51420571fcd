"""What differs between two plans, in words."""

from paihao_config.diff import Difference, differences
from paihao_hall.plan import HallPlan, Text
from tests.fakes.hall_files import SMALL, read_text, small_with

WINDOW_B = 'id = "2B01"\nzone = "B"\nserves = ["B"]'


def plan(*changes: tuple[str, str], more: str = "") -> HallPlan:
    return read_text(small_with(*changes, more=more)).plan


def said(old: HallPlan, new: HallPlan) -> list[str]:
    return [one.text.en for one in differences(old, new)]


def test_equal_plans_do_not_differ() -> None:
    assert differences(plan(), read_text(SMALL + "# a comment\n").plan) == []


def test_a_window_that_takes_another_queue_is_said_with_its_tier() -> None:
    new = plan((WINDOW_B, f'{WINDOW_B}\nhelps = ["A"]'))
    assert differences(plan(), new) == [
        Difference(
            "windows", "2B01", "changed", "allocation",
            Text("窗口 2B01 加 A，二档", "window 2B01 adds A, tier 2"),
        )
    ]  # fmt: skip
    assert said(new, plan()) == ["window 2B01 drops A"]


def test_a_queue_moved_to_the_second_tier_is_said_as_one_change() -> None:
    old = plan((WINDOW_B, f'{WINDOW_B}\nhelps = ["A"]'))
    new = plan((WINDOW_B, WINDOW_B.replace('"B"]', '"B", "A"]')))
    assert said(old, new) == ["window 2B01: A from tier 2 to tier 1"]


def test_parts_that_come_and_go_are_named() -> None:
    new = plan(more='[[queues]]\nid = "Z"\nname = "取件"\nzone = "A"\n')
    assert said(plan(), new) == ["queue Z added"]
    (gone,) = differences(new, plan())
    assert (gone.table, gone.id, gone.change, gone.text.zh) == (
        "queues", "Z", "removed", "去掉队列 Z",
    )  # fmt: skip


def test_a_new_window_brings_its_box() -> None:
    new = plan(("stated_windows = 3", "stated_windows = 4"), ('"1A01-1A02"', '"1A01-1A03"'))
    assert said(plan(), new) == ["window 1A03 added", "device 1A03 added"]


def test_a_changed_value_is_said_with_both_values() -> None:
    new = plan(("calls = 3", "calls = 2"), ('"09:00-12:00"', '"08:30-12:00"'))
    assert said(plan(), new) == [
        "hall small: hours from 09:00-12:00, 13:00-17:00 to 08:30-12:00, 13:00-17:00",
        "queues A: missed from 3x30s back_n 3 1800s 2 to 2x30s back_n 3 1800s 2",
        "queues B: missed from 3x30s back_n 3 1800s 2 to 2x30s back_n 3 1800s 2",
    ]


def test_the_order_of_parts_is_no_difference() -> None:
    queue_a = '[[queues]]\nid = "A"\nname = "甲 | A"\nzone = "A"\n\n'
    moved = read_text(
        SMALL.replace(queue_a, "").replace("[[services]]\nid", queue_a + "[[services]]\nid")
    )
    assert moved.plan.queues != plan().queues
    assert differences(plan(), moved.plan) == []
