"""docs/hall-file.md: its examples are right, and each table explains its keys where it stands."""

import re
import tomllib
from pathlib import Path
from typing import Final

import pytest

from paihao_config import schema
from paihao_config.schema import Part
from tests.fakes.hall_files import findings_of

PAGE: Final = Path(__file__).resolve().parents[2] / "docs" / "hall-file.md"
TEXT: Final = PAGE.read_text(encoding="utf-8")
EXAMPLES: Final = re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL)

SECTIONS: Final[dict[str, type[Part]]] = {
    "## The top": schema.HallDocument,
    "## `[hall]`": schema.HallPart,
    "## `[[zones]]`": schema.ZonePart,
    "## `[[queues]]`": schema.QueuePart,
    "## `[[services]]`": schema.ServicePart,
    "## `[[windows]]`": schema.WindowPart,
    "## `[[classes]]`": schema.ClassPart,
    "## `[missed.NAME]`": schema.MissedPart,
    "## `[[kiosks]]`, `[[boards]]`, `[[speakers]]`": schema.DevicePart,
    "## `[[notices]]`": schema.NoticePart,
    "## `[[pauses]]`": schema.PausePart,
    "## `[simulation]`": schema.SimulationPart,
}


def section(head: str) -> str:
    return TEXT.split(f"{head}\n", 1)[1].split("\n## ", 1)[0]


def test_the_smallest_hall_can_be_used_as_it_stands() -> None:
    assert findings_of(EXAMPLES[0]) == ()


@pytest.mark.parametrize("example", EXAMPLES[1:], ids=lambda text: text.splitlines()[0])
def test_the_other_examples_fit_into_a_hall_file(example: str) -> None:
    tables = tomllib.loads(example)
    assert tables
    misfits = {"unknown-key", "wrong-type", "bad-value", "bad-id", "missing-key", "not-one-of"}
    # A [hall] example stands for the one of the smallest hall, all others come after it.
    hall = EXAMPLES[0] if "hall" not in tables else EXAMPLES[0].replace("[hall]", "[unused]")
    found = {one.code for one in findings_of(hall + example) if "unused" not in one.key}
    assert found & misfits == set()


@pytest.mark.parametrize("head", SECTIONS)
def test_every_key_is_explained_in_the_section_of_its_table(head: str) -> None:
    rows = "\n".join(line for line in section(head).splitlines() if line.startswith("| `"))
    assert [key for key in SECTIONS[head].model_fields if f"`{key}`" not in rows] == []
