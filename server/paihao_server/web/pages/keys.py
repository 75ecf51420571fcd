"""The keys of the clerk's console: what the key bar and the key list show.

What a key does is decided in the browser (``static/js/keys.js``); a test compares the two.
"""

from dataclasses import dataclass
from typing import Final

from paihao_hall.contract import WindowMode


@dataclass(frozen=True, slots=True)
class BarKey:
    """One entry of the key bar: the key's ``name`` and its ``word``.

    ``press`` is what the browser treats a click as; ``offline`` that it works without the server.
    """

    name: str
    word: str
    press: str
    offline: bool = False


@dataclass(frozen=True, slots=True)
class KeyRow:
    """One row of the key list: ``words`` for idle, called, serving, paused; empty for nothing."""

    keys: tuple[str, ...]
    words: tuple[str, str, str, str]


_HELP: Final = BarKey("?", "全部快捷键", "?", offline=True)

BAR: Final[dict[WindowMode, tuple[BarKey, ...]]] = {
    "closed": (BarKey("F2", "开窗", "F2"), _HELP),
    "idle": (
        BarKey("F2", "叫下一位", "F2"),
        BarKey("G", "按号找回", "g"),
        BarKey("F8", "暂停", "F8"),
        _HELP,
    ),
    "called": (
        BarKey("F2", "开始办理", "F2"),
        BarKey("R", "重呼", "r"),
        BarKey("M", "过号", "m"),
        BarKey("T", "转移", "t"),
        BarKey("B", "退回队列", "b"),
        _HELP,
    ),
    "serving": (
        BarKey("F4", "办结", "F4", offline=True),
        BarKey("F9", "办结并叫下一位", "F9"),
        BarKey("T", "转移", "t", offline=True),
        BarKey("H", "挂起", "h", offline=True),
        BarKey("B", "退回队列", "b"),
        BarKey("N", "备注", "n", offline=True),
        _HELP,
    ),
    "paused": (BarKey("F2", "恢复服务", "F2"), BarKey("G", "按号找回", "g"), _HELP),
}

TABLE: Final = (
    KeyRow(("F2", "空格"), ("叫下一位", "开始办理", "", "恢复服务")),
    KeyRow(("F4",), ("", "", "办结", "")),
    KeyRow(("F9",), ("", "", "办结并叫下一位", "")),
    KeyRow(("R",), ("", "重呼", "", "")),
    KeyRow(("M",), ("", "过号", "", "")),
    KeyRow(("T",), ("", "转移", "转移", "")),
    KeyRow(("B",), ("", "退回队列", "退回队列", "")),
    KeyRow(("H",), ("", "", "挂起", "")),
    KeyRow(("N",), ("", "", "备注", "")),
    KeyRow(("G",), ("按号找回", "", "", "按号找回")),
    KeyRow(("1–7",), ("", "", "办理结果", "原因（1–5）")),
    KeyRow(("F8",), ("暂停", "", "先办结或挂起", "")),
    KeyRow(("?", "Esc"), ("快捷键／关闭", "快捷键／关闭", "快捷键／关闭", "快捷键／关闭")),
)
