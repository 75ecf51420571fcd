"""Every kind of finding, each by the smallest wrong file, with the line it names."""

from typing import Final

import pytest

from paihao_config.texts import SAYINGS
from paihao_hall.plan import Allocation
from tests.fakes.hall_files import HERE, SMALL, findings_of, line_marked, read_text, small_with

Edit = tuple[tuple[str, str], ...]

WINDOW_B: Final = 'id = "2B01"\nzone = "B"\nserves = ["B"]'
SERVICE_HERE: Final = ("[[services]]\nid", f"[[services]] {HERE}\nid")


def window_b_here(block: str) -> tuple[str, str]:
    """Return the change that writes window 2B01's block anew and marks its header."""
    return f"[[windows]]\n{WINDOW_B}", f"[[windows]] {HERE}\n{block}"


WRONG: Final[list[tuple[str, Edit, str]]] = [
    # The file and its version.
    ("toml-syntax", (("take_until = ", f"take_until {HERE} "),), ""),
    ("version-missing", (("version = 1", f"{HERE}"),), ""),
    ("version-wrong", (("version = 1", f'version = "one" {HERE}'),), ""),
    ("version-newer", (("version = 1", f"version = 2 {HERE}"),), ""),
    # One value.
    ("missing-key", (("[hall]", f"[hall] {HERE}"), ('id = "small"\n', "")), ""),
    ("unknown-key", (("take_until", "take_untill"), ('"16:30"', f'"16:30" {HERE}')), ""),
    ("wrong-type", (("stated_windows = 3", f'stated_windows = "3" {HERE}'),), ""),
    ("wrong-type", (("stated_windows = 3", f"stated_windows = 3\nspeak = 1 {HERE}"),), ""),
    ("not-one-of", ((WINDOW_B, f'{WINDOW_B}\nkinds = ["comprehensiv"] {HERE}'),), ""),
    ("out-of-range", (("stated_windows = 3", f"stated_windows = -1 {HERE}"),), ""),
    ("bad-value", (('floor = "2"', f'floor = "" {HERE}'),), ""),
    ("bad-id", (('id = "one"', f'id = "one/1" {HERE}'),), ""),
    ("bad-id", (('id = "small"', f'id = "郑州" {HERE}'),), ""),
    ("bad-prefix", (('name = "甲 | A"', f'name = "甲"\nprefix = "A1" {HERE}'),), ""),
    ("bad-text", (('name = "乙 | B"', f'name = " | B" {HERE}'),), ""),
    ("bad-time", (('take_until = "16:30"', f'take_until = "24:30" {HERE}'),), ""),
    ("bad-band", (('"13:00-17:00"]', f'"13.00-17.00"] {HERE}'),), ""),
    ("bad-timezone", (('"16:30"', f'"16:30"\ntimezone = "Asia/Zhengzhou" {HERE}'),), ""),
    ("bad-url", (('"16:30"', f'"16:30"\nphone_url = "hall.example" {HERE}'),), ""),
    ("bad-list", (('"1A01-1A02"', f'"1A02-1A01" {HERE}'),), ""),
    # References.
    ("unknown-zone", (('name = "乙 | B"\nzone = "B"', f'name = "乙"\nzone = "Q" {HERE}'),), ""),
    ("unknown-queue", ((WINDOW_B, f'{WINDOW_B}\nhelps = ["A",\n"BG"] {HERE}'),), ""),
    ("unknown-queue", (("A = 20", f"A = 20\nQ = 3 {HERE}"),), ""),
    ("unknown-service", (), f"[simulation.services]\nfour = 2 {HERE}\n"),
    ("unknown-class", (), f"[simulation.classes]\ngold = 2 {HERE}\n"),
    ("unknown-policy", (('name = "甲 | A"', f'name = "甲"\nmissed = "kind" {HERE}'),), ""),
    ("unknown-window", (('"1A01-1A02"', f'"1A01-1A02"\nlunch = "1A03" {HERE}'),), ""),
    ("unknown-zone", (), f'[[notices]]\ntext = "好"\nzones = ["C"] {HERE}\n'),
    ("unknown-zone", (), f'[[kiosks]]\nid = "k"\nat = "C" {HERE}\n'),
    # Doubles.
    ("id-twice", (('"three"', '"one"'), ('["身份证 | ID card"] },', f'[] }}, {HERE}')), ""),
    ("id-twice", (), f'[[zones]] {HERE}\nid = "B"\nname = "丙"\nfloor = "3"\n'),
    ("id-twice", (), f'[[speakers]] {HERE}\nid = "board-A"\n'),
    ("id-twice", (), f'[[kiosks]] {HERE}\nid = "2B01"\n'),
    ("prefix-twice", (('name = "乙 | B"', f'name = "乙"\nprefix = "A" {HERE}'),), ""),
    ("bad-prefix", (), f'[[queues]]\nid = "A2" {HERE}\nname = "甲二"\nzone = "A"\n'),
    ("window-number-twice", (), f'[[windows]] {HERE}\nid = "X2"\nzone = "A"\nserves = ["A"]\n'),
    ("window-number-on-board", (), f'[[boards]] {HERE}\nid = "both"\nzones = ["A", "B"]\n'),
    ("queue-named-twice", (window_b_here(f'{WINDOW_B}\nhelps = ["B"]'),), ""),
    # Blocks that do not say enough, or too much.
    ("ids-missing", (window_b_here(f"{WINDOW_B}\nids = ['X1']"),), ""),
    ("ids-missing", (SERVICE_HERE, ('queue = "A"', 'items = [{id="x", name="x"}]')), ""),
    ("missing-key", (SERVICE_HERE, ('name = "第一件事 | First"\n', "")), ""),
    ("numbers-count", (('"1A01-1A02"', f'"1A01-1A02"\nnumbers = "1-3" {HERE}'),), ""),
    ("number-missing", (('id = "2B01"', f'id = "desk" {HERE}'),), ""),
    ("service-without-queue", (SERVICE_HERE, ('queue = "A"\n', "")), ""),
    # Reach.
    ("service-unreachable", (SERVICE_HERE, ('serves = ["A"]', 'serves = ["B"]')), ""),
    ("service-unreachable", (SERVICE_HERE, ('serves = ["A"]', "reserve = true")), ""),
    ("service-unreachable", (SERVICE_HERE, ('"1"\n', '"1"\nhours = ["19:00-21:00"]\n')), ""),
    ("service-elsewhere", (SERVICE_HERE, ('queue = "A"', 'queue = "A"\nzone = "B"')), ""),
    ("queue-without-service", (), f'[[queues]] {HERE}\nid = "Z"\nname = "取件"\nzone = "A"\n'),
    ("window-without-queue", (), f'[[windows]] {HERE}\nid = "1A09"\nzone = "A"\n'),
    ("window-without-zone", (window_b_here('id = "2B01"\nserves = ["B"]'),), ""),
    ("window-unassigned", ((WINDOW_B, f'{WINDOW_B}\nkinds = ["unassigned"] {HERE}'),), ""),
    ("windows-unplaced", (), f'[[windows]] {HERE}\nids = "R1-R2"\nreserve = true\n'),
    # Hours.
    ("hours-order", (('"13:00-17:00"]', f'\n"17:00-13:00"] {HERE}'),), ""),
    ("hours-overlap", (('"13:00-17:00"]', f'\n"11:30-17:00"] {HERE}'),), ""),
    ("hours-overlap", (('"2"', f'"2"\nhours = ["08:00-17:00", "09:00-11:00"] {HERE}'),), ""),
    ("take-until-outside", (('take_until = "16:30"', f'take_until = "18:00" {HERE}'),), ""),
    ("day-starts-inside", (('"16:30"', f'"16:30"\nday_starts = "12:30" {HERE}'),), ""),
    # Rules and counts.
    ("missed-range", (("calls = 3", f"calls = 0 {HERE}"),), ""),
    ("missed-range", (("grace_minutes = 30", f"grace_minutes = 9000 {HERE}"),), ""),
    ("windows-stated", (("stated_windows = 3", f"stated_windows = 8 {HERE}"),), ""),
]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "edit", "more"), WRONG, ids=[f"{nth}-{one[0]}" for nth, one in enumerate(WRONG)]
)
def test_a_wrong_file_gets_this_finding_on_this_line(code: str, edit: Edit, more: str) -> None:
    text = small_with(*edit, more=more)
    assert [one.line for one in findings_of(text) if one.code == code] == [line_marked(text)]


def test_the_small_hall_has_no_findings() -> None:
    assert findings_of(SMALL) == ()


def test_more_than_six_zones_get_one_advice_and_six_get_none() -> None:
    def with_zones(count: int) -> str:
        more = "".join(
            f'[[zones]]\nid = "Z{nth}"\nname = "区"\nfloor = "1"\n' for nth in range(count - 2)
        )
        return small_with(more=more)

    assert [one.code for one in findings_of(with_zones(6))] == []
    (advice,) = findings_of(with_zones(7))
    assert (advice.code, advice.severity, advice.line) == ("zones-many", "advice", 10)


def test_every_kind_of_finding_has_a_wrong_file() -> None:
    tried = {code for code, _, _ in WRONG} | {"zones-many"}
    # No file, bytes that are no text, an older version: test_loader and test_upgrade.
    elsewhere = {"file-unreadable", "file-not-utf8", "version-upgraded"}
    assert set(SAYINGS) - tried == elsewhere


def test_warnings_and_advice_do_not_stop_a_file() -> None:
    more = '[[queues]]\nid = "Z"\nname = "取件"\nzone = "A"\n'
    hall_file = read_text(small_with(("stated_windows = 3", "stated_windows = 8"), more=more))
    assert [one.severity for one in hall_file.findings] == ["warning", "advice"]


def test_the_stated_number_of_windows_gives_one_warning_with_both_numbers() -> None:
    (warning,) = findings_of(small_with(("stated_windows = 3", "stated_windows = 180")))
    assert warning.severity == "warning"
    for text in (warning.message.zh, warning.message.en):
        assert "180" in text
        assert "3" in text


def test_a_window_that_helps_another_zone_must_not_share_a_number_with_it() -> None:
    text = small_with((WINDOW_B, f'{WINDOW_B}\nhelps = ["A"]'))
    (warning,) = findings_of(text)
    assert warning.code == "window-number-on-board"
    assert "1A01, 2B01" in warning.message.en


def test_a_queue_that_windows_only_help_is_reached() -> None:
    text = small_with(('serves = ["A"]', 'serves = ["B"]\nhelps = ["A"]\nnumbers = "7-8"'))
    assert findings_of(text) == ()


def test_a_mistyped_name_is_answered_with_the_close_one() -> None:
    (unknown,) = [
        one
        for one in findings_of(small_with(('queue = "A"', 'queue = "AA"')))
        if one.code == "unknown-queue"
    ]
    assert unknown.key == "services[0].queue"
    assert "did you mean A" in unknown.message.en
    assert unknown.expected == "A, B"


def test_tiers_follow_serves_and_helps() -> None:
    plan = read_text(small_with((WINDOW_B, f'{WINDOW_B}\nhelps = ["A"]\nnumbers = "9"'))).plan
    assert plan.window_by_id["2B01"].allocation == (Allocation("B", 1), Allocation("A", 2))
