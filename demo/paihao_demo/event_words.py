"""What the event log of the demo's page says of a record; and which zone it is about."""

from typing import Final

from paihao_hall import events as e
from paihao_hall.events import Record
from paihao_hall.model import Hall
from paihao_hall.plan import HallPlan

_DEVICES: Final = {"printed": "已打印", "not_printed": "没打出来", "unsure": "打印没把握",
                   "shown": "大屏已显示", "spoken": "已播报"}  # fmt: skip
_PAUSES: Final = {"lunch": "午休", "toilet": "如厕", "meeting": "开会", "fault": "故障",
                  "training": "培训"}  # fmt: skip


def sentence(hall: Hall, plan: HallPlan, record: Record) -> str:
    """Return one line of at most about 15 characters for a record."""
    event = record.event
    ticket = hall.tickets.get(getattr(event, "ticket", ""))
    number = ticket.number if ticket else getattr(event, "ticket", "")
    window = getattr(event, "window", "")
    match event:
        case e.TicketIssued():
            return f"{event.number} 取号，{_device(plan, record.actor.partition(':')[2])}"
        case e.AckRecorded(what="unsure") if _is_speaker(plan, event.device):
            return f"{number} 没播出来"
        case e.AckRecorded():
            return f"{number} {_DEVICES[event.what]}"
        case e.TicketCalled():
            waited_s = event.reason.candidates[0].waited_s if event.reason.candidates else None
            waited = f"，已等 {_minutes(waited_s)}" if waited_s is not None else "，找回"
            return f"{window} 叫 {number}{waited}"
        case e.TicketRecalled():
            return f"{window} 再叫 {number}"
        case e.ServiceStarted():
            return f"{window} 开始办理 {number}"
        case e.ServiceCompleted():
            return f"{window} 办结 {number}"
        case e.TicketMissed():
            minutes = plan.queue_by_id[ticket.queue].missed.grace_s // 60 if ticket else 0
            return f"{number} 过号，{minutes} 分可找回"
        case e.TicketHeld():
            return f"{window} 挂起 {number}"
        case e.TicketReturned():
            return f"{number} 退回队列"
        case e.TicketTransferred():
            return f"{number} 转到 {plan.queue_by_id[event.queue].name.zh}"
        case e.TicketRejoined():
            return f"{number} 找回，排第 {event.place + 1} 位"
        case e.TicketCancelled():
            return f"{number} 已取消"
        case e.TicketExpired():
            return f"{number} 当天没办完"
        case e.NoteAdded():
            return f"{number} 有一条备注"
        case e.WindowOpened():
            return f"{window} 开窗"
        case e.WindowClosed():
            return f"{window} 关窗"
        case e.WindowPaused():
            return f"{window} 暂停，{_PAUSES[event.reason]}"
        case e.WindowResumed():
            return f"{window} 恢复服务"
        case e.PlanChanged():
            return "大厅配置生效"
        case e.DayStarted():
            return f"{event.day:%m 月 %d 日} 开始"


def zones(hall: Hall, plan: HallPlan, record: Record) -> frozenset[str]:
    """Return the zones whose boards a record changes; none for reports and notes."""
    event = record.event
    match event:
        case e.AckRecorded() | e.NoteAdded() | e.PlanChanged() | e.DayStarted():
            return frozenset()
        case e.WindowOpened() | e.WindowClosed() | e.WindowPaused() | e.WindowResumed():
            window = plan.window_by_id.get(event.window)
            queues = [entry.queue for entry in window.allocation] if window else []
        case _:
            ticket = hall.tickets.get(event.ticket)
            queues = [ticket.queue] if ticket else []
    return frozenset(plan.queue_by_id[queue].zone for queue in queues)


def _device(plan: HallPlan, name: str) -> str:
    device = plan.device_by_id.get(name)
    return device.name.zh.removesuffix("取号机").strip() if device and device.name.zh else name


def _is_speaker(plan: HallPlan, name: str) -> bool:
    device = plan.device_by_id.get(name)
    return device is not None and device.kind == "speaker"


def _minutes(seconds: float) -> str:
    whole = int(seconds)
    return f"{whole // 60}:{whole % 60:02}"
