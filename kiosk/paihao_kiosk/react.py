"""How a kiosk answers: one pure function from state and input to state and effects.

A press acts when the finger leaves the target it came down on. One press is one command: a
request keeps its id through every repetition, and a late answer is still printed.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Final

from paihao_hall.contract import IssuedTicket, KioskReply, KioskRequest
from paihao_hall.plan import HallPlan
from paihao_kiosk import figures
from paihao_kiosk.pages import (
    Confirm,
    Home,
    Message,
    MessageKind,
    Page,
    Printed,
    Search,
    Services,
    Unsure,
)
from paihao_kiosk.search import Index
from paihao_kiosk.state import (
    DOUBLE_PRESS_S,
    FORGET_S,
    GIVE_UP_S,
    IDLE_PRINTED_S,
    IDLE_S,
    LATE_RETRY_S,
    PRINT_LIMIT_S,
    RETRY_S,
    Acknowledge,
    Ask,
    BoardCame,
    Down,
    Effect,
    Heard,
    Input,
    Moment,
    Pending,
    PlanCame,
    Print,
    PrintEnded,
    PrinterIs,
    Printing,
    Replied,
    State,
    Tick,
    Typed,
    Up,
)

Step = tuple[State, tuple[Effect, ...]]

LATE_ROOM: Final = 50
"""Requests kept in mind after the screen went on."""

_MESSAGES: Final[dict[str, MessageKind]] = {
    "help": "help",
    "big-text": "big-text",
    "seated": "seated",
    "my-ticket": "my-ticket",
}

_REFUSALS: Final[dict[str, MessageKind]] = {
    "queue-closed": "service-closed",
    "queue-full": "service-full",
    "hall-closed": "hall-closed",
    "unknown-service": "not-known",
    "unknown-class": "not-known",
}


def react(state: State, input_: Input, now: Moment) -> Step:
    """Return the state after an input, and what is to be done about it, in order."""
    match input_:
        case Down(target):
            return replace(state, pressed=target, touched_at=now.at), ()
        case Up():
            return _release(state, input_, now)
        case Typed(text):
            return _typed(state, text, now), ()
        case PlanCame(plan):
            return _new_plan(state, plan), ()
        case BoardCame(board):
            return replace(state, boards={**state.boards, board.zone: board}), ()
        case Heard(online):
            return replace(state, online=online, settled=True), ()
        case Replied(reply):
            return _reply(state, reply, now)
        case PrintEnded():
            return _print_ended(state, input_, now)
        case PrinterIs(printer):
            return replace(state, printer=printer), ()
        case Tick():
            return _tick(state, now)


def idle_limit_s(page: Page) -> int:
    """Return after how many seconds without a touch a page is wiped."""
    return IDLE_PRINTED_S if isinstance(page, Printed) else IDLE_S


def _release(state: State, up: Up, now: Moment) -> Step:
    pressed, state = state.pressed, replace(state, pressed=None, touched_at=now.at)
    if pressed is None or pressed != up.target:
        return state, ()
    is_key = pressed.startswith("key:")
    if not is_key and state.acted_at is not None:
        since = now.at - state.acted_at
        if timedelta(0) <= since < timedelta(seconds=DOUBLE_PRESS_S):
            return state, ()
    state = replace(state, acted_at=now.at)
    return _act(state, pressed, up.fresh_id, now)


def _act(state: State, target: str, fresh_id: str, now: Moment) -> Step:
    """Do what a target stands for: ``verb`` or ``verb:what``."""
    verb, _, what = target.partition(":")
    match verb:
        case "take":
            return _take(state, fresh_id, now)
        case "print-again":
            return _print_again(state, now)
        case "key":
            return _edit(state, what), ()
        case _:
            move = _MOVES.get(verb)
            return (move(state, what, now) if move else state), ()


def _home(state: State) -> State:
    return replace(state, page=Home(), trail=(), language="zh")


def _go(state: State, page: Page) -> State:
    """Open a page; the way back leads to where the citizen is now."""
    return replace(state, page=page, trail=(*state.trail, state.page))


def _back(state: State) -> State:
    if not state.trail:
        return replace(state, page=Home())
    return replace(state, page=state.trail[-1], trail=state.trail[:-1])


def _open_service(state: State, service_id: str, now: Moment) -> State:
    """Open a service: what can be joined leads on, everything else explains itself."""
    plan = state.plan
    service = plan.service_by_id.get(service_id) if plan else None
    if plan is None or service is None:
        return _go(state, Message("not-known"))
    if not figures.takes_numbers(plan, now.at):
        return _go(state, Message("hall-closed", service_id))
    match figures.queue_state(state.boards, plan.queue_by_id[service.queue]):
        case "closed":
            return _go(state, Message("service-closed", service_id))
        case "full":
            return _go(state, Message("service-full", service_id))
        case _:
            return _go(state, Confirm(service_id))


def _open_role(state: State, role: str, now: Moment) -> State:
    """Open the services of a role: the only one at once, several as a list."""
    plan = state.plan
    if plan is None:
        return state
    near = None
    if isinstance(state.page, Confirm) and state.page.service in plan.service_by_id:
        near = plan.service_by_id[state.page.service].zone
    found = figures.with_role(plan, role, near)
    if not found:
        return _go(state, Message("no-such-service"))
    if len(found) == 1:
        return _open_service(state, found[0].id, now)
    return _go(state, Services(None, role=role))


def _open_zone(state: State, zone_id: str) -> State:
    return _go(state, Services(zone_id))


def _open_theme(state: State, what: str) -> State:
    zone, _, group = what.partition("/")
    return _go(state, Services(zone, tab=group))


def _turn(state: State, to: str) -> State:
    page = state.page
    if isinstance(page, Home | Services | Search):
        return replace(state, page=replace(page, page=int(to)))
    return state


def _choose_tab(state: State, tab: str) -> State:
    if isinstance(state.page, Services):
        return replace(state, page=replace(state.page, tab=tab, page=0))
    return state


def _choose_class(state: State, ticket_class: str) -> State:
    if isinstance(state.page, Confirm):
        return replace(state, page=replace(state.page, ticket_class=ticket_class))
    return state


def _turn_classes(state: State, to: str) -> State:
    if isinstance(state.page, Confirm):
        return replace(state, page=replace(state.page, classes_page=int(to)))
    return state


def _edit(state: State, key: str) -> State:
    """Do what a key of the keyboard on the screen does."""
    page = state.page
    if not isinstance(page, Search):
        return state
    match key:
        case "backspace":
            page = replace(page, typed=page.typed[:-1], page=0)
        case "clear" | "wipe":
            page = replace(page, typed="", page=0)
        case "digits":
            page = replace(page, digits=not page.digits)
        case "all":
            page = replace(page, typed="", page=0, keyboard=False)
        case "search":
            page = replace(page, keyboard=False, page=0)
        case "field":
            page = replace(page, keyboard=True, page=0)
        case _:
            page = replace(page, typed=(page.typed + key)[:40], page=0)
    return replace(state, page=page)


def _typed(state: State, text: str, now: Moment) -> State:
    """Take text from a keyboard that is plugged in; on other pages it opens the search."""
    if isinstance(state.page, Home) and text.strip() and text != "\b":
        state = _go(state, Search())
    if not isinstance(state.page, Search):
        return state
    state = replace(state, touched_at=now.at)
    return _edit(state, "backspace") if text == "\b" else _edit(state, text)


_MOVES: Final[dict[str, Callable[[State, str, Moment], State]]] = {
    "home": lambda state, _what, _now: replace(state, page=Home(), trail=()),
    "done": lambda state, _what, _now: _home(state),
    "back": lambda state, _what, _now: _back(state),
    "language": lambda state, _what, _now: replace(
        state, language="en" if state.language == "zh" else "zh"
    ),
    "zone": lambda state, what, _now: _open_zone(state, what),
    "theme": lambda state, what, _now: _open_theme(state, what),
    "service": _open_service,
    "role": _open_role,
    "search": lambda state, _what, _now: _go(state, Search()),
    "page": lambda state, what, _now: _turn(state, what),
    "tab": lambda state, what, _now: _choose_tab(state, what),
    "class": lambda state, what, _now: _choose_class(state, what),
    "classes": lambda state, what, _now: _turn_classes(state, what),
    "message": lambda state, what, _now: _go(state, Message(_MESSAGES[what])),
}


# Taking a number --------------------------------------------------------------------------------


def _take(state: State, fresh_id: str, now: Moment) -> Step:
    page = state.page
    if not isinstance(page, Confirm) or state.busy or not state.online:
        return state, ()
    request = KioskRequest(id=fresh_id, service=page.service, class_=page.ticket_class)
    pending = Pending(request, asked_s=now.s, sent_s=now.s)
    return replace(state, pending=pending), (Ask(request),)


def _reply(state: State, reply: KioskReply, now: Moment) -> Step:
    pending = state.pending
    awaited = pending is not None and pending.request.id == reply.id
    if awaited:
        state = replace(state, pending=None)
    elif any(late.request.id == reply.id for late in state.late):
        state = replace(state, late=tuple(p for p in state.late if p.request.id != reply.id))
    else:
        return state, ()  # An answer repeated; the first one did everything.
    if reply.ok and reply.ticket is not None:
        printing = Printing(reply.ticket, copy=0, begun_s=now.s)
        state = replace(state, printing=(*state.printing, printing))
        return state, (Print(reply.ticket, 0),)
    if awaited or isinstance(state.page, Message):
        kind = _REFUSALS.get(reply.error or "", "refused")
        service = pending.request.service if awaited and pending else None
        state = replace(state, page=Message(kind, service), trail=(), touched_at=now.at)
    return state, ()


def _print_ended(state: State, ended: PrintEnded, now: Moment) -> Step:
    for job in (*state.printing, *state.overdue):
        if job.ticket.id == ended.ticket and job.copy == ended.copy:
            break
    else:
        return state, ()
    was_overdue = job in state.overdue
    state = replace(
        state,
        printing=tuple(one for one in state.printing if one is not job),
        overdue=tuple(one for one in state.overdue if one is not job),
    )
    if was_overdue and ended.outcome == "unsure":
        return state, ()  # Said so already.
    if ended.outcome == "printed":
        shown: Page = Printed(job.ticket)
    else:
        shown = Unsure(job.ticket, ended.outcome, copies=job.copy)
    if _shows_result(state, job.ticket):
        state = replace(state, page=shown, trail=(), touched_at=now.at)
    return state, (Acknowledge(job.ticket, ended.outcome),)


def _shows_result(state: State, ticket: IssuedTicket) -> bool:
    """Tell whether the screen is free for a ticket's result, or waits for it.

    A late answer never takes the screen from the next citizen in the middle of something.
    """
    page = state.page
    match page:
        case Home() | Message():
            return True
        case Confirm():
            return page.service == ticket.service and page.ticket_class == ticket.class_
        case Unsure():
            return page.ticket.id == ticket.id
        case _:
            return False


def _print_again(state: State, now: Moment) -> Step:
    page = state.page
    if not isinstance(page, Unsure) or state.busy or not printer_ready(state):
        return state, ()
    copy = page.copies + 1
    printing = Printing(page.ticket, copy=copy, begun_s=now.s)
    state = replace(state, printing=(*state.printing, printing), page=replace(page, copies=copy))
    return state, (Print(page.ticket, copy),)


def printer_ready(state: State) -> bool:
    """Return whether the printer says that it can print."""
    return state.printer in ("ready", "near-end")


# Time -------------------------------------------------------------------------------------------


def _tick(state: State, now: Moment) -> Step:
    state, asked = _ask_again(state, now)
    state, ended = _printer_overdue(state, now)
    return _idle(state, now), (*asked, *ended)


def _ask_again(state: State, now: Moment) -> Step:
    effects: list[Effect] = []
    pending = state.pending
    if pending is not None and now.s - pending.asked_s >= GIVE_UP_S:
        state = replace(
            state,
            pending=None,
            late=(*state.late, pending)[-LATE_ROOM:],
            page=Message("no-answer", pending.request.service),
            trail=(),
            touched_at=now.at,
        )
    elif pending is not None and now.s - pending.sent_s >= RETRY_S:
        state = replace(state, pending=replace(pending, sent_s=now.s))
        effects.append(Ask(pending.request))
    # The citizen was told that the ticket comes as soon as the answer does. The answer may have
    # been lost with the server, and a number that nobody holds would be called for nothing.
    late: list[Pending] = []
    for one in state.late:
        if now.s - one.asked_s >= FORGET_S:
            continue
        if state.online and now.s - one.sent_s >= LATE_RETRY_S:
            one = replace(one, sent_s=now.s)
            effects.append(Ask(one.request))
        late.append(one)
    return replace(state, late=tuple(late)), tuple(effects)


def _printer_overdue(state: State, now: Moment) -> Step:
    """Call slips unsure that the printer has not reported on in time, and go on listening."""
    effects: tuple[Effect, ...] = ()
    for job in state.printing:
        if now.s - job.begun_s >= PRINT_LIMIT_S:
            state, more = _print_ended(state, PrintEnded(job.ticket.id, job.copy, "unsure"), now)
            state = replace(state, overdue=(*state.overdue, job)[-LATE_ROOM:])
            effects += more
    return state, effects


def _idle(state: State, now: Moment) -> State:
    if state.busy or state.touched_at is None:
        return state
    if now.at - state.touched_at < timedelta(seconds=idle_limit_s(state.page)):
        return state
    if isinstance(state.page, Home) and state.language == "zh" and not state.trail:
        return replace(state, page=Home(), pressed=None, touched_at=None)
    return replace(_home(state), pressed=None, touched_at=None)


# The plan ---------------------------------------------------------------------------------------


def _new_plan(state: State, plan: HallPlan) -> State:
    """Take a plan; a page that speaks of something the plan has dropped gives way to home."""
    if state.plan is not None and state.plan.revision == plan.revision:
        return state
    index = Index(figures.offered_services(plan, state.kiosk))
    boards = {zone: board for zone, board in state.boards.items() if zone in plan.zone_by_id}
    state = replace(state, plan=plan, index=index, boards=boards)
    pages = [page for page in (*state.trail, state.page) if _still_there(page, plan)]
    if len(pages) <= len(state.trail):
        return replace(state, page=Home(), trail=())
    return state


def _still_there(page: Page, plan: HallPlan) -> bool:
    match page:
        case Services(zone=str() as zone):
            return zone in plan.zone_by_id
        case Confirm(service=service):
            return service in plan.service_by_id
        case Printed(ticket=ticket) | Unsure(ticket=ticket):
            return ticket.service in plan.service_by_id
        case _:
            return True
