"""The data folder of one hall: what lies where, and the lock that keeps a second server out."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


class FolderInUseError(OSError):
    """Another server works on this data folder."""


@dataclass(frozen=True, slots=True)
class DataFolder:
    """The folder that ``--data`` names."""

    path: Path

    @property
    def log(self) -> Path:
        """The event log, the one file that must be backed up."""
        return self.path / "hall.db"

    @property
    def projections(self) -> Path:
        """Tables made from the log; may be deleted."""
        return self.path / "projections.db"

    @property
    def accounts(self) -> Path:
        """People, tokens and sessions."""
        return self.path / "accounts.db"

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the folder for one server process.

        Raises:
            FolderInUseError: another process holds it.
            OSError: the folder cannot be made or written.
        """
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (self.path / "server.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise FolderInUseError(
                    f"{self.path}: another server works on this data folder; stop it first"
                ) from error
            yield
