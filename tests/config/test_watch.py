"""A hall file that changes on disk is yielded checked, or with its errors."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path

import pytest

from paihao_config.findings import HallFileError
from paihao_config.loader import HallFile, read
from paihao_config.watch import watch
from tests.fakes.hall_files import SMALL, small_with

TIME_TO_SEE_S = 20

RENAMED = small_with(('name = "小厅 | Small hall"', 'name = "新厅 | New hall"'))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "hall.toml"
    path.write_text(SMALL, encoding="utf-8")
    return path


def replace(path: Path, text: str) -> None:
    """Put a new file in the old one's place, as editors do."""
    new = path.with_suffix(".new")
    new.write_text(text, encoding="utf-8")
    new.replace(path)


def remove_and_write(path: Path, text: str) -> None:
    path.unlink()
    path.write_text(text, encoding="utf-8")


async def seen(changes: AsyncIterator[HallFile | HallFileError]) -> HallFile | HallFileError:
    async with asyncio.timeout(TIME_TO_SEE_S):
        return await anext(changes)


async def test_a_replaced_file_is_yielded_as_a_new_plan(path: Path) -> None:
    async with aclosing(watch(path, read(path))) as changes:
        replace(path, RENAMED)
        found = await seen(changes)
    assert isinstance(found, HallFile)
    assert found.plan.name.zh == "新厅"


async def test_a_wrong_file_is_yielded_as_its_errors_and_a_mended_one_after_it(path: Path) -> None:
    async with aclosing(watch(path, read(path))) as changes:
        replace(path, RENAMED.replace("take_until", "take_untill"))
        wrong = await seen(changes)
        replace(path, RENAMED)
        mended = await seen(changes)
    assert isinstance(wrong, HallFileError)
    assert [one.line for one in wrong.findings] == [7]
    assert isinstance(mended, HallFile)


async def test_a_file_that_goes_away_and_comes_back_unchanged_yields_nothing(path: Path) -> None:
    async with aclosing(watch(path, read(path))) as changes:
        remove_and_write(path, SMALL)
        replace(path.with_name("other.toml"), "another file")
        replace(path, RENAMED)
        found = await seen(changes)
    assert isinstance(found, HallFile)


async def test_a_change_made_before_the_watch_began_is_seen(path: Path) -> None:
    known = read(path)
    replace(path, RENAMED)
    async with aclosing(watch(path, known)) as changes:
        found = await seen(changes)
    assert isinstance(found, HallFile)
