"""Who may log in to the broker: names, kinds and verifiers of secrets, in one file.

Verifiers have the form of Mosquitto's password file, ``$7$ITERATIONS$SALT$HASH`` (PBKDF2 with
SHA-512), so that the embedded broker and a Mosquitto take the same secrets. Few iterations are
enough: a secret is 256 random bits, which no dictionary holds, and checking one must not stop the
event loop.

The file is replaced as a whole and read again when it has changed, so that a revoked device is
out within a second without a restart.
"""

import base64
import fcntl
import hashlib
import hmac
import os
import re
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

import msgspec

from paihao_runtime.rights import LoginKind

FILE_NAME: Final = "credentials.json"
SECRET_FILE_NAME: Final = "server-secret"  # noqa: S105 - a file's name
SERVER: Final = "server"
"""The name under which the dispatcher logs in."""

_VERSION: Final = 1
_ITERATIONS: Final = 101
_SALT_BYTES: Final = 12
_SECRET_BYTES: Final = 32
_VERIFIER: Final = re.compile(r"\$7\$(\d{1,7})\$([^$]+)\$([^$]+)")
_NAME: Final = re.compile(r"[A-Za-z0-9-]{1,32}")


class CredentialError(Exception):
    """A credential cannot be made, found or read; the message says which and why."""


class Credential(msgspec.Struct, frozen=True):
    """One login: the name is also the device's id and its MQTT client id."""

    name: str
    kind: LoginKind
    verifier: str


class _File(msgspec.Struct, frozen=True):
    version: int
    credentials: tuple[Credential, ...]


def make_verifier(secret: str, salt: bytes | None = None) -> str:
    """Return what is stored in place of a secret."""
    salt = secrets.token_bytes(_SALT_BYTES) if salt is None else salt
    digest = hashlib.pbkdf2_hmac("sha512", secret.encode(), salt, _ITERATIONS)
    return f"$7${_ITERATIONS}${_base64(salt)}${_base64(digest)}"


def fits(secret: str, verifier: str) -> bool:
    """Return whether this is the secret that the verifier was made from.

    Raises:
        CredentialError: the verifier is not of the form that `make_verifier` gives.
    """
    parts = _VERIFIER.fullmatch(verifier)
    if parts is None:
        raise CredentialError("a verifier is not $7$ITERATIONS$SALT$HASH")
    iterations, salt, digest = parts.groups()
    try:
        expected = base64.b64decode(digest, validate=True)
        found = hashlib.pbkdf2_hmac(
            "sha512", secret.encode(), base64.b64decode(salt, validate=True), int(iterations)
        )
    except ValueError as error:
        raise CredentialError("salt or hash of a verifier is not base 64") from error
    return hmac.compare_digest(found, expected)


class CredentialFile:
    """The credentials of one hall, in a file of its data folder that only its owner may read."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path = folder / FILE_NAME
        self._stamp: tuple[int, int, int] | None = None
        self._by_name: dict[str, Credential] = {}

    def all(self) -> tuple[Credential, ...]:
        """Return every credential, by name.

        Raises:
            CredentialError: the file cannot be read.
        """
        self._refresh()
        return tuple(self._by_name[name] for name in sorted(self._by_name))

    def find(self, name: str) -> Credential | None:
        """Return the credential of this name, if there is one.

        Raises:
            CredentialError: the file cannot be read.
        """
        self._refresh()
        return self._by_name.get(name)

    def create(self, name: str, kind: LoginKind) -> str:
        """Make a credential and return its secret, which is not kept.

        Raises:
            CredentialError: the name is taken or is not ``[A-Za-z0-9-]{1,32}``.
        """
        if not _NAME.fullmatch(name):
            raise CredentialError(f"{name!r} is not a device id: 1 to 32 of A-Z a-z 0-9 -")
        secret = secrets.token_urlsafe(_SECRET_BYTES)
        with self._locked():
            if self.find(name) is not None:
                raise CredentialError(f"{name} has a credential; revoke it first")
            self._add(name, kind, secret)
        return secret

    def create_missing(self, wanted: Mapping[str, LoginKind], out: Path) -> list[str]:
        """Make the credentials that are missing, with a file ``NAME.secret`` for each in ``out``.

        Args:
            wanted: kind of each name.
            out: folder of the secrets; made when missing, for its owner alone.

        Returns:
            The names that had none before.

        Raises:
            CredentialError: a name has a credential of another kind; nothing is made then.
        """
        with self._locked():
            others = [
                f"{name} has a credential as {has.kind} and should be {kind}; revoke it first"
                for name, kind in wanted.items()
                if (has := self.find(name)) is not None and has.kind != kind
            ]
            if others:
                raise CredentialError("; ".join(others))
            out.mkdir(mode=0o700, parents=True, exist_ok=True)
            made: list[Credential] = []
            for name, kind in wanted.items():
                if self.find(name) is None:
                    secret = secrets.token_urlsafe(_SECRET_BYTES)
                    # The files first, so that a crash in between leaves secrets made again.
                    _replace(out / f"{name}.secret", secret.encode() + b"\n")
                    made.append(Credential(name, kind, make_verifier(secret)))
            if made:
                self._write((*self.all(), *made))
        return [each.name for each in made]

    def revoke(self, name: str) -> None:
        """Delete a credential; a running broker shuts the device out within a second.

        Raises:
            CredentialError: there is none of this name.
        """
        with self._locked():
            if self.find(name) is None:
                raise CredentialError(f"{name} has no credential")
            self._write(tuple(each for each in self.all() if each.name != name))

    def server_secret(self) -> str:
        """Return the dispatcher's own secret, made and kept beside the file the first time.

        Raises:
            CredentialError: the file of the secret is missing while the credential is there.
        """
        path = self._folder / SECRET_FILE_NAME
        with self._locked():
            if self.find(SERVER) is None:
                secret = secrets.token_urlsafe(_SECRET_BYTES)
                # First, so that a crash in between leaves a secret that is made again.
                _replace(path, secret.encode() + b"\n")
                self._add(SERVER, "server", secret)
                return secret
        try:
            return path.read_text(encoding="utf-8").strip()
        except OSError as error:
            raise CredentialError(
                f"{path}: {error.strerror}; revoke the credential {SERVER} to have both made anew"
            ) from error

    def _add(self, name: str, kind: LoginKind, secret: str) -> None:
        self._write((*self.all(), Credential(name, kind, make_verifier(secret))))

    @contextmanager
    def _locked(self) -> Iterator[None]:
        self._folder.mkdir(parents=True, exist_ok=True)
        with _open_private(self._folder / f"{FILE_NAME}.lock", os.O_CREAT) as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _refresh(self) -> None:
        try:
            facts = self._path.stat()
        except FileNotFoundError:
            self._stamp, self._by_name = None, {}
            return
        stamp = (facts.st_ino, facts.st_mtime_ns, facts.st_size)
        if stamp == self._stamp:
            return
        try:
            content = msgspec.json.decode(self._path.read_bytes(), type=_File)
        except (OSError, msgspec.DecodeError) as error:
            raise CredentialError(f"{self._path}: {error}") from error
        if content.version != _VERSION:
            raise CredentialError(f"{self._path}: version {content.version} is not {_VERSION}")
        self._by_name = {each.name: each for each in content.credentials}
        self._stamp = stamp

    def _write(self, credentials: tuple[Credential, ...]) -> None:
        raw = msgspec.json.encode(_File(_VERSION, credentials))
        _replace(self._path, msgspec.json.format(raw, indent=2) + b"\n")
        self._stamp = None


def _replace(path: Path, content: bytes) -> None:
    """Write a file that only its owner may read; a crash leaves the old or the new one."""
    draft = path.with_name(path.name + ".new")
    draft.unlink(missing_ok=True)
    with _open_private(draft, os.O_CREAT | os.O_EXCL) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def _open_private(path: Path, flags: int) -> BinaryIO:
    """Open a file to write that only the folder's owner may use, also when root makes it."""
    number = os.open(path, os.O_WRONLY | flags, 0o600)
    if os.geteuid() == 0:
        owner = path.parent.stat()
        os.fchown(number, owner.st_uid, owner.st_gid)
    return os.fdopen(number, "wb")


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")
