"""Brings a hall document of an older version to the current one, step by step.

Step 1 turns version 1 into version 2, and so on. A step changes the document it is given, which is
a copy, and says what it changed. A shipped step is never edited; each new version adds one.
"""

from collections.abc import Callable, Sequence
from copy import deepcopy
from typing import Any, Final

Step = Callable[[dict[str, Any]], list[str]]

STEPS: Final[tuple[Step, ...]] = ()
"""Version 1 is the first, so there is nothing older to bring up."""


def upgraded(document: dict[str, Any], steps: Sequence[Step]) -> tuple[dict[str, Any], list[str]]:
    """Return the document in the newest version and a note of each change.

    Args:
        document: parsed file; its ``version`` is 1 to ``len(steps) + 1``. It is not changed.
        steps: from each version to the next.
    """
    document = deepcopy(document)
    changes: list[str] = []
    for version in range(document["version"], len(steps) + 1):
        changes += steps[version - 1](document)
        document["version"] = version + 1
    return document, changes
