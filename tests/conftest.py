"""What every test runs under: no screen, no sound card, and properties without a stop-watch."""

import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from tests.fakes.brokers import RunningBroker

# Read by SDL when pygame is first imported, so they are set before any test module is.
os.environ["SDL_VIDEODRIVER"] = "dummy"
os.environ["SDL_AUDIODRIVER"] = "dummy"
os.environ["SDL_FRAMEBUFFER_ACCELERATION"] = "0"
os.environ["PYGAME_HIDE_SUPPORT_PROMPT"] = "1"

# Two busy cores make a slow example, not a wrong one.
settings.register_profile("paihao", deadline=None, print_blob=True)
settings.load_profile("paihao")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Say how long the hall in a bottle is shaken."""
    group = parser.getgroup("bottle", "the hall in a bottle")
    group.addoption("--seeds", type=int, default=200, help="how many days it lives through")
    group.addoption("--first-seed", type=int, default=0, help="the seed of the first of them")


@pytest.fixture(params=["embedded", pytest.param("mosquitto", marks=pytest.mark.real)])
async def broker(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator["RunningBroker"]:
    """Each broker of the hall in turn, on a free port, knowing the devices of its module."""
    # Here, because most tests need no broker and should not wait for its imports.
    from tests.fakes.brokers import running_broker

    async with running_broker(request.param, tmp_path / "broker") as running:
        yield running
