"""Numbers: prefix + serial, per prefix and hall day, never twice."""

from datetime import date, datetime, timedelta

from paihao_hall.plan import HallPlan, Queue


def number(queue: Queue, serial: int) -> str:
    """Return what people see and hear: ``A017``; the serial grows past its digits (``A1000``)."""
    return queue.prefix + str(serial).zfill(queue.digits)


def hall_day(plan: HallPlan, now: datetime) -> date:
    """Return the hall day of a moment: the local date, before ``day_starts`` that of yesterday."""
    local = now.astimezone(plan.tz)
    if local.time() < plan.day_starts:
        return local.date() - timedelta(days=1)
    return local.date()
