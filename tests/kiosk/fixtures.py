"""A hall like the one in the pictures: six zones on two floors, Wednesday 18 March 2026, 10:24."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import msgspec

from paihao_hall.contract import (
    Board,
    IssuedTicket,
    KioskReply,
    QueueLine,
    QueueState,
    WaitRange,
)
from paihao_hall.plan import (
    Allocation,
    Band,
    Device,
    HallPlan,
    Kind,
    MissedPolicy,
    Notice,
    Queue,
    Service,
    Text,
    TicketClass,
    Window,
    Zone,
)
from paihao_kiosk.react import react
from paihao_kiosk.state import BoardCame, Effect, Heard, Input, Moment, PlanCame, State

NOON_LINE = Text(
    "12:00-13:00 每区留 1 个窗口，16:30 停止取号",
    "One window per zone 12:00-13:00. Last tickets 16:30",
)

AT = datetime(2026, 3, 18, 2, 24, tzinfo=UTC)
"""10:24 in the hall."""


def _zone(id_: str, zh: str, en: str, short: str, short_en: str, floor: str, icon: str) -> Zone:
    place = Text("东侧", "east") if id_ == "B" else Text("")
    return Zone(
        id=id_, name=Text(zh, en), short=Text(short, short_en), floor=floor, icon=icon, place=place
    )


ZONES = (
    _zone("A", "公积金及税务", "Housing fund and tax", "公积金税务区", "Fund and tax", "1", "yuan"),
    _zone("B", "房屋交易及不动产登记", "Homes and real estate", "不动产区", "Homes", "1", "house"),
    _zone("C", "公安", "Police, visas, traffic", "公安区", "Police", "1", "shield"),
    _zone(
        "D",
        "建设项目及社会事务",
        "Building, social affairs",
        "建设项目区",
        "Building",
        "3",
        "crane",
    ),
    _zone("E", "商事登记", "Business registration", "商事登记区", "Business", "3", "shop"),
    _zone("F", "人力资源及社保", "Jobs and social security", "人社区", "Jobs", "3", "umbrella"),
)


def _queue(id_: str, zone: str, kind: Kind = "comprehensive", *, open_: bool = True) -> Queue:
    missed = MissedPolicy(calls=3, grace_s=1800, back_n=3)
    return Queue(
        id=id_, prefix=id_, name=Text(id_), zone=zone, kind=kind, missed=missed, open=open_
    )


QUEUES = (
    _queue("A", "A"),
    _queue("B", "B"),
    _queue("BG", "B", "instant"),
    _queue("BZ", "B", "issuance"),
    _queue("BT", "B"),
    _queue("BS", "B"),
    _queue("BK", "B"),
    _queue("C", "C"),
    _queue("D", "D"),
    _queue("E", "E"),
    _queue("F", "F"),
    _queue("X", "A", "consult"),
    _queue("Y", "A", "complaint"),
)

PAPERS = (
    Text("买卖双方身份证原件", "ID cards of both parties"),
    Text("不动产权证书原件", "Property certificate"),
    Text("房屋买卖合同", "Sale contract"),
    Text("完税证明", "Tax receipt"),
)


def _service(
    id_: str,
    zh: str,
    en: str,
    zone: str,
    queue: str,
    group: str = "",
    aliases: tuple[str, ...] = (),
    **more: object,
) -> Service:
    service = Service(
        id=id_, name=Text(zh, en), zone=zone, queue=queue, group=group, aliases=aliases
    )
    return msgspec.structs.replace(service, **more)


def _more_homes() -> tuple[Service, ...]:
    """The services of the homes zone that stand on its later pages."""
    names = (
        ("不动产首次登记", "First registration"),
        ("不动产变更登记", "Change of entry"),
        ("不动产更正登记", "Correction of entry"),
        ("不动产注销登记", "Deregistration"),
        ("不动产异议登记", "Objection"),
    )
    registry = [
        _service(f"B1{at}", zh, en, "B", "B", "不动产登记") for at, (zh, en) in enumerate(names)
    ]
    trade = [
        _service(f"B2{at}", zh, en, "B", "BT", "房屋交易")
        for at, (zh, en) in enumerate(
            (
                ("存量房网签", "Resale contract"),
                ("房屋租赁备案", "Lease filing"),
                ("资金监管", "Escrow"),
            )
        )
    ]
    return (*registry, *trade, _service("B30", "房产税申报", "Property tax", "B", "BS", "缴税"))


SERVICES = (
    _service("A01", "公积金提取", "Housing fund withdrawal", "A", "A", aliases=("取公积金",)),
    _service("A02", "个人所得税", "Income tax", "A", "A", aliases=("个税",)),
    _service(
        "B01",
        "不动产转移登记",
        "Property transfer",
        "B",
        "B",
        "不动产登记",
        ("二手房", "继承", "赠与"),
        papers=PAPERS,
    ),
    _service(
        "B02", "不动产抵押登记", "Mortgage registration", "B", "B", "不动产登记", ("贷款办抵押",)
    ),
    _service("B03", "不动产查询", "Property search", "B", "BG", "不动产登记", ("查房", "无房证明")),
    _service(
        "B04", "领取不动产证", "Collect certificate", "B", "BZ", "不动产登记", ("办好了来取",),
        role="collect",
    ),
    _service("B05", "房屋交易备案", "Sale contract filing", "B", "BT", "房屋交易"),
    _service("B06", "契税征收", "Deed tax", "B", "BS", "缴税"),
    _service("B07", "跨省通办", "Other-province cases", "B", "BK", "房屋交易"),
    *_more_homes(),
    _service("C01", "出入境证件", "Passport and permits", "C", "C", aliases=("护照", "签证")),
    _service("D01", "施工许可", "Building permit", "D", "D"),
    _service("E01", "企业设立登记", "Company registration", "E", "E", aliases=("开公司",)),
    _service("F01", "社保转移", "Social security transfer", "F", "F"),
    _service("X01", "咨询", "Ask first", "A", "X", role="consult"),
    _service("Y01", "有诉即办", "Complaint", "A", "Y", role="complaint"),
)  # fmt: skip


def _windows() -> tuple[Window, ...]:
    windows = []
    for number in range(1, 33):
        queue = "BZ" if number > 30 else "B"
        more = ("BG", "BT", "BS", "BK") if number > 28 else ()
        windows.append(
            Window(
                id=f"1B{number:02}",
                number=str(number),
                zone="B",
                kinds=("comprehensive",),
                allocation=(Allocation(queue), *(Allocation(one) for one in more)),
            )
        )
    for zone, start, count in (
        ("A", 33, 22),
        ("C", 55, 22),
        ("D", 77, 13),
        ("E", 90, 13),
        ("F", 103, 5),
    ):
        windows += [
            Window(
                id=f"W{number}",
                number=str(number),
                zone=zone,
                kinds=("comprehensive",),
                allocation=(Allocation(zone),),
            )
            for number in range(start, start + count)
        ]
    return tuple(windows)


CLASSES = (
    TicketClass(id="regular", name=Text("普通", "Regular"), hint=Text("按先后叫号", "In order")),
    TicketClass(
        id="green",
        name=Text("绿色通道", "Priority"),
        hint=Text("老人 残疾 孕妇 军人", "Old, disabled, pregnant"),
        head_start_s=900,
    ),
    TicketClass(
        id="appointment",
        name=Text("已预约", "Booked"),
        hint=Text("有预约码", "With a code"),
        head_start_s=600,
    ),
)

PLAN = HallPlan(
    id="zhengzhou",
    name=Text("郑州市政务服务大厅", "Zhengzhou Government Service Hall"),
    revision="r1",
    take_until=time(16, 30),
    hours=(Band(time(9), time(12)), Band(time(13), time(17))),
    zones=ZONES,
    queues=QUEUES,
    services=SERVICES,
    windows=_windows(),
    classes=CLASSES,
    devices=(Device(id="K1", kind="kiosk", floor="1", name=Text("1 楼 2 号机")),),
    notices=(Notice(text=NOON_LINE),),
)


def line(
    queue: str,
    waiting: int,
    low: int | None,
    high: int = 0,
    *,
    state: QueueState = "open",
    until: str | None = None,
) -> QueueLine:
    """A queue with so many people and a wait in minutes."""
    wait = None if low is None else WaitRange(low_s=low * 60, high_s=high * 60)
    return QueueLine(
        queue=queue, waiting=waiting, wait=wait, state=state, open_windows=1, until=until
    )


def board(zone: str, waiting: int, *lines: QueueLine) -> Board:
    """The board of a zone with these queues."""
    return Board(seq=7, at=AT, zone=zone, calls=(), recent=(), queues=lines, waiting=waiting)


BOARDS = (
    board("A", 27, line("A", 27, 8, 14), line("X", 0, 1, 3), line("Y", 0, 1, 3)),
    board(
        "B",
        52,
        line("B", 23, 13, 21),
        line("BG", 3, 3, 6),
        line("BZ", 2, 2, 5),
        line("BT", 6, None, state="paused", until="10:40"),
        line("BS", 18, None, state="full"),
        line("BK", 0, None, state="closed"),
    ),
    board("C", 34, line("C", 34, 12, 20)),
    board("D", 9, line("D", 9, 10, 18)),
    board("E", 18, line("E", 18, 20, 32)),
    board("F", 4, line("F", 4, 6, 12)),
)


def ticket(**more: object) -> IssuedTicket:
    """The ticket of the pictures, B146."""
    plain = IssuedTicket(
        id="t-146",
        number="B146",
        service="B01",
        queue="B",
        zone="B",
        class_="regular",
        ahead=23,
        wait=WaitRange(low_s=780, high_s=1260),
        issued_at=AT,
        seq=812,
        url="http://192.168.1.10:8080/t/7f3kq2m8",
    )
    return msgspec.structs.replace(plain, **more)


def reply(id_: str, **more: object) -> KioskReply:
    """The answer that gives B146 to a request."""
    return KioskReply(id=id_, ok=True, seq=812, ticket=ticket(**more))


def moment(seconds: float = 0.0) -> Moment:
    """So many seconds after 10:24."""
    return Moment(AT + timedelta(seconds=seconds), seconds)


def kiosk(plan: HallPlan = PLAN, boards: tuple[Board, ...] = BOARDS) -> State:
    """A kiosk that has heard everything and shows its first page."""
    state = State(kiosk="K1")
    inputs: list[Input] = [PlanCame(plan), Heard(online=True), *(BoardCame(b) for b in boards)]
    for one in inputs:
        state, effects = react(state, one, moment())
        assert effects == ()
    return replace(state, touched_at=None)


def run(state: State, *inputs: Input, at: float = 0.0) -> tuple[State, list[Effect]]:
    """Give a kiosk inputs at one moment; return it and all effects."""
    done: list[Effect] = []
    for one in inputs:
        state, effects = react(state, one, moment(at))
        done += effects
    return state, done
