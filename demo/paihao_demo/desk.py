"""The server's web API as a clerk's keys use it: one press is one key, repeated until heard."""

import asyncio
import logging
from dataclasses import dataclass
from typing import Any, Final

import aiohttp

log = logging.getLogger(__name__)

AGAIN_S: Final = 0.3
"""Wall seconds until a press is repeated that nobody answered; always with the same key."""


@dataclass(frozen=True, slots=True)
class Pressed:
    """The answer to a press."""

    status: int
    body: dict[str, Any]

    @property
    def ok(self) -> bool:
        """Whether it was done."""
        return self.status == 200


class Desk:
    """A clerk's login at the server."""

    def __init__(self, http: aiohttp.ClientSession, base: str, name: str, token: str) -> None:
        """Store what is given.

        Args:
            http: shared by all clerks.
            base: URL of the server.
            name: of the clerk; names presses.
            token: the clerk's bearer token.
        """
        self._http = http
        self._base = base
        self._name = name
        self._headers = {"Authorization": f"Bearer {token}"}
        self._presses = 0

    async def press(self, window: str, action: str, **body: Any) -> Pressed:
        """Press once; waits as long as the server is away."""
        self._presses += 1
        headers = {**self._headers, "Idempotency-Key": f"{self._name}-{self._presses}"}
        url = f"{self._base}/api/v1/windows/{window}/{action}"
        while True:
            try:
                async with self._http.post(url, json=body, headers=headers) as response:
                    if response.status != 503:
                        return Pressed(response.status, await response.json(content_type=None))
            except (aiohttp.ClientError, ConnectionError, TimeoutError) as error:
                log.debug("%s %s: %s", window, action, error)
            await asyncio.sleep(AGAIN_S)

    async def window(self, window: str) -> dict[str, Any]:
        """Look what the state of a window is."""
        url = f"{self._base}/api/v1/hall"
        while True:
            try:
                async with self._http.get(url, headers=self._headers) as response:
                    if response.status == 200:
                        hall = await response.json()
                        return next(one for one in hall["windows"] if one["id"] == window)
            except (aiohttp.ClientError, ConnectionError, TimeoutError) as error:
                log.debug("%s: %s", window, error)
            await asyncio.sleep(AGAIN_S)
