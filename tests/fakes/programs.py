"""The real programs of tests marked ``real``; a missing one fails the test, never skips it."""

import os
import shutil
from pathlib import Path

import pytest


def program(name: str) -> Path:
    """Return where a program is, also when it lies where only root usually looks."""
    places = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin"])
    found = shutil.which(name, path=places)
    if found is None:
        pytest.fail(f"{name} is not installed: run make setup-test", pytrace=False)
    return Path(found)
