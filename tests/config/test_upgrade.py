"""Older versions are brought up step by step, each change noted."""

from typing import Any

import pytest

from paihao_config import loader
from paihao_config.loader import read_bytes
from paihao_config.schema import VERSION
from paihao_config.upgrade import STEPS, upgraded
from tests.fakes.hall_files import SMALL


def rename_doors(document: dict[str, Any]) -> list[str]:
    document["windows"] = document.pop("doors")
    return ["doors is now called windows"]


def minutes_to_seconds(document: dict[str, Any]) -> list[str]:
    document["wait"] *= 60
    return ["wait is now in seconds"]


def test_every_step_from_the_file_s_version_on_is_taken_in_order() -> None:
    old = {"version": 1, "doors": ["a"], "wait": 2}
    new, changes = upgraded(old, [rename_doors, minutes_to_seconds])
    assert new == {"version": 3, "windows": ["a"], "wait": 120}
    assert changes == ["doors is now called windows", "wait is now in seconds"]
    assert old == {"version": 1, "doors": ["a"], "wait": 2}


def test_steps_before_the_file_s_version_are_not_taken_again() -> None:
    new, changes = upgraded({"version": 2, "wait": 2}, [rename_doors, minutes_to_seconds])
    assert new == {"version": 3, "wait": 120}
    assert len(changes) == 1


def test_a_current_document_stays_as_it_is() -> None:
    assert upgraded({"version": 1}, []) == ({"version": 1}, [])


def test_there_is_a_step_to_every_version() -> None:
    assert len(STEPS) == VERSION - 1


def test_the_loader_tells_of_each_change_as_advice(monkeypatch: pytest.MonkeyPatch) -> None:
    def stays_at_one(document: dict[str, Any]) -> list[str]:
        document["windows"] = document.pop("doors")
        return ["doors is now called windows"]

    def upgrade_from_one(document: dict[str, Any], _: object) -> tuple[dict[str, Any], list[str]]:
        new, changes = upgraded(document, [stays_at_one])
        return {**new, "version": 1}, changes

    monkeypatch.setattr(loader, "upgraded", upgrade_from_one)
    old = SMALL.replace("[[windows]]", "[[doors]]").encode()
    (advice,) = read_bytes(old, "hall.toml").findings
    assert (advice.code, advice.severity, advice.line) == ("version-upgraded", "advice", 1)
    assert "doors is now called windows" in advice.message.en
