"""Halls at the ends of the range: one floor with two zones, four floors with nine."""

from datetime import time

from paihao_hall.plan import (
    Allocation,
    Band,
    Device,
    HallPlan,
    MissedPolicy,
    Queue,
    Service,
    Text,
    TicketClass,
    Window,
    Zone,
)

_HOURS = (Band(time(9), time(12)), Band(time(13), time(17)))

SMALL = HallPlan(
    id="town",
    name=Text("某镇便民服务中心"),
    revision="s1",
    hours=_HOURS,
    zones=(
        Zone(id="N", name=Text("综合受理"), short=Text("综合区"), floor="1"),
        Zone(id="V", name=Text("绿色通道"), short=Text("绿色区"), floor="1", icon="heart-in-hand"),
    ),
    queues=(
        Queue(id="N", prefix="N", name=Text("综合"), zone="N", kind="comprehensive"),
        Queue(
            id="V",
            prefix="V",
            name=Text("绿色"),
            zone="V",
            kind="green",
            missed=MissedPolicy(action="void"),
        ),
    ),
    services=(
        Service(id="N1", name=Text("社保缴费"), zone="N", queue="N"),
        Service(id="V1", name=Text("老年优待证"), zone="V", queue="V"),
    ),
    windows=(
        Window(
            id="N01", number="1", zone="N", kinds=("comprehensive",), allocation=(Allocation("N"),)
        ),
    ),
    devices=(Device(id="K1", kind="kiosk", floor="1"),),
)

TALL = HallPlan(
    id="tall",
    name=Text(
        "一个名字非常非常非常长的市民服务中心", "A Municipal Service Centre With a Very Long Name"
    ),
    revision="t1",
    hours=_HOURS,
    zones=tuple(
        Zone(
            id=f"Z{at}",
            name=Text(
                f"第{at}业务区名字很长很长很长", f"Business zone number {at} with a long name"
            ),
            short=Text(f"第{at}区", f"Zone {at}"),
            floor=str(1 + at // 3),
            place=Text("北侧靠窗", "north side"),
        )
        for at in range(9)
    ),
    queues=tuple(
        Queue(
            id=f"Q{at}",
            prefix=f"Q{at}",
            name=Text(f"队列{at}"),
            zone=f"Z{at}",
            kind="comprehensive",
            missed=MissedPolicy(action="tail"),
        )
        for at in range(9)
    ),
    services=tuple(
        Service(
            id=f"S{at}",
            name=Text("建设工程竣工验收消防备案抽查", "Fire safety check of finished buildings"),
            zone=f"Z{at}",
            queue=f"Q{at}",
            papers=(
                Text("申请人身份证明原件及复印件各一份", "Identity card and one copy"),
                Text("授权委托书", "Power of attorney"),
                Text("竣工图纸", "Drawings"),
                Text("验收报告", "Report"),
                Text("照片", "Photos"),
            ),
        )
        for at in range(9)
    ),
    windows=tuple(
        Window(
            id=f"W{at}",
            number=str(at * 3 + 1),
            zone=f"Z{at % 9}",
            kinds=("comprehensive",),
            allocation=(Allocation(f"Q{at % 9}"),),
        )
        for at in range(40)
    ),
    classes=tuple(
        TicketClass(id=id_, name=Text(zh, en))
        for id_, zh, en in (
            ("regular", "普通", "Regular"),
            ("green", "绿色通道", "Priority"),
            ("appointment", "已预约", "Booked"),
            ("soldier", "军人优先", "Soldiers"),
            ("company", "企业批量", "Companies"),
        )
    ),
    devices=(Device(id="K1", kind="kiosk", floor="1"),),
)
