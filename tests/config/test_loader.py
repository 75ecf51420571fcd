"""Loading: equal plans from equal files, every error at once, no traceback whatever comes."""

from datetime import time
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from paihao_config.findings import HallFileError
from paihao_config.loader import load, read, read_bytes
from paihao_config.validate import validated
from paihao_hall.plan import Band, Device, MissedPolicy, Text
from tests.fakes.hall_files import HERE, SMALL, findings_of, line_marked, read_text, small_with


def test_two_loads_of_a_file_give_equal_plans(tmp_path: Path) -> None:
    path = tmp_path / "hall.toml"
    path.write_text(SMALL, encoding="utf-8")
    assert load(path) == load(path) == read(path).plan


def test_the_revision_follows_the_content_and_not_the_writing() -> None:
    plan = read_text(SMALL).plan
    assert len(plan.revision) == 12
    assert read_text(SMALL + "\n# a comment\n").plan == plan
    changed = read_text(small_with(('name = "甲 | A"', 'name = "甲队 | A"'))).plan
    assert changed.revision != plan.revision


def test_the_plan_says_what_the_file_says() -> None:
    plan = read_text(SMALL).plan
    assert plan.name == Text("小厅", "Small hall")
    assert plan.hours == (Band(time(9), time(12)), Band(time(13), time(17)))
    assert plan.take_until == time(16, 30)
    assert [window.number for window in plan.windows] == ["1", "2", "1"]
    assert plan.queue_by_id["A"].missed == MissedPolicy(calls=3, grace_s=1800)
    assert plan.queue_by_id["A"].prefix == "A"
    assert plan.service_by_id["three"].papers == (Text("身份证", "ID card"),)
    assert plan.service_by_id["three"].zone == "B"
    assert [one.id for one in plan.classes] == ["regular"]


def test_one_device_line_makes_one_machine_in_each_zone() -> None:
    plan = read_text(SMALL).plan
    assert plan.device_by_id["board-B"] == Device(
        id="board-B", kind="board", zones=("B",), floor="2", at="B"
    )
    # A kiosk offers the whole hall wherever it stands.
    assert plan.device_by_id["kiosk-A"].zones == ()
    assert plan.device_by_id["kiosk-A"].at == "A"


def test_every_window_has_a_box_under_its_own_id() -> None:
    plan = read_text(SMALL).plan
    boxes = [device for device in plan.devices if device.kind == "window"]
    assert [(box.id, box.zones) for box in boxes] == [
        ("1A01", ("A",)), ("1A02", ("A",)), ("2B01", ("B",)),
    ]  # fmt: skip


def test_an_item_takes_from_its_block_what_it_leaves_out() -> None:
    more = """
[[services]]
queue = "A"
department = "住建局"
aliases = ["房"]
items = [
  { id = "four", name = "四" },
  { id = "five", name = "五", department = "税务局", aliases = [], queue = "B", zone = "B" },
]
"""
    plan = read_text(small_with(more=more)).plan
    four, five = plan.service_by_id["four"], plan.service_by_id["five"]
    assert (four.department, four.aliases, four.queue, four.zone) == ("住建局", ("房",), "A", "A")
    assert (five.department, five.aliases, five.queue, five.zone) == ("税务局", (), "B", "B")


def test_the_simulation_is_kept_apart_from_the_plan() -> None:
    more = "B = 4\n[simulation]\nno_show_percent = 6\n[simulation.by_hour]\n09 = 3\n"
    hall_file = read_text(small_with(more=more))
    assert hall_file.simulation.arrivals == {"A": 20, "B": 4}
    assert hall_file.simulation.no_show == pytest.approx(0.06)
    assert hall_file.simulation.by_hour == {9: 3}
    assert hall_file.simulation.service_s == {"A": 600, "B": 600}
    assert hall_file.plan == read_text(SMALL).plan


def test_all_errors_come_at_once_with_wrong_types_and_wrong_references_together() -> None:
    text = small_with(
        ("take_until", "take_untill"),
        ("stated_windows = 3", 'stated_windows = "3"'),
        ('floor = "2"\n', ""),
        ('queue = "A"', 'queue = "Q"'),
        ("calls = 3", "calls = 99"),
        ('"1A01-1A02"', '"1A01-1A02"\nkinds = ["sofa"]'),
    )
    found = {(one.code, one.key) for one in findings_of(text)}
    assert found == {
        ("unknown-key", "hall.take_untill"),
        ("wrong-type", "hall.stated_windows"),
        ("missing-key", "zones[1]"),
        ("unknown-queue", "services[0].queue"),
        ("missed-range", "missed.standard.calls"),
        ("not-one-of", "windows[0].kinds[0]"),
    }


def test_a_table_that_does_not_fit_is_not_called_unknown_as_well() -> None:
    text = small_with(('name = "乙 | B"\nzone = "B"', 'name = "乙 | B"'))
    assert [(one.code, one.key) for one in findings_of(text)] == [("missing-key", "queues[1]")]


def test_a_value_that_does_not_fit_is_not_called_missing_as_well() -> None:
    text = small_with(
        ('"2B01"\nzone = "B"\nserves = ["B"]', '"2B01"\nzone = "乙"\nserves = ["乙"]'),
    )
    assert [(one.code, one.key) for one in findings_of(text)] == [
        ("bad-id", "windows[1].zone"),
        ("bad-id", "windows[1].serves[0]"),
    ]


def test_entries_after_one_that_is_cut_out_keep_their_lines() -> None:
    text = small_with(
        ('[[queues]]\nid = "A"\n', "[[queues]]\n"),
        ('name = "乙 | B"\nzone = "B"', f'name = "乙 | B"\nzone = "Q" {HERE}'),
    )
    found = {one.code: (one.key, one.line) for one in findings_of(text)}
    assert found["missing-key"] == ("queues[0]", 20)
    assert found["unknown-zone"] == ("queues[1].zone", line_marked(text))


def test_a_finding_is_one_line_with_file_line_severity_and_key() -> None:
    (found,) = findings_of(small_with(("take_until", "take_untill")))
    assert str(found).startswith("hall.toml:7: error: hall.take_untill: 不认识的键 take_untill")
    assert "did you mean take_until" in str(found)
    assert "\n" not in str(found)


def test_a_key_that_nobody_could_type_is_still_one_line() -> None:
    (found,) = findings_of('"a\\nb{zone}" = 1\n' + SMALL)
    assert found.code == "unknown-key"
    assert "\n" not in str(found)


def test_a_missing_file_is_a_finding(tmp_path: Path) -> None:
    with pytest.raises(HallFileError) as refused:
        load(tmp_path / "no.toml")
    (found,) = refused.value.findings
    assert found.code == "file-unreadable"
    assert "no.toml:1: error: " in str(refused.value)


def test_a_file_in_another_encoding_is_a_finding_with_its_line() -> None:
    with pytest.raises(HallFileError) as refused:
        read_bytes('version = 1\n# 大厅\n[hall]\nname = "大厅"\n'.encode("gbk"), "hall.toml")
    (found,) = refused.value.findings
    assert (found.code, found.line) == ("file-not-utf8", 2)


def test_a_byte_order_mark_does_no_harm() -> None:
    assert read_bytes(b"\xef\xbb\xbf" + SMALL.encode(), "hall.toml").plan == read_text(SMALL).plan


def test_a_syntax_error_names_line_and_column() -> None:
    (found,) = findings_of('version = 1\n[hall\nname = "x"\n')
    assert (found.code, found.line) == ("toml-syntax", 2)
    assert "column 6" in found.message.en


LINES = SMALL.splitlines(keepends=True)
SNIPPETS = ["[", "]", "{", "}", '"', "'", "=", "\n", "#", ".", ",", '"""', "[[", "= 1", "zones",
            "inf", "nan", "-1", "1e400", "9" * 5000, "true", "07:61:00", "\\u0000", "厅", "{zone}",
            "version = 2", "[hall]", "[[queues]]", "\x00", "1979-05-27", "|"]  # fmt: skip


@given(st.text(max_size=60))
@example("[" * 5000)
@example("a = " + "[" * 5000)
@example("a = " + "{a=" * 5000)
@example("version = 1\n[hall]\nstated_windows = " + "9" * 5000)
@example("\x00")
def test_garbage_gives_findings_and_never_a_traceback(text: str) -> None:
    assert findings_of(text)


@given(st.binary(max_size=60))
def test_bytes_that_are_no_text_give_findings(body: bytes) -> None:
    with pytest.raises(HallFileError) as refused:
        read_bytes(body, "hall.toml")
    assert refused.value.findings


@given(st.data())
def test_a_damaged_hall_file_loads_or_gives_findings_within_its_lines(data: st.DataObject) -> None:
    lines = list(LINES)
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(lines) - 1))
        snippet = data.draw(st.sampled_from(SNIPPETS))
        line = lines[place]
        at = data.draw(st.integers(0, len(line)))
        until = data.draw(st.integers(at, len(line)))
        lines[place] = line[:at] + snippet + line[until:]
    text = "".join(lines)
    for found in findings_of(text):
        assert 1 <= found.line <= text.count("\n") + 1
        assert found.message.zh
        assert found.message.en


scalars = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5),
    st.just([]), st.just({}), st.just([{}]), st.just([[]]), st.times(),
)  # fmt: skip
KEYS = [
    "hall", "zones", "queues", "services", "windows", "classes", "missed", "kiosks", "boards",
    "notices", "pauses", "simulation", "version", "id", "ids", "items", "hours", "serves",
    "lunch", "prefix", "arrivals", "by_hour", "name", "zone", "queue",
]  # fmt: skip


@given(st.dictionaries(st.sampled_from(KEYS), st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=2)
    | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=12,
), max_size=8))  # fmt: skip
def test_documents_of_any_shape_give_findings(document: dict[str, object]) -> None:
    checked = validated(document)
    assert checked.problems or checked.document is not None
