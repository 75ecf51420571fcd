"""One Chromium and one preview per module."""

from collections.abc import Iterator

import pytest

from tests.browser import fixtures
from tests.browser.driver import Desk, chromium
from tests.browser.preview import Hall, Preview


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    with Preview(Hall(page=fixtures.console("idle"))).running() as preview, chromium() as browser:
        yield Desk(browser, preview)
