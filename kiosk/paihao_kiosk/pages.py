"""The pages a citizen can be on, as values; each holds only what the citizen chose on it."""

from dataclasses import dataclass
from typing import Literal

from paihao_hall.contract import IssuedTicket
from paihao_hall.plan import REGULAR

PrintOutcome = Literal["printed", "not_printed", "unsure"]

MessageKind = Literal[
    "no-answer",
    "hall-closed",
    "service-closed",
    "service-full",
    "not-known",
    "refused",
    "help",
    "big-text",
    "seated",
    "my-ticket",
    "no-such-service",
]


@dataclass(frozen=True, slots=True)
class Home:
    """k1, k10 and k12: choose a zone; ``page`` counts from 0 in halls with many zones."""

    page: int = 0


@dataclass(frozen=True, slots=True)
class Services:
    """k2: the services of a zone, or of a role (领证取件) over all zones.

    Attributes:
        zone: id, or None for a role.
        role: shown when there is no zone.
        tab: group that is shown; empty means all.
    """

    zone: str | None
    role: str = "ordinary"
    tab: str = ""
    page: int = 0


@dataclass(frozen=True, slots=True)
class Search:
    """k3: what was typed, and whether the keyboard is up."""

    typed: str = ""
    page: int = 0
    digits: bool = False
    keyboard: bool = True


@dataclass(frozen=True, slots=True)
class Confirm:
    """k4: one service before its number is taken."""

    service: str
    ticket_class: str = REGULAR
    classes_page: int = 0


@dataclass(frozen=True, slots=True)
class Printed:
    """k5: the number is given and on paper."""

    ticket: IssuedTicket


@dataclass(frozen=True, slots=True)
class Unsure:
    """k6: the number is given, the paper is not sure; ``copies`` were tried so far."""

    ticket: IssuedTicket
    outcome: PrintOutcome
    copies: int = 0


@dataclass(frozen=True, slots=True)
class Message:
    """Says one thing; ``service`` is what it is about, where it is about one."""

    kind: MessageKind
    service: str | None = None


Page = Home | Services | Search | Confirm | Printed | Unsure | Message
