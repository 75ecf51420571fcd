"""One invented Zhengzhou morning at window 3E03, as views: ticket E047 from idle to the pause."""

from datetime import datetime, timedelta, timezone
from typing import Any

from paihao_hall.contract import WindowMode
from paihao_hall.plan import Text
from paihao_server.web.pages import views as v

CHINA = timezone(timedelta(hours=8))
TICKET = "t-e047"


def at(clock: str) -> datetime:
    """Return a time of that day; ``clock`` is HH:MM or HH:MM:SS in the hall's time."""
    hour, minute, *second = (int(part) for part in clock.split(":"))
    return datetime(2026, 11, 25, hour, minute, second[0] if second else 0, tzinfo=CHINA)


def ago(moment: datetime, span: str) -> datetime:
    """Return the time ``span`` (MM:SS) before."""
    minutes, seconds = (int(part) for part in span.split(":"))
    return moment - timedelta(minutes=minutes, seconds=seconds)


def _counts(regular: int, booked: int, green: int) -> tuple[v.ClassCount, ...]:
    return (
        v.ClassCount(id="regular", name="普通", waiting=regular),
        v.ClassCount(id="appointment", name="预约", waiting=booked),
        v.ClassCount(id="green", name="绿色通道", waiting=green),
    )


def queues(now: datetime, *, later: bool = False) -> tuple[v.QueueRow, ...]:
    """Return the three queues of the window; ``later`` is after E047 was called."""
    return (
        v.QueueRow(
            id="E", prefix="E", name="商事登记", kind="comprehensive", tier=1,
            counts=_counts(7, 3, 1) if later else _counts(8, 3, 1),
            oldest_at=ago(now, "13:40" if later else "14:05"), target_s=600,
            open_windows=7, windows=9,
        ),
        v.QueueRow(
            id="EG", prefix="EG", name="商事即办", kind="instant", tier=2,
            counts=_counts(4 if later else 3, 0, 0),
            oldest_at=ago(now, "04:36"), target_s=300, open_windows=2, windows=2,
        ),
        v.QueueRow(
            id="D", prefix="D", name="社会事务", kind="comprehensive", tier=2,
            counts=_counts(2, 0, 0), oldest_at=ago(now, "06:10"), target_s=900,
            open_windows=5, windows=6,
        ),
    )  # fmt: skip


def ticket() -> v.TicketCard:
    """Return E047 as the clerk sees it."""
    return v.TicketCard(
        id=TICKET, number="E047", service="企业设立登记", class_id="regular", class_name="普通",
        arrived_at=at("11:37:52"), waited_s=845, target_s=600, variant="有限责任公司", cases=2,
        needs=("轮椅，需低位台面",), source="3 层 2 号自助机", holder="王＊＊",
        papers=(
            v.Paper(name="设立登记申请书", checked=True),
            v.Paper(name="法定代表人身份证明", checked=True),
            v.Paper(name="住所使用证明", checked=True),
            v.Paper(name="公司章程", checked=False, problem="第 3 页缺股东签字"),
        ),
        papers_by="咨询台 周倩 11:31 预审",
        notes=(
            v.Note(at=at("11:31"), staff="周倩", text="章程缺签字，已请股东到场补签。"),
            v.Note(at=at("11:59"), staff="李敏", text="股东张先生已到场。"),
        ),
    )  # fmt: skip


def header(state: WindowMode, now: datetime, seq: int) -> v.Header:
    """Return the header of window 3E03."""
    return v.Header(
        seq=seq, at=now, number="3E03", zone="商事登记区", floor="3", kinds=("comprehensive",),
        state=state, reason="lunch" if state == "paused" else None,
    )  # fmt: skip


def main(state: WindowMode, now: datetime, seq: int) -> v.Main:
    """Return the main region in a state."""
    match state:
        case "closed":
            return v.ClosedMain(seq=seq, at=now, number="3E03")
        case "idle":
            return v.IdleMain(seq=seq, at=now, since=ago(now, "00:21"), queues=queues(now))
        case "called":
            calls = (now - timedelta(seconds=44), now - timedelta(seconds=12))
            return v.CalledMain(
                seq=seq, at=now, ticket=ticket(), window_number="3E03", calls=calls, calls_max=3,
                interval_s=30, recall_at=now + timedelta(seconds=18), missed_at=None,
                receipts=tuple(
                    v.Receipt(kind=kind, done=True, due_at=now)
                    for kind in ("board", "speaker", "window", "phone")
                ),
                reason="E047 已等 14:05，目标 10:00（141 %），先于 E051 预约（113 %）",
                grace_s=1800, back_n=3,
            )  # fmt: skip
        case "serving":
            return v.ServingMain(
                seq=seq, at=now, ticket=ticket(), started_at=ago(now, "06:42"), usual_s=900
            )
        case "paused":
            return v.PausedMain(
                seq=seq, at=now, reason="lunch", since=ago(now, "02:40"),
                until=now + timedelta(minutes=27, seconds=20), strip="暂停服务 12:35",
            )  # fmt: skip


def side(state: WindowMode, now: datetime, seq: int) -> v.Side:
    """Return the side column."""
    return v.Side(
        seq=seq, at=now, state=state,
        day=v.Day(
            since=at("09:00"), called=31, completed=27, missed=2, mean_s=800,
            rated=24, satisfied_percent=96,
        ),
        back=(
            v.BackRow(number="E039", kind="missed", until=now + timedelta(minutes=12)),
            v.BackRow(number="E041", kind="missed", until=now + timedelta(minutes=21)),
        ) if state in ("idle", "called") else (),
        grace_s=1800,
        done=(
            v.DoneRow(number="E044", service="企业变更登记", outcome="accepted", served_s=760),
            v.DoneRow(
                number="E042", service="食品经营许可", outcome="accepted_with_gaps", served_s=1085
            ),
            v.DoneRow(number="EG010", service="执照遗失补领", outcome="finished", served_s=252),
        ),
        pauses=(
            v.PauseRow(start=at("10:12"), end=at("10:18"), reason="toilet"),
            v.PauseRow(start=at("12:05"), end=None, reason="lunch"),
        ) if state == "paused" else (),
    )  # fmt: skip


CLOCKS: dict[WindowMode, str] = {
    "closed": "11:51:57",
    "idle": "11:51:57",
    "called": "11:52:41",
    "serving": "11:59:32",
    "paused": "12:07:40",
}


def console(
    state: WindowMode, *, now: datetime | None = None, seq: int = 47, **changes: Any
) -> v.ConsolePage:
    """Return the whole console in a state, at the hour of its picture unless told otherwise."""
    now = now or at(CLOCKS[state])
    wide = state in ("idle", "closed")
    values: dict[str, Any] = {
        "hall": "郑州市政务服务大厅",
        "window": "3E03",
        "staff": "李敏",
        "staff_number": "E0312",
        "header": header(state, now, seq),
        "main": main(state, now, seq),
        "waiting": v.Waiting(seq=seq, at=now, queues=queues(now, later=not wide), wide=wide),
        "side": side(state, now, seq),
        "keys": v.Keys(seq=seq, at=now, state=state),
        "stream_url": "/console/3E03/stream",
        "targets_url": "/console/3E03/targets",
        "login_url": "/login?window=3E03",
        "logout_url": "/logout",
        "support": "值班技术员 分机 8021",
        "lunch_ends": "13:00",
    }
    return v.ConsolePage(**(values | changes))


def targets() -> tuple[v.Target, ...]:
    """Return services to which E047 may go."""
    return (
        v.Target(
            service="tax-new", service_name="新办纳税人登记", queue="S", prefix="S",
            queue_name="税务", kind="comprehensive", place="1 层 税务区 1A13–1A20",
            search="税务 新办纳税人登记 s sw shuiwu xbnsrdj xinbannashuirendengji",
            waiting=6, open_windows=8, wait_s=(240, 540), ahead=3,
        ),
        v.Target(
            service="trade-record", service_name="商务备案", queue="D", prefix="D",
            queue_name="社会事务", kind="comprehensive", place="3 层 社会事务区 3D05–3D10",
            search="社会事务 商务备案 d shsw shehuishiwu swba shangwubeian",
            waiting=2, open_windows=5, wait_s=(120, 360), ahead=1,
        ),
        v.Target(
            service="foreign-record", service_name="涉外事项备案", queue="D", prefix="D",
            queue_name="社会事务", kind="comprehensive", place="3 层 社会事务区 3D05–3D10",
            search="社会事务 涉外事项备案 d shsw shehuishiwu swsxba shewaishixiangbeian",
            waiting=2, open_windows=5, wait_s=(120, 360), ahead=1,
        ),
        v.Target(
            service="licence-reissue", service_name="执照遗失补领", queue="EG", prefix="EG",
            queue_name="商事即办", kind="instant", place="3 层 商事登记区 3E08–3E09",
            search="商事即办 执照遗失补领 eg ssjb shangshijiban zzysbl zhizhaoyishibuling",
            waiting=4, open_windows=2, wait_s=None, ahead=2,
        ),
    )  # fmt: skip


def login(**changes: Any) -> v.LoginPage:
    """Return the login page of the device at window 3E03, held by someone else."""
    values: dict[str, Any] = {
        "hall": "郑州市政务服务大厅",
        "action": "/login",
        "window": v.WindowChoice(
            id="3E03", number="3E03", zone="商事登记区", floor="3", kinds=("comprehensive",),
            holder="张＊",
        ),
        "hours": ("09:00–12:00", "13:00–17:00"),
        "staff": "E0312",
    }  # fmt: skip
    return v.LoginPage(**(values | changes))


def phone_ticket(state: v.PhoneState, *, now: datetime | None = None, seq: int = 47,
                 **changes: Any) -> v.PhoneTicket:  # fmt: skip
    """Return E047 as its holder sees it."""
    now = now or at("11:52:05" if state == "called" else "11:43:20")
    values: dict[str, Any] = {
        "seq": seq,
        "at": now,
        "number": "E047",
        "service": Text("企业设立登记", "Company registration"),
        "state": state,
        "issued_at": at("11:37"),
        "floor": "3",
        "zone": Text("商事登记区", "business registration"),
        "calls_max": 3,
        "grace_s": 1800,
        "back_n": 3,
        "windows": "3E01–3E09",
    }
    match state:
        case "waiting":
            values |= {"ahead": 5, "wait_s": (480, 840)}
        case "called":
            values |= {"window": "3E03", "calls": (at("11:51:57"),)}
        case "missed":
            values |= {"missed_until": at("12:25")}
        case _:
            pass
    return v.PhoneTicket(**(values | changes))


def phone(state: v.PhoneState = "waiting", **changes: Any) -> v.PhonePage:
    """Return the phone page of E047."""
    ticket_changes = changes.pop("ticket", {})
    values: dict[str, Any] = {
        "hall": Text("郑州市政务服务大厅", "Zhengzhou Government Service Hall"),
        "ticket": phone_ticket(state, **ticket_changes),
        "page_url": "/t/Xq7mFz",
        "stream_url": "/t/Xq7mFz/stream",
        "cancel_url": "/t/Xq7mFz/cancel" if state in ("waiting", "missed", "held") else "",
    }
    return v.PhonePage(**(values | changes))
