"""Says in words what differs between two plans of a hall, for the log and for the manager."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from typing import Any, Final, Literal

import msgspec

from paihao_hall.plan import Allocation, Band, HallPlan, MissedPolicy, Text, Window

Change = Literal["added", "removed", "changed"]

_TABLES: Final[Mapping[str, str]] = {
    "zones": "业务区",
    "queues": "队列",
    "services": "事项",
    "windows": "窗口",
    "classes": "号票类别",
    "devices": "设备",
}
_HALL_FIELDS: Final = (
    "name",
    "timezone",
    "day_starts",
    "hours",
    "weekdays",
    "take_until",
    "phone_url",
    "speak",
    "telephone_one",
    "notices",
    "pauses",
)


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that a new plan changes.

    Attributes:
        table: ``hall``, ``zones``, ``queues``, ``services``, ``windows``, ``classes``, ``devices``.
        id: of the part; of the hall for ``hall``.
        field: what changed of it; empty when it was added or removed.
        text: the change as a sentence.
    """

    table: str
    id: str
    change: Change
    field: str
    text: Text


def differences(old: HallPlan, new: HallPlan) -> list[Difference]:
    """Return what differs, the hall first, then table by table in the new plan's order.

    Args:
        old: the plan in force.
        new: the plan that would take its place.

    Returns:
        Nothing when both say the same; the order of parts is no difference.
    """
    found = [
        _changed("hall", "大厅", new.id, field, getattr(old, field), getattr(new, field))
        for field in _HALL_FIELDS
        if getattr(old, field) != getattr(new, field)
    ]
    for table, word in _TABLES.items():
        found += _of_table(table, word, getattr(old, table), getattr(new, table))
    return found


def _of_table(
    table: str, word: str, old: Sequence[Any], new: Sequence[Any]
) -> Iterator[Difference]:
    before = {part.id: part for part in old}
    after = {part.id: part for part in new}
    noun = "class" if table == "classes" else table.removesuffix("s")
    for name in before:
        if name in after:
            continue
        yield _whole(table, name, "removed", f"去掉{word} {name}", f"{noun} {name} removed")
    for name, part in after.items():
        if name not in before:
            yield _whole(table, name, "added", f"增加{word} {name}", f"{noun} {name} added")
            continue
        for field in msgspec.structs.fields(part):
            was, now = getattr(before[name], field.name), getattr(part, field.name)
            if was == now:
                continue
            if isinstance(part, Window) and field.name == "allocation":
                yield from _allocation(name, was, now)
            else:
                yield _changed(table, word, name, field.name, was, now)


def _allocation(
    window: str, was: Iterable[Allocation], now: Iterable[Allocation]
) -> Iterator[Difference]:
    before = {entry.queue: entry.tier for entry in was}
    after = {entry.queue: entry.tier for entry in now}
    for queue in sorted(before.keys() | after.keys()):
        old_tier, new_tier = before.get(queue), after.get(queue)
        if old_tier == new_tier:
            continue
        if old_tier is None:
            text = Text(
                f"窗口 {window} 加 {queue}，{_tier(new_tier)}",
                f"window {window} adds {queue}, tier {new_tier}",
            )
        elif new_tier is None:
            text = Text(f"窗口 {window} 去掉 {queue}", f"window {window} drops {queue}")
        else:
            text = Text(
                f"窗口 {window} 的 {queue} 由{_tier(old_tier)}改为{_tier(new_tier)}",
                f"window {window}: {queue} from tier {old_tier} to tier {new_tier}",
            )
        yield Difference("windows", window, "changed", "allocation", text)


def _tier(tier: int | None) -> str:
    return "一档" if tier == 1 else "二档"


def _whole(table: str, name: str, change: Change, zh: str, en: str) -> Difference:
    return Difference(table, name, change, "", Text(zh, en))


def _changed(table: str, word: str, name: str, field: str, was: object, now: object) -> Difference:
    zh = f"{word} {name} 的 {field}：{_said(was)} 改为 {_said(now)}"
    en = f"{'hall' if table == 'hall' else table} {name}: {field} from {_said(was)} to {_said(now)}"
    return Difference(table, name, "changed", field, Text(zh, en))


def _said(value: object) -> str:
    """Return a value of a plan as people write it."""
    match value:
        case None | "" | ():
            return "-"
        case bool():
            return "true" if value else "false"
        case time():
            return f"{value:%H:%M}"
        case Band(start=start, end=end):
            return f"{start:%H:%M}-{end:%H:%M}"
        case Text(zh=zh, en=en):
            return f"{zh} | {en}" if en else zh
        case tuple():
            return ", ".join(_said(one) for one in value)
        case MissedPolicy() as policy:
            return (
                f"{policy.calls}x{policy.interval_s}s {policy.action} {policy.back_n} "
                f"{policy.grace_s}s {policy.rejoins}"
            )
        case msgspec.Struct():
            return " ".join(_said(one) for one in msgspec.structs.astuple(value))
        case _:
            return str(value)
