"""Why the core says no: stable codes that the edges turn into words for people."""

from typing import Any, Final, Literal

RefusalCode = Literal[
    "unknown-service",
    "unknown-class",
    "unknown-queue",
    "unknown-window",
    "unknown-ticket",
    "queue-closed",
    "window-closed",
    "window-paused",
    "window-busy",
    "window-taken",
    "window-without-queues",
    "clerk-elsewhere",
    "nothing-called",
    "not-called",
    "not-serving",
    "recall-too-soon",
    "calls-used-up",
    "calls-left",
    "ticket-not-waiting",
    "ticket-not-returnable",
    "grace-over",
    "rejoins-used-up",
    "same-queue",
    "id-reused",
    "ticket-exists",
    "plan-drops-queue",
    "plan-drops-window",
    "plan-of-another-hall",
]

REFUSALS: Final[dict[RefusalCode, str]] = {
    "unknown-service": "the hall has no such service",
    "unknown-class": "the hall has no such ticket class",
    "unknown-queue": "the hall has no such queue",
    "unknown-window": "the hall has no such window",
    "unknown-ticket": "no such ticket today",
    "queue-closed": "the hall does not offer this queue now",
    "window-closed": "open the window first",
    "window-paused": "resume the window first",
    "window-busy": "a ticket is at this window; complete, hold or return it first",
    "window-taken": "another clerk has this window; take it over or choose another",
    "window-without-queues": "this window serves no queue; allocate one first",
    "clerk-elsewhere": "this clerk has another window open; close it first",
    "nothing-called": "no ticket is at this window",
    "not-called": "the ticket at this window is not in the called state",
    "not-serving": "the ticket at this window is not being served; start it first",
    "recall-too-soon": "the interval between two calls is not over",
    "calls-used-up": "the ticket was called as often as the policy allows",
    "calls-left": "call the ticket as often as the policy says before it is missed",
    "ticket-not-waiting": "the ticket is not waiting",
    "ticket-not-returnable": "the ticket is neither missed nor held",
    "grace-over": "the time in which a missed ticket may come back is over",
    "rejoins-used-up": "the ticket came back as often as the policy allows",
    "same-queue": "the ticket is in this queue already",
    "id-reused": "this command id was used for another command",
    "ticket-exists": "this ticket id was given already",
    "plan-drops-queue": "the new plan drops a queue used today; set open = false instead",
    "plan-drops-window": "the new plan drops a window that is open; close it first",
    "plan-of-another-hall": "the log is of another hall; use its own data folder, keep its id",
}
"""Each code with what it means and what to do, in one plain sentence."""


class RefusedError(Exception):
    """The core refused a command; nothing changed.

    Attributes:
        code: stable, for machines and for the words at the edge.
        facts: what it was about, for example ``{"window": "1B12", "wait_s": 18}``.
    """

    def __init__(self, code: RefusalCode, **facts: Any) -> None:
        super().__init__(f"{code}: {REFUSALS[code]} {facts or ''}".rstrip())
        self.code: RefusalCode = code
        self.facts = facts
