"""Kinds of windows and queues as people see them: a word, a pictogram and a colour.

A kind is never told by colour alone. The keys are the kinds of the hall plan.
"""

from dataclasses import dataclass
from typing import Final

from paihao_look.tokens import ALARM, GREEN, HALL, INK_SOFT, INSTANT, ISSUANCE, Colour


@dataclass(frozen=True, slots=True)
class Badge:
    """How a kind is told: short word in both languages, pictogram, colour on light ground."""

    word: str
    word_en: str
    icon: str
    colour: Colour


_BADGES: Final = {
    "comprehensive": Badge("综合", "General", "square", HALL),
    "instant": Badge("即办", "Instant", "bolt", INSTANT),
    "issuance": Badge("发证", "Collect", "document", ISSUANCE),
    "consult": Badge("咨询", "Consult", "chat", HALL),
    "assist": Badge("帮办", "Assist", "family", HALL),
    "complaint": Badge("投诉", "Report", "complaint", ALARM),
    "green": Badge("绿色", "Priority", "heart-in-hand", GREEN),
    "one_thing": Badge("一件事", "Joint", "list", HALL),
    "cashier": Badge("收费", "Cashier", "yuan", HALL),
    "unassigned": Badge("备用", "Reserve", "lock", INK_SOFT),
}


def badge(kind: str) -> Badge:
    """Return how a kind is told; a kind that is not known is told as comprehensive."""
    return _BADGES.get(kind, _BADGES["comprehensive"])
