"""What a kiosk keeps on disk."""

import logging
from datetime import UTC, datetime
from pathlib import Path

import pytest

from paihao_hall.contract import CATALOGUE, Catalogue, KioskRequest
from paihao_kiosk.memory import Memory, OpenRequest
from tests.kiosk.fixtures import PLAN, ticket

NOW = datetime(2026, 3, 18, 2, 24, tzinfo=UTC)


def test_a_catalogue_is_kept(tmp_path: Path) -> None:
    Memory(tmp_path / "new").keep_catalogue(CATALOGUE.dump(Catalogue(seq=4, plan=PLAN)))
    assert Memory(tmp_path / "new").plan() == PLAN


def test_open_requests_are_kept(tmp_path: Path) -> None:
    asked = OpenRequest(KioskRequest(id="a", service="B01"), NOW)
    printing = OpenRequest(KioskRequest(id="b", service="B01"), NOW, ticket())
    Memory(tmp_path).keep_open((asked, printing))
    assert Memory(tmp_path).open_requests() == (asked, printing)


def test_an_empty_folder_knows_nothing(tmp_path: Path) -> None:
    memory = Memory(tmp_path)
    assert memory.plan() is None
    assert memory.open_requests() == ()


def test_broken_files_are_told_and_passed_over(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "catalogue.json").write_bytes(b"{")
    (tmp_path / "open-requests.json").write_bytes(b"\xff")
    memory = Memory(tmp_path)
    with caplog.at_level(logging.WARNING):
        assert memory.plan() is None
        assert memory.open_requests() == ()
    assert len(caplog.records) == 2


def test_a_disk_that_takes_nothing_does_not_stop_the_kiosk(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    memory = Memory(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    with caplog.at_level(logging.WARNING):
        memory.keep_catalogue(b"{}")
    assert "cannot be written" in caplog.text
