"""Errors as RFC 9457 ``application/problem+json``: a stable code for machines, words for people."""

from typing import Any, Final

import msgspec

from paihao_hall.refusals import REFUSALS, RefusedError
from paihao_server.web import words
from paihao_server.web.once import Reply

CONTENT_TYPE: Final = "application/problem+json"
TYPE: Final = "urn:paihao:problem:"

STATUS: Final[dict[str, int]] = {
    "not-found": 404,
    "method-not-allowed": 405,
    "too-large": 413,
    "not-json": 415,
    "invalid-json": 400,
    "invalid-body": 422,
    "invalid-query": 400,
    "invalid-key": 400,
    "key-reused": 422,
    "login-required": 401,
    "bad-token": 401,
    "role-not-allowed": 403,
    "not-your-window": 403,
    "ticket-gone": 409,
    "password-change-first": 403,
    "cross-site": 403,
    "bad-request": 400,
    "stopped": 503,
    "failed": 500,
    "address-over": 404,
    "login-failed": 401,
    "weak-password": 422,
}
"""Codes of the edge with their status; those of the core follow from `refusal_status`."""


class Problem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The body of every error.

    Attributes:
        type: a name for the kind of problem, ``urn:paihao:problem:`` and the code.
        title: the kind in English.
        detail: this case, in the language asked for.
        code: stable; see the table of codes.
        instance: the path that was asked.
        facts: what it was about, for example ``{"window": "1B12", "wait_s": 18}``.
    """

    type: str
    title: str
    status: int
    detail: str
    code: str
    instance: str
    facts: dict[str, Any] = {}


class ProblemError(Exception):
    """A request cannot be done; becomes a `Problem`.

    Attributes:
        code: one of `STATUS`.
        facts: what it was about.
    """

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(f"{code} {facts or ''}".rstrip())
        self.code = code
        self.facts = facts


def refusal_status(code: str) -> int:
    """Return 404 for things that are not there, 409 for what cannot be done now."""
    return 404 if code.startswith("unknown-") else 409


def problem(error: RefusedError | ProblemError, path: str, language: words.Language) -> Problem:
    """Return the body for an error."""
    if isinstance(error, RefusedError):
        status = refusal_status(error.code)
        text = words.REFUSALS[error.code]
    else:
        status = STATUS[error.code]
        text = words.PROBLEMS[error.code]
    return Problem(
        type=TYPE + error.code,
        title=error.code.replace("-", " ").capitalize(),
        status=status,
        detail=words.sentence(text, error.facts, language),
        code=error.code,
        instance=path,
        facts=error.facts,
    )


def reply(error: RefusedError | ProblemError, path: str, accept: str | None) -> Reply:
    """Return the answer for an error."""
    body = problem(error, path, words.language_of(accept))
    return Reply(body.status, msgspec.json.encode(body), CONTENT_TYPE)


def all_codes() -> dict[str, int]:
    """Return every code with its status, for the documents."""
    return {**STATUS, **{code: refusal_status(code) for code in REFUSALS}}
