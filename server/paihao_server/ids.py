"""Fresh ids: short ones that people can read out, and secret ones that nobody can guess."""

import secrets
import uuid
from typing import Final

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O, U, so that a ticket id can be read out and typed."""

LETTER_BITS: Final = 5
TICKET_LETTERS: Final = 8
TOKEN_BYTES: Final = 11
"""88 random bits live for a day behind a page that says 404; more would make the QR code larger."""


def ticket_id() -> str:
    """Return a ticket id such as ``7F3K-Q2M8``: 40 random bits, unique in a hall day."""
    bits = secrets.randbits(LETTER_BITS * TICKET_LETTERS)
    letters = "".join(ALPHABET[bits >> LETTER_BITS * at & 31] for at in range(TICKET_LETTERS))
    return f"{letters[:4]}-{letters[4:]}"


def page_token() -> str:
    """Return the secret of a ticket's phone page: 88 random bits, URL-safe."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def command_id() -> str:
    """Return a fresh command id for callers who bring none."""
    return uuid.uuid4().hex
