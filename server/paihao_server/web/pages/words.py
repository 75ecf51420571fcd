"""Chinese words of the pages for the codes of the core: states, kinds, outcomes, pauses.

Order matters where people choose by digit: `OUTCOMES` are keys 1 to 7, `PAUSES` keys 1 to 5.
"""

from typing import Final

from paihao_hall.contract import WindowMode
from paihao_hall.plan import Kind, Outcome, PauseReason, TransferPlace
from paihao_server.web.pages.views import LoginProblem, PhoneState, ReceiptKind

KINDS: Final[dict[Kind, str]] = {
    "comprehensive": "综合受理",
    "instant": "即办件",
    "issuance": "综合发证",
    "consult": "咨询辅导",
    "assist": "帮办代办",
    "complaint": "有诉即办",
    "green": "绿色通道",
    "one_thing": "一件事",
    "cashier": "统一收费",
    "unassigned": "备用窗口",
}
KIND_ICONS: Final[dict[Kind, str]] = {
    "comprehensive": "square",
    "instant": "bolt",
    "issuance": "document",
    "consult": "speech",
    "assist": "user",
    "complaint": "speech",
    "green": "heart",
    "one_thing": "square",
    "cashier": "document",
    "unassigned": "ring",
}
STATES: Final[dict[WindowMode, tuple[str, str]]] = {
    "closed": ("ring", "未开窗"),
    "idle": ("check", "空闲 · 可以叫号"),
    "called": ("bell", "已叫号 · 等人来"),
    "serving": ("user", "办理中"),
    "paused": ("pause", "已暂停"),
}
"""Icon and word of a window's state."""

OUTCOMES: Final[dict[Outcome, str]] = {
    "accepted": "已受理",
    "finished": "当场办结",
    "accepted_with_gaps": "容缺受理",
    "returned_for_papers": "退回补件",
    "refused": "不予受理",
    "redirected": "引导他处",
    "withdrawn": "撤回",
}
PAUSES: Final[dict[PauseReason, str]] = {
    "lunch": "午餐",
    "toilet": "短暂离开",
    "meeting": "会议",
    "training": "培训",
    "fault": "系统故障",
}
PAUSE_MINUTES: Final[dict[PauseReason, int]] = {
    "lunch": 30,
    "toilet": 10,
    "meeting": 30,
    "training": 60,
    "fault": 15,
}
"""Expected length proposed when a clerk chooses a reason; every one can be changed."""

PLACES: Final[dict[TransferPlace, str]] = {
    "arrival": "按到达时间",
    "head": "最前",
    "middle": "中间",
    "tail": "最后",
}
RECEIPTS: Final[dict[ReceiptKind, tuple[str, str, str]]] = {
    "board": ("screen", "大屏", "已显示"),
    "speaker": ("speaker", "语音", "已播完"),
    "window": ("strip", "窗口条屏", "已显示"),
    "phone": ("phone", "手机", "已送达"),
}
"""Icon, device and what it did."""

PHONE_STATES: Final[dict[PhoneState, tuple[str, str, str]]] = {
    "serving": ("user", "正在办理", "Being served"),
    "missed": ("near", "已过号", "Your call was missed"),
    "held": ("pause", "先挂起了，听窗口安排", "On hold: the window will call you"),
    "done": ("check", "已办完，谢谢", "Done, thank you"),
    "void": ("cross", "这个号已作废", "This number is no longer valid"),
}
"""Icon and words of the states in which nobody waits any more."""

CLASS_ICONS: Final[dict[str, str]] = {"green": "heart"}

LOGIN_PROBLEMS: Final[dict[LoginProblem, str]] = {
    "wrong": "工号或密码不对",
    "locked": "输错次数太多，已锁定",
    "refused": "",
}
"""What stands before the figures; a refusal brings its own words."""
