"""What each finding says, in Chinese and English, by its stable code.

Errors stop a file from being loaded; warnings and advice are said and do not stop it. The places
in braces are filled with the facts of one finding.
"""

from typing import Final, Literal, NamedTuple

Severity = Literal["error", "warning", "advice"]


class Saying(NamedTuple):
    """The text of one code; ``expected`` is what should stand there instead."""

    severity: Severity
    zh: str
    en: str
    expected: str = ""


SAYINGS: Final[dict[str, Saying]] = {
    # The file as a file.
    "file-unreadable": Saying(
        "error", "文件读不出来：{reason}", "cannot read the file: {reason}", "a readable TOML file"
    ),
    "file-not-utf8": Saying(
        "error",
        "第 {byte} 个字节不是 UTF-8；请用 UTF-8 编码另存",
        "byte {byte} is not UTF-8; save the file as UTF-8",
        "UTF-8 text",
    ),
    "toml-syntax": Saying(
        "error",
        "TOML 写法有误（第 {column} 列）：{reason}",
        "not valid TOML (column {column}): {reason}",
        "key = value, [table] or [[list of tables]]",
    ),
    "version-missing": Saying(
        "error",
        "缺少 version；请在文件开头写 version = {current}",
        "version is missing; write version = {current} at the top of the file",
        "version = {current}",
    ),
    "version-wrong": Saying(
        "error",
        "version 应是 1 到 {current} 的整数，现在是 {value}",
        "version must be a whole number from 1 to {current}, not {value}",
        "{current}",
    ),
    "version-newer": Saying(
        "error",
        "文件是第 {value} 版，这个程序只认到第 {current} 版；请升级程序",
        "the file is version {value}, this program knows up to {current}; update the program",
        "{current} or lower",
    ),
    "version-upgraded": Saying(
        "advice",
        "文件是第 {old} 版，已在读入时改写：{change}",
        "the file is version {old}; changed while reading: {change}",
    ),
    # One value.
    "missing-key": Saying(
        "error", "缺少 {name}；请补上", "{name} is missing; add it", "{name} = ..."
    ),
    "unknown-key": Saying(
        "error",
        "不认识的键 {name}{hint_zh}",
        "unknown key {name}{hint_en}",
        "one of: {known}",
    ),
    "wrong-type": Saying("error", "{value} 的类型不对", "{value} is of the wrong type", "{wanted}"),
    "not-one-of": Saying(
        "error", "{value} 不在可选值之内{hint_zh}", "{value} is not a choice{hint_en}", "{wanted}"
    ),
    "out-of-range": Saying("error", "{value} 超出范围", "{value} is out of range", "{wanted}"),
    "bad-value": Saying("error", "{value} 不合要求", "{value} does not fit", "{wanted}"),
    "bad-id": Saying(
        "error",
        "编号 {value} 只能用字母、数字和 -，1 到 32 个",
        "id {value} may only have letters, digits and -, 1 to 32 of them",
        "[A-Za-z0-9-]{{1,32}}",
    ),
    "bad-prefix": Saying(
        "error",
        "号票前缀 {value} 应是 1 到 3 个大写字母；数字会和号码混在一起",
        "prefix {value} must be 1 to 3 capital letters; a digit would mix with the serial",
        "[A-Z]{{1,3}}",
    ),
    "bad-text": Saying(
        "error",
        "{value} 不是一段文字；写中文，或“中文 | English”",
        "{value} is not a text; write Chinese, or 'Chinese | English'",
        '"中文" or "中文 | English"',
    ),
    "bad-time": Saying("error", "{value} 不是时刻", "{value} is not a time of day", "HH:MM"),
    "bad-band": Saying("error", "{value} 不是时段", "{value} is not a span of time", "HH:MM-HH:MM"),
    "bad-timezone": Saying(
        "error", "没有时区 {value}", "there is no time zone {value}", "such as Asia/Shanghai"
    ),
    "bad-url": Saying(
        "error", "{value} 不是网址", "{value} is not a web address", "http://... or https://..."
    ),
    "bad-list": Saying(
        "error",
        "{value} 不是编号或编号范围",
        "{value} is neither ids nor a range of ids",
        '"1B01-1B30" or "1B01, 1B07"',
    ),
    # Parts against each other.
    "unknown-zone": Saying(
        "error", "没有业务区 {value}{hint_zh}", "there is no zone {value}{hint_en}", "{known}"
    ),
    "unknown-queue": Saying(
        "error", "没有队列 {value}{hint_zh}", "there is no queue {value}{hint_en}", "{known}"
    ),
    "unknown-service": Saying(
        "error", "没有事项 {value}{hint_zh}", "there is no service {value}{hint_en}", "{known}"
    ),
    "unknown-class": Saying(
        "error", "没有号票类别 {value}{hint_zh}", "there is no class {value}{hint_en}", "{known}"
    ),
    "unknown-policy": Saying(
        "error",
        "没有过号办法 {value}{hint_zh}",
        "there is no missed policy {value}{hint_en}",
        "{known}",
    ),
    "id-twice": Saying(
        "error",
        "编号 {value} 用了两次，第一次在第 {first} 行",
        "id {value} is used twice, first in line {first}",
        "an id of its own",
    ),
    "prefix-twice": Saying(
        "error",
        "前缀 {value} 已经是队列 {other} 的（第 {first} 行），两队会发出同样的号",
        "prefix {value} already belongs to queue {other} (line {first}); "
        "both would give the same numbers",
        "a prefix of its own",
    ),
    "window-number-twice": Saying(
        "error",
        "{zone} 区已有 {value} 号窗口（{other}，第 {first} 行），叫号时分不清",
        "zone {zone} already has a window number {value} ({other}, line {first}); "
        "a call could mean either",
        "a number of its own in the zone",
    ),
    "window-number-on-board": Saying(
        "warning",
        "大屏 {board} 上会出现两个 {value} 号窗口（{windows}）；请让大屏只显示一个区，或改号",
        "board {board} shows two windows number {value} ({windows}); "
        "let it show one zone, or renumber",
        "numbers unique on each board",
    ),
    "ids-missing": Saying(
        "error",
        "请写 {one} 或 {many}，二者选一",
        "write either {one} or {many}",
        "exactly one of {one} and {many}",
    ),
    "numbers-count": Saying(
        "error",
        "{ids} 个窗口，却有 {numbers} 个窗口号",
        "{ids} windows but {numbers} numbers",
        "as many numbers as ids",
    ),
    "number-missing": Saying(
        "error",
        "窗口编号 {value} 末尾没有数字，请用 numbers 写明窗口号",
        "window id {value} does not end in digits; state its number with numbers",
        'numbers = "1"',
    ),
    "service-unreachable": Saying(
        "error",
        "事项 {value} 没有窗口办：正常时间里没有窗口（备用的不算）服务队列 {queue}",
        "service {value} has no window: no window (reserve ones apart) serves queue {queue} "
        "in normal hours",
        "a window with {queue} in serves or helps",
    ),
    "service-without-queue": Saying(
        "error", "事项 {value} 没有写队列", "service {value} names no queue", 'queue = "..."'
    ),
    "service-elsewhere": Saying(
        "error",
        "事项 {value} 写在 {zone} 区，它的队列 {queue} 却在 {other} 区",
        "service {value} says zone {zone}, but its queue {queue} is in zone {other}",
        "{other}",
    ),
    "queue-without-service": Saying(
        "advice",
        "队列 {value} 没有事项，取号机上取不到它的号",
        "queue {value} has no service, so no kiosk can give its numbers",
    ),
    "window-without-queue": Saying(
        "error",
        "窗口 {value} 没有队列可办；请写 serves，备用窗口写 reserve = true",
        "window {value} serves no queue; add serves, or reserve = true for a reserve window",
        'serves = ["..."]',
    ),
    "window-without-zone": Saying(
        "error",
        "窗口 {value} 不在任何业务区；只有备用窗口可以没有区",
        "window {value} is in no zone; only reserve windows may be without one",
        'zone = "..."',
    ),
    "window-unassigned": Saying(
        "error",
        "窗口 {value} 的类型 unassigned 只能用于备用窗口",
        "window {value}: kind unassigned is for reserve windows only",
        "reserve = true, or another kind",
    ),
    "queue-named-twice": Saying(
        "error",
        "队列 {value} 在同一窗口写了两次",
        "queue {value} is named twice for the same window",
        "each queue once, in serves or in helps",
    ),
    "unknown-window": Saying(
        "error",
        "lunch 里的 {value} 不在这一组窗口里",
        "{value} in lunch is not one of the windows of this block",
        "ids of this block",
    ),
    "hours-order": Saying(
        "error",
        "时段 {value} 的结束不晚于开始",
        "the span {value} does not end after it starts",
        "an end after the start, on the same day",
    ),
    "hours-overlap": Saying(
        "error",
        "时段 {value} 和 {other} 重叠",
        "the spans {value} and {other} overlap",
        "spans one after the other",
    ),
    "take-until-outside": Saying(
        "error",
        "停止取号时间 {value} 不在开门时间里",
        "take_until {value} is not within the hours",
        "a time within {hours}",
    ),
    "day-starts-inside": Saying(
        "error",
        "号码日从 {value} 开始，正在开门时间里，号码会在半天里重新从 1 排",
        "the hall day starts at {value}, within the hours; numbers would restart while people wait",
        "a time outside {hours}",
    ),
    "missed-range": Saying(
        "error",
        "过号办法 {policy} 的 {name} = {value} 超出范围",
        "missed policy {policy}: {name} = {value} is out of range",
        "{low} to {high}",
    ),
    "zones-many": Saying(
        "advice",
        "有 {count} 个专业分区，超过建议的 6 个，群众不好找",
        "{count} professional zones; more than the advised 6 are hard to find one's way in",
        "6 or fewer",
    ),
    "windows-stated": Saying(
        "warning",
        "公布的窗口数是 {stated}，文件里列出 {listed} 个，差 {difference} 个",
        "the hall states {stated} windows, this file lists {listed}; the difference is "
        "{difference}",
    ),
    "windows-unplaced": Saying(
        "warning",
        "有 {count} 个备用窗口不在任何业务区；启用前请写 zone",
        "{count} reserve windows are in no zone; give them one before they open",
    ),
}
