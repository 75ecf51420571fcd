"""JSON in and out: strict bodies in, quick encoding out."""

import re
from typing import Any, Final, TypeVar

import msgspec

from paihao_server.web.once import Reply
from paihao_server.web.problems import ProblemError
from paihao_server.web.site import Ask

B = TypeVar("B")

_ENCODER: Final = msgspec.json.Encoder()
_DECODERS: Final[dict[type, msgspec.json.Decoder[Any]]] = {}
_FIELD: Final = re.compile(r"field `([^`]+)`|at `\$\.?([^`]*)`")


def json(value: Any, status: int = 200, location: str = "") -> Reply:
    """Return an answer with a JSON body."""
    return Reply(status, _ENCODER.encode(value), location=location)


def body(ask: Ask, kind: type[B]) -> B:
    """Return the request's body; an empty one counts as ``{}``.

    Raises:
        ProblemError: ``invalid-json``, or ``invalid-body`` naming the field.
    """
    decoder = _DECODERS.get(kind)
    if decoder is None:
        decoder = _DECODERS[kind] = msgspec.json.Decoder(kind)
    try:
        result: B = decoder.decode(ask.body or b"{}")
    except msgspec.ValidationError as error:
        found = _FIELD.search(str(error))
        field = (found[1] or found[2] or "body") if found else "body"
        raise ProblemError("invalid-body", field=field, problem=str(error)) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ProblemError("invalid-json", problem=str(error)) from error
    return result


def number(ask: Ask, name: str, default: int) -> int:
    """Return a whole number of 0 or more from the query; raise ``invalid-query``."""
    text = ask.request.query.get(name)
    if text is None:
        return default
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise ProblemError("invalid-query", field=name, problem="a whole number, 0 or more")
    return int(text)
