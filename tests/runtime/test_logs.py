"""Log lines: readable by people, parsable by machines, whole with their traceback."""

import io
import json
import logging
import warnings
from collections.abc import Iterator

import pytest

from paihao_runtime.logs import start_logs


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.captureWarnings(capture=False)
    for name in ("amqtt", "transitions", "aiohttp.access", "mqtt"):
        logging.getLogger(name).setLevel(logging.NOTSET)


def test_plain_line_names_time_level_and_part() -> None:
    stream = io.StringIO()
    start_logs("plain", "info", stream=stream)
    logging.getLogger("paihao_kiosk.printer").warning("%s: paper is out", "printer-1")
    time, rest = stream.getvalue().split(" ", 1)
    assert rest == "warning paihao_kiosk.printer: printer-1: paper is out\n"
    assert time.endswith("Z")
    assert len(time) == len("2026-11-20T01:02:03.004Z")


def test_json_line_carries_the_facts_and_keeps_chinese_readable() -> None:
    stream = io.StringIO()
    start_logs("json", "info", stream=stream)
    logging.getLogger("paihao_server").info("called %s", "A017", extra={"window": "1号", "seq": 7})
    text = stream.getvalue()
    assert "1号" in text
    line = json.loads(text)
    assert line.pop("at").endswith("Z")
    assert line == {
        "level": "info",
        "from": "paihao_server",
        "message": "called A017",
        "window": "1号",
        "seq": 7,
    }


def test_json_line_holds_the_traceback_on_the_same_line() -> None:
    stream = io.StringIO()
    start_logs("json", "info", stream=stream)
    try:
        raise ValueError("two\nlines")
    except ValueError:
        logging.getLogger("paihao_server").exception("the board failed")
    (text,) = stream.getvalue().splitlines()
    assert "ValueError: two\nlines" in json.loads(text)["traceback"]


def test_plain_line_is_followed_by_the_traceback() -> None:
    stream = io.StringIO()
    start_logs("plain", "info", stream=stream)
    try:
        raise ValueError("no paper")
    except ValueError:
        logging.getLogger("paihao_server").exception("the printer failed")
    lines = stream.getvalue().splitlines()
    assert lines[0].endswith("error paihao_server: the printer failed")
    assert lines[-1] == "ValueError: no paper"


def test_a_fact_that_json_lacks_is_written_as_text() -> None:
    stream = io.StringIO()
    start_logs("json", "info", stream=stream)
    logging.getLogger("paihao_server").info("raw", extra={"payload": b"\x02"})
    assert json.loads(stream.getvalue())["payload"] == "b'\\x02'"


@pytest.mark.parametrize(("level", "shown"), [("info", False), ("debug", True)])
def test_packet_chatter_of_libraries_is_shown_only_when_debugging(
    level: str, *, shown: bool
) -> None:
    stream = io.StringIO()
    start_logs("plain", "debug" if level == "debug" else "info", stream=stream)
    logging.getLogger("amqtt.broker").info("packet in")
    assert ("packet in" in stream.getvalue()) is shown


@pytest.mark.parametrize(("level", "shown"), [("info", False), ("debug", True)])
def test_what_the_bus_says_itself_is_not_said_by_its_library_too(
    level: str, *, shown: bool
) -> None:
    stream = io.StringIO()
    start_logs("plain", "debug" if level == "debug" else "info", stream=stream)
    logging.getLogger("mqtt").error("could not gracefully disconnect")
    assert ("could not" in stream.getvalue()) is shown


def test_python_warnings_become_log_lines() -> None:
    stream = io.StringIO()
    start_logs("plain", "info", stream=stream)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn("old setting", UserWarning, stacklevel=1)
    assert "py.warnings" in stream.getvalue()
    assert "old setting" in stream.getvalue()
