"""Configuration of a Mosquitto that serves the same hall with the same credentials.

Mosquitto 2.0 reads a password file (the same verifiers as ours) and an access file (the rights
computed from the contract, written out per device). Both are read again on SIGHUP.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from paihao_runtime.rights import Rights
from paihao_server.broker.delivery import ROOM, WINDOW
from paihao_server.broker.wire import MAX_PACKET_BYTES
from paihao_server.credentials import Credential

_OWNER_AND_GROUP: Final = 0o640


@dataclass(frozen=True, slots=True)
class Listener:
    """Where Mosquitto listens; ``certificate`` is chain and key for TLS."""

    host: str
    port: int
    certificate: tuple[Path, Path] | None = None


def write_files(
    folder: Path,
    hall: str,
    credentials: tuple[Credential, ...],
    listener: Listener,
    *,
    store: Path,
) -> tuple[Path, ...]:
    """Write ``mosquitto.conf``, ``passwd`` and ``acl``.

    Args:
        folder: where to; made when missing.
        hall: id of the hall whose topics are allowed.
        credentials: who may log in.
        listener: where Mosquitto listens.
        store: folder in which Mosquitto keeps retained messages and sessions.

    Returns:
        The files written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    folder = folder.resolve()
    texts = {
        "mosquitto.conf": configuration(folder, listener, store.resolve()),
        "passwd": passwords(credentials),
        "acl": access(hall, credentials),
    }
    for name, text in texts.items():
        path = folder / name
        # Mosquitto runs as a user of its own, who gets in through the group.
        with os.fdopen(
            os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _OWNER_AND_GROUP), "w"
        ) as file:
            file.write(text)
    return tuple(folder / name for name in texts)


def configuration(folder: Path, listener: Listener, store: Path) -> str:
    """Return ``mosquitto.conf``."""
    lines = [
        "# Written by paihao mosquitto; write it again instead of changing it.",
        f"listener {listener.port} {listener.host}",
        "allow_anonymous false",
        f"password_file {folder / 'passwd'}",
        f"acl_file {folder / 'acl'}",
        "# A device cannot end the session of another.",
        "use_username_as_clientid true",
        "# Without it a message waits up to 40 ms for the acknowledgement of the one before.",
        "set_tcp_nodelay true",
        "persistence true",
        f"persistence_location {store}/",
        f"max_inflight_messages {WINDOW}",
        f"max_queued_messages {ROOM}",
        f"max_packet_size {MAX_PACKET_BYTES}",
        "persistent_client_expiration 1d",
        "sys_interval 0",
        "connection_messages false",
        "log_dest stderr",
        "log_type error",
        "log_type warning",
        "log_type notice",
    ]
    if listener.certificate is not None:
        chain, key = listener.certificate
        lines += [f"certfile {chain.resolve()}", f"keyfile {key.resolve()}"]
    return "\n".join(lines) + "\n"


def passwords(credentials: tuple[Credential, ...]) -> str:
    """Return ``passwd``: a name and a verifier a line."""
    return "".join(f"{each.name}:{each.verifier}\n" for each in credentials)


def access(hall: str, credentials: tuple[Credential, ...]) -> str:
    """Return ``acl``: each login with the topics it may write and read."""
    blocks = []
    for each in credentials:
        rights = Rights.of(hall, each.kind, each.name)
        lines = [f"user {each.name}"]
        lines += [f"topic write {topic_filter}" for topic_filter in rights.send]
        lines += [f"topic read {topic_filter}" for topic_filter in rights.read]
        blocks.append("\n".join(lines) + "\n")
    return "\n".join(blocks)
