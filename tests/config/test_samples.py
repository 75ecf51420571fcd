"""The sample halls: the facts of their sources, and a mark on every value that is invented."""

import re
import time
from collections import Counter
from pathlib import Path
from typing import Final

import pytest

from paihao_config.lines import Lines
from paihao_config.loader import HallFile, load, read
from paihao_hall.plan import HallPlan
from paihao_look import icons
from paihao_runtime.places import shipped

HALLS: Final = shipped("halls")
NAMES: Final = sorted(path.stem for path in HALLS.glob("*.toml"))

_MARK: Final = re.compile(r"#\s*(chosen|given)\b")


def sample(name: str) -> HallFile:
    return read(HALLS / f"{name}.toml")


def plan_of(name: str) -> HallPlan:
    return load(HALLS / f"{name}.toml")


def marks(name: str) -> dict[str, str]:
    """Return for each key of a sample (places left out) all marks it carries, joined."""
    text = (HALLS / f"{name}.toml").read_text(encoding="utf-8")
    mark_of_line: dict[int, str] = {}
    of_table = ""
    for number, line in enumerate(text.splitlines(), 1):
        own = _MARK.search(line)
        if line.startswith("["):
            of_table = own[1] if own else ""
        mark_of_line[number] = own[1] if own else of_table
    found: dict[str, set[str]] = {}
    for path, number in Lines(text).paths().items():
        key = ".".join(step for step in path if isinstance(step, str))
        found.setdefault(key, set()).add(mark_of_line[number])
    return {key: "+".join(sorted(all_of)) for key, all_of in found.items()}


def test_all_five_samples_are_there() -> None:
    assert NAMES == ["dezhou", "huantai", "jiyuan-town", "zhengzhou", "zhengzhou-180"]


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("zhengzhou", ["windows-stated"]),
        ("zhengzhou-180", ["windows-unplaced"]),
        ("jiyuan-town", []),
        ("huantai", []),
        ("dezhou", ["zones-many"]),
    ],
)
def test_a_sample_has_its_intended_findings_and_no_others(name: str, codes: list[str]) -> None:
    assert [found.code for found in sample(name).findings] == codes


def test_zhengzhou_has_the_listed_windows_in_six_zones_on_two_floors() -> None:
    plan = plan_of("zhengzhou")
    assert len(plan.windows) == 107
    assert [zone.id for zone in plan.zones] == ["A", "B", "C", "D", "E", "F"]
    assert Counter(zone.floor for zone in plan.zones) == {"1": 3, "3": 3}
    assert Counter(window.zone for window in plan.windows) == {
        "A": 22, "B": 32, "C": 22, "D": 13, "E": 13, "F": 5,
    }  # fmt: skip


def test_zhengzhou_has_89_comprehensive_4_instant_and_14_issuing_windows() -> None:
    plan = plan_of("zhengzhou")
    assert Counter(window.kinds[0] for window in plan.windows) == {
        "comprehensive": 89, "instant": 4, "issuance": 14,
    }  # fmt: skip
    issuing = Counter(window.zone for window in plan.windows if window.kinds[0] == "issuance")
    assert issuing == {"A": 4, "B": 2, "C": 2, "D": 2, "E": 2, "F": 2}


def test_zhengzhou_warns_once_with_both_numbers_on_the_line_that_states_them() -> None:
    (warning,) = sample("zhengzhou").findings
    text = (HALLS / "zhengzhou.toml").read_text(encoding="utf-8").splitlines()
    assert text[warning.line - 1].startswith("stated_windows = 180")
    assert "180" in warning.message.zh
    assert "107" in warning.message.zh


def test_zhengzhou_keeps_its_hours_its_missed_rule_and_its_ticket_letters() -> None:
    plan = plan_of("zhengzhou")
    assert [f"{band.start:%H:%M}-{band.end:%H:%M}" for band in plan.hours] == [
        "09:00-12:00",
        "13:00-17:00",
    ]
    missed = plan.queue_by_id["B"].missed
    assert (missed.calls, missed.interval_s, missed.back_n, missed.grace_s) == (3, 30, 3, 1800)
    assert {"A", "S", "B", "BG", "BZ", "C", "P", "D", "DG", "E", "EG", "F", "X", "Y"} <= {
        queue.prefix for queue in plan.queues
    }


def test_zhengzhou_covers_lunch_with_a_window_in_each_zone() -> None:
    plan = plan_of("zhengzhou")
    covered = {
        window.zone for window in plan.windows if window.lunch and "comprehensive" in window.kinds
    }
    assert covered == {zone.id for zone in plan.zones}


def test_zhengzhou_has_a_kiosk_a_board_and_a_speaker_in_each_zone() -> None:
    plan = plan_of("zhengzhou")
    everywhere = {zone.id for zone in plan.zones}
    for kind in ("kiosk", "board", "speaker"):
        assert {one.at for one in plan.devices if one.kind == kind} == everywhere


def test_zhengzhou_s_property_zone_looks_as_its_kiosk_shows_it() -> None:
    plan = plan_of("zhengzhou")
    groups = Counter(service.group for service in plan.services if service.zone == "B")
    assert groups == {"不动产登记": 9, "房屋交易": 5, "缴税": 2}
    transfer = plan.service_by_id["bdc-transfer"]
    assert (transfer.name.zh, transfer.name.en) == ("不动产转移登记", "Property transfer")
    assert len(transfer.papers) == 4
    takers = [
        int(window.number)
        for window in plan.windows
        if "B" in {entry.queue for entry in window.allocation}
    ]
    assert sorted(takers) == list(range(1, 31))


def test_zhengzhou_s_services_all_have_english_names() -> None:
    services = plan_of("zhengzhou").services
    assert 60 <= len(services) <= 110
    assert [service.id for service in services if not service.name.en] == []
    assert Counter(service.role for service in services)["collect"] == 6
    assert {service.role for service in services} == {
        "ordinary", "consult", "collect", "complaint",
    }  # fmt: skip


def test_the_180_file_is_the_listed_hall_and_73_reserve_windows_in_no_zone() -> None:
    listed, stated = plan_of("zhengzhou"), plan_of("zhengzhou-180")
    reserve = [window for window in stated.windows if window.reserve]
    assert len(stated.windows) == 180
    assert {(window.zone, window.kinds) for window in reserve} == {("", ("unassigned",))}
    assert [window for window in stated.windows if not window.reserve] == list(listed.windows)
    assert (stated.zones, stated.queues, stated.services, stated.notices) == (
        listed.zones, listed.queues, listed.services, listed.notices,
    )  # fmt: skip
    assert sample("zhengzhou-180").simulation == sample("zhengzhou").simulation


def test_jiyuan_s_one_desk_does_three_kinds_of_work() -> None:
    plan = plan_of("jiyuan-town")
    assert [window.id for window in plan.windows] == ["N01", "N02", "L01", "L02", "V01", "T01"]
    desk = plan.window_by_id["T01"]
    assert desk.kinds == ("issuance", "complaint", "assist")
    assert {plan.queue_by_id[entry.queue].kind for entry in desk.allocation} == set(desk.kinds)
    assert plan.window_by_id["N01"].kinds == ("comprehensive", "one_thing")


def test_huantai_has_a_queue_by_theme_and_none_by_department() -> None:
    plan = plan_of("huantai")
    assert len(plan.windows) == 15
    assert {"F", "J", "S", "Z", "R", "X"} <= {queue.prefix for queue in plan.queues}
    departments = {service.department for service in plan.services} - {""}
    assert departments.isdisjoint(queue.name.zh for queue in plan.queues)
    shared = {service.department for service in plan.services if service.queue == "Z"} - {""}
    assert len(shared) > 1


def test_dezhou_has_336_windows_107_departments_and_8000_people_a_day() -> None:
    started = time.perf_counter()
    hall_file = sample("dezhou")
    assert time.perf_counter() - started < 5
    plan = hall_file.plan
    assert len(plan.windows) == 336
    assert Counter(window.zone for window in plan.windows) == dict.fromkeys("ABCDEFGH", 42)
    assert len({service.department for service in plan.services} - {""}) == 107
    assert sum(hall_file.simulation.arrivals.values()) == 8000


@pytest.mark.parametrize("name", NAMES)
def test_every_service_is_taken_and_every_window_takes_one(name: str) -> None:
    plan = plan_of(name)
    working = [window for window in plan.windows if not window.reserve]
    served = {entry.queue for window in working for entry in window.allocation}
    assert {service.queue for service in plan.services} <= served
    assert [window.id for window in working if not window.allocation] == []
    assert served <= {service.queue for service in plan.services}


@pytest.mark.parametrize("name", NAMES)
def test_the_kiosk_s_small_buttons_and_pictograms_are_there(name: str) -> None:
    plan = plan_of(name)
    assert {"consult", "collect", "complaint"} <= {service.role for service in plan.services}
    assert {zone.icon for zone in plan.zones} <= set(icons.names())


@pytest.mark.parametrize("name", NAMES)
def test_the_simulation_knows_people_for_every_queue_in_open_hours(name: str) -> None:
    hall_file = sample(name)
    simulation = hall_file.simulation
    assert set(simulation.arrivals) == {queue.id for queue in hall_file.plan.queues}
    assert sum(simulation.classes.values()) < 1
    assert set(simulation.by_hour) <= set(range(9, 17))


@pytest.mark.parametrize("name", NAMES)
def test_every_invented_value_is_marked_as_chosen(name: str) -> None:
    invented = re.compile(
        r"hall\.(id|weekdays|take_until|day_starts|speak)$"
        r"|zones\.(id|short|place|icon)$"
        r"|queues\.(?!name)"
        r"|windows\.(id|ids|numbers|serves|helps|lunch|reserve)$"
        r"|services\.(?!department)"
        r"|(classes|missed|kiosks|boards|speakers|notices|pauses|simulation)\."
    )
    found = marks(name)
    keys = [key for key in found if invented.match(key)]
    assert {"queues.service_minutes", "queues.id", "simulation.no_show_percent"} <= set(keys)
    assert [key for key in keys if found[key] != "chosen"] == []


@pytest.mark.parametrize("name", NAMES)
def test_what_the_source_gives_is_not_called_chosen(name: str) -> None:
    found = marks(name)
    assert found["hall.sources"] == ""
    if name.startswith("zhengzhou"):
        given = ("hall.name", "hall.hours", "hall.stated_windows", "zones.name", "zones.floor")
        assert [key for key in given if found[key] != ""] == []
    else:
        assert found["hall.hours"] == "chosen"


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_says_where_its_values_come_from(name: str) -> None:
    text = (HALLS / f"{name}.toml").read_text(encoding="utf-8")
    sources = text[text.index("[hall.sources]") :].split("\n\n")[0]
    assert len(sources.splitlines()) >= 3
    assert "\nchosen = " in sources


def test_the_marks_can_be_missed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (HALLS / "huantai.toml").read_text(encoding="utf-8")
    unmarked = text.replace(
        "[[queues]]                                        # chosen", "[[queues]]"
    )
    (tmp_path / "huantai.toml").write_text(unmarked, encoding="utf-8")
    monkeypatch.setattr(f"{__name__}.HALLS", tmp_path, raising=True)
    assert marks("huantai")["queues.service_minutes"] == ""
