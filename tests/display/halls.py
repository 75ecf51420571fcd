"""A small hall for the tests of board and speaker: the zone of the mock-up at 10:24."""

from datetime import UTC, datetime, timedelta

from paihao_hall.contract import Beat, Board, BoardCall, QueueLine, QueueState, WaitRange
from paihao_hall.plan import Device, HallPlan, Kind, Queue, Text, Zone

NOW = datetime(2026, 3, 18, 2, 24, tzinfo=UTC)


def queue(queue_id: str, name: str, kind: Kind = "comprehensive", zone: str = "homes") -> Queue:
    return Queue(id=queue_id, prefix=queue_id.upper(), name=Text(name), zone=zone, kind=kind)


PLAN = HallPlan(
    id="test",
    name=Text("政务服务大厅", "Government Service Hall"),
    revision="1",
    zones=(
        Zone(
            id="homes",
            name=Text("房屋交易及不动产登记", "Homes and real estate"),
            short=Text("不动产区"),
            floor="1",
            icon="house",
        ),
        Zone(id="police", name=Text("公安", "Police"), short=Text("公安区"), floor="1"),
    ),
    queues=(
        queue("reg", "不动产登记"),
        queue("ask", "不动产查询", "instant"),
        queue("trade", "房屋交易"),
        queue("tax", "契税征收"),
        queue("iss", "领取不动产证", "issuance"),
        queue("id", "身份证", zone="police"),
        queue("visa", "出入境", zone="police"),
    ),
    devices=(
        Device(id="board-homes", kind="board", zones=("homes",)),
        Device(id="board-all", kind="board"),
        Device(id="speaker-homes", kind="speaker", zones=("homes",)),
        Device(id="box-1", kind="window"),
    ),
)


def call(number: str, window: str, seq: int, age_s: float = 0.0, ticket: str = "") -> BoardCall:
    return BoardCall(
        ticket=ticket or f"t-{number}",
        number=number,
        window=f"1B{window}",
        window_number=window,
        kind="comprehensive",
        times=1,
        called_at=NOW - timedelta(seconds=age_s),
        seq=seq,
    )


def waiting(
    queue_id: str,
    people: int,
    wait_min: tuple[int, int] | None = None,
    state: QueueState = "open",
    until: str | None = None,
) -> QueueLine:
    wait = wait_min and WaitRange(low_s=60 * wait_min[0], high_s=60 * wait_min[1])
    return QueueLine(
        queue=queue_id, waiting=people, wait=wait, state=state, open_windows=1, until=until
    )


MOCK_UP_QUEUES = (
    waiting("reg", 23, (13, 21)),
    waiting("ask", 3, (3, 6)),
    waiting("trade", 6, None, "paused", "10:40"),
    waiting("tax", 18, None, "full"),
    waiting("iss", 2, (2, 5)),
)


def snapshot(
    *calls: BoardCall,
    recent: tuple[BoardCall, ...] = (),
    queues: tuple[QueueLine, ...] = MOCK_UP_QUEUES,
    notices: tuple[Text, ...] = (),
    zone: str = "homes",
    seq: int = 0,
    at: datetime = NOW,
) -> Board:
    return Board(
        seq=seq or max((one.seq for one in (*calls, *recent)), default=1),
        at=at,
        zone=zone,
        calls=tuple(sorted(calls, key=lambda one: -one.seq)),
        recent=recent,
        queues=queues,
        waiting=sum(line.waiting for line in queues),
        notices=notices,
    )


def beat(at: datetime = NOW) -> Beat:
    return Beat(seq=1, at=at, revision="1")
