"""What a kiosk keeps on its own disk: the last catalogue, and requests without an end.

The catalogue lets it start and show the hall while the dispatcher is away. The open requests let
it ask again, under the same ids, after it was killed between a press and a slip.
"""

import logging
from datetime import datetime
from pathlib import Path

import msgspec

from paihao_hall.contract import CATALOGUE, IssuedTicket, KioskRequest, PayloadError
from paihao_hall.plan import HallPlan

log = logging.getLogger(__name__)


class OpenRequest(msgspec.Struct, frozen=True):
    """A request whose slip is not certain; ``ticket`` once it was answered."""

    request: KioskRequest
    asked_at: datetime
    ticket: IssuedTicket | None = None


class Memory:
    """Files in one folder; each is replaced whole, so that a crash leaves the old or the new."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._catalogue = folder / "catalogue.json"
        self._open = folder / "open-requests.json"

    def keep_catalogue(self, body: bytes) -> None:
        """Keep the catalogue as it came."""
        self._replace(self._catalogue, body)

    def plan(self) -> HallPlan | None:
        """Return the plan of the last catalogue, None when there is none that can be read."""
        try:
            return CATALOGUE.load(self._catalogue.read_bytes()).plan
        except FileNotFoundError:
            return None
        except (OSError, PayloadError) as error:
            log.warning("the kept catalogue cannot be used: %s", error)
            return None

    def keep_open(self, requests: tuple[OpenRequest, ...]) -> None:
        """Keep the open requests."""
        self._replace(self._open, msgspec.json.encode(requests))

    def open_requests(self) -> tuple[OpenRequest, ...]:
        """Return the open requests of the run before."""
        try:
            return msgspec.json.decode(self._open.read_bytes(), type=tuple[OpenRequest, ...])
        except FileNotFoundError:
            return ()
        except (OSError, msgspec.DecodeError) as error:
            log.warning("the kept requests cannot be used: %s", error)
            return ()

    def _replace(self, path: Path, body: bytes) -> None:
        fresh = path.with_suffix(".new")
        try:
            fresh.write_bytes(body)
            fresh.replace(path)
        except OSError as error:
            # A full disk must not stop a kiosk: it only forgets more when it is killed.
            log.warning("%s cannot be written: %s", path, error)
