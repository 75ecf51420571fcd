"""The documents name everything a reader may meet, and their tables are as new as the code."""

import re
from collections.abc import Iterator
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, Final, get_args

import pytest
from pydantic import BaseModel

from paihao_config.schema import HallDocument
from paihao_hall.contract import TOPICS
from paihao_hall.refusals import REFUSALS
from paihao_runtime.command import GROUP
from tools.docs_tables import DOCS, refreshed

ROOT: Final = DOCS.parent
PAGES: Final = sorted([*DOCS.rglob("*.md"), *ROOT.glob("*.md")])

_LINK: Final = re.compile(r"\]\((?!https?://|#)(?P<target>[^)#]+)(?P<anchor>#[^)]*)?\)")


def all_docs() -> str:
    return "\n".join(page.read_text(encoding="utf-8") for page in DOCS.rglob("*.md"))


def settings(table: type[BaseModel], within: str = "") -> Iterator[tuple[str, str]]:
    """Yield every key of the hall file with the table it stands in."""
    for name, field in table.model_fields.items():
        yield within or "the top", name
        for part in _tables_in(field.annotation):
            yield from settings(part, within=name)


def _tables_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _tables_in(part)


def test_every_topic_is_documented() -> None:
    text = all_docs()
    assert [topic.template for topic in TOPICS if f"`{topic.template}`" not in text] == []


def test_every_refusal_code_is_documented() -> None:
    text = all_docs()
    assert [code for code in REFUSALS if f"`{code}`" not in text] == []


def test_every_command_is_documented() -> None:
    text = all_docs()
    names = {
        entry.name for entry in entry_points(group=GROUP) if entry.module.startswith("paihao_")
    }
    assert names, "the project is not installed: run make setup"
    assert sorted(name for name in names if f"`paihao {name}`" not in text) == []


def test_every_setting_of_the_hall_file_is_documented() -> None:
    text = (DOCS / "hall-file.md").read_text(encoding="utf-8")
    found = set(settings(HallDocument))
    assert ("queues", "prefix") in found
    assert sorted(f"{table}: {name}" for table, name in found if f"`{name}`" not in text) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_tables_are_as_new_as_the_code(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert refreshed(text) == text, "run make docs"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    missing = [
        found["target"]
        for found in _LINK.finditer(text)
        if not (page.parent / found["target"]).exists()
    ]
    assert missing == []


def test_every_page_is_reachable_from_the_first() -> None:
    seen: set[Path] = set()
    open_pages = [ROOT / "README.md"]
    while open_pages:
        page = open_pages.pop()
        if page in seen or page.suffix != ".md" or not page.is_file():
            continue
        seen.add(page)
        open_pages += [
            (page.parent / found["target"]).resolve()
            for found in _LINK.finditer(page.read_text(encoding="utf-8"))
        ]
    assert [str(page.relative_to(ROOT)) for page in PAGES if page not in seen] == []


def test_a_table_of_old_is_written_anew() -> None:
    old = "before\n<!-- table: device-kinds -->\nold\n<!-- end -->\nafter\n"
    new = refreshed(old)
    assert "old" not in new
    assert "`kiosk`" in new
    assert new.startswith("before\n<!-- table: device-kinds -->\n")
    assert new.endswith("\n<!-- end -->\nafter\n")
    assert refreshed(new) == new


def test_a_table_that_nobody_makes_is_an_error() -> None:
    with pytest.raises(KeyError):
        refreshed("<!-- table: nonsense -->\n<!-- end -->")
