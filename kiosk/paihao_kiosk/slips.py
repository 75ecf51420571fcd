"""What a ticket says on paper: from an issued ticket and the hall's plan to a slip."""

from paihao_drivers.printer.slip import Slip, copy_mark
from paihao_hall.contract import IssuedTicket
from paihao_hall.plan import HallPlan, MissedPolicy
from paihao_kiosk import figures
from paihao_kiosk.words import say

_ID_LETTERS = 8


def slip_of(plan: HallPlan, ticket: IssuedTicket, kiosk: str, *, copy: int = 0) -> Slip:
    """Return the slip of a ticket.

    Args:
        plan: of the hall that issued it.
        ticket: as the dispatcher gave it.
        kiosk: id of the machine that prints.
        copy: 0 for the ticket itself, 1 for the first reprint, which is marked as one.
    """
    service = plan.service_by_id[ticket.service]
    queue = plan.queue_by_id[ticket.queue]
    zone = plan.zone_by_id[ticket.zone]
    ticket_class = plan.class_by_id.get(ticket.class_)
    device = plan.device_by_id.get(kiosk)
    floor = say("value-floor", "zh", floor=zone.floor) if zone.floor else ""
    numbers = figures.window_numbers(plan, queue)
    return Slip(
        hall=plan.name.zh,
        floor=floor,
        zone=zone.name.zh,
        number=ticket.number,
        service=service.name.zh,
        service_en=service.name.en,
        ticket_class=ticket_class.name.zh if ticket_class else "",
        go_to=f"{floor}{zone.place.zh} {zone.short.zh}".strip(),
        windows=f"{numbers} 号" if numbers else "",
        ahead=ticket.ahead,
        wait_min=ticket.wait.minutes if ticket.wait else None,
        issued_at=f"{ticket.issued_at.astimezone(plan.tz):%Y-%m-%d %H:%M}",
        phone_url=ticket.url,
        missed_rule=missed_rule(queue.missed),
        kiosk=device.name.zh if device and device.name.zh else kiosk,
        ticket_id=short_id(ticket.id),
        marks=(copy_mark(copy),) if copy else (),
    )


def missed_rule(policy: MissedPolicy) -> tuple[str, ...]:
    """Return what happens to one who was called and did not come, one sentence per line."""
    calls = say("missed-calls", "zh", calls=policy.calls)
    grace = say("missed-grace", "zh", minutes=policy.grace_s // 60)
    match policy.action:
        case "back_n":
            return calls, grace, say("missed-back-n", "zh", places=policy.back_n)
        case "tail":
            return calls, grace, say("missed-tail", "zh")
        case "void":
            return calls, say("missed-void", "zh")


def short_id(ticket_id: str) -> str:
    """Return an id that staff can type: its last letters in two groups."""
    letters = "".join(one for one in ticket_id.upper() if one.isalnum())[-_ID_LETTERS:]
    half = len(letters) // 2
    return f"{letters[:half]}-{letters[half:]}" if half else letters
