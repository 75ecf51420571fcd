"""What people read: refusals and reasons in Chinese and English, looked up by code."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, Literal

from paihao_hall.events import CallReason, Candidate
from paihao_hall.plan import REGULAR, HallPlan
from paihao_hall.refusals import RefusalCode

Language = Literal["zh", "en"]
Words = tuple[str, str]
"""Chinese, English."""

REFUSALS: Final[dict[RefusalCode, Words]] = {
    "unknown-service": ("没有事项 {service}", "there is no service {service}"),
    "unknown-class": ("没有 {class} 这种号票", "there is no ticket class {class}"),
    "unknown-queue": ("没有队列 {queue}", "there is no queue {queue}"),
    "unknown-window": ("没有窗口 {window}", "there is no window {window}"),
    "unknown-ticket": ("今天没有 {ticket} 这个号", "there is no ticket {ticket} today"),
    "queue-closed": ("队列 {queue} 现在不办，请换一个", "queue {queue} is not offered now"),
    "window-closed": ("窗口 {window} 还没开，先开窗", "window {window} is closed; open it first"),
    "window-paused": (
        "窗口 {window} 在暂停，先恢复服务",
        "window {window} is paused; resume it first",
    ),
    "window-busy": (
        "手上还有 {number}，先办结或挂起",
        "{number} is still at this window; complete, hold or return it first",
    ),
    "window-taken": (
        "窗口 {window} 现由 {clerk} 登录，请接班或换窗口",
        "{clerk} has window {window}; take it over or choose another",
    ),
    "window-without-queues": (
        "窗口 {window} 没有分到队列，请找大厅主管",
        "window {window} serves no queue; ask the manager to allocate one",
    ),
    "clerk-elsewhere": (
        "{clerk} 在窗口 {window} 还没关窗，先到那里关窗",
        "{clerk} has window {window} open; close it first",
    ),
    "nothing-called": (
        "手上没有号，先叫下一位",
        "no ticket is at this window; call one first",
    ),
    "not-called": (
        "{number} 已经不在叫号中，看一眼现在的状态再按",
        "{number} is not in the called state any more; look at the state first",
    ),
    "not-serving": (
        "{number} 还没开始办理，先按开始办理",
        "{number} is not being served yet",
    ),
    "recall-too-soon": ("{wait_s} 秒后才能再呼", "it may be called again in {wait_s} s"),
    "calls-used-up": (
        "已呼满 {calls} 次，人没来请按过号",
        "called {calls} times already; set it to missed if nobody came",
    ),
    "calls-left": ("还没呼满次数，先重呼", "call it as often as the rule says before it is missed"),
    "ticket-not-waiting": (
        "{number} 不在等候，看一眼现在的状态",
        "{number} is not waiting any more; look at its state",
    ),
    "ticket-not-returnable": (
        "{number} 没有过号，也没有挂在这个窗口，不用找回",
        "{number} is neither missed nor on hold at this window",
    ),
    "grace-over": (
        "{number} 已超过可找回的时间，请重新取号",
        "the time in which {number} may come back is over; take a new number",
    ),
    "rejoins-used-up": (
        "{number} 找回次数已用完，请重新取号",
        "{number} came back as often as it may; take a new number",
    ),
    "same-queue": ("这个号就在队列 {queue}，请换一个", "the ticket is in queue {queue} already"),
    "id-reused": (
        "这次操作没有记上，请再按一次",
        "somebody else used this id; try again",
    ),
    "ticket-exists": ("这次操作没有记上，请再按一次", "this ticket id exists already; try again"),
    "plan-drops-queue": (
        "新方案去掉了队列 {queue}，但 {ticket} 还在其中",
        "the new plan drops queue {queue}, in which {ticket} is live",
    ),
    "plan-drops-window": (
        "新方案去掉了窗口 {window}，但它还开着",
        "the new plan drops window {window}, which is open",
    ),
    "plan-of-another-hall": (
        "这里记的是大厅 {hall}，新方案却是 {plan} 的；编号不能改，换大厅请换数据目录",
        "the log is of hall {hall}, the new plan of {plan}; take another data folder",
    ),
}

PROBLEMS: Final[dict[str, Words]] = {
    "not-found": ("没有这个地址", "there is nothing at this address"),
    "method-not-allowed": ("这个地址不接受 {method}", "this address does not take {method}"),
    "too-large": ("内容太大，最多 {limit} 字节", "the body is too large, at most {limit} bytes"),
    "not-json": ("请以 application/json 发送", "send the body as application/json"),
    "invalid-json": ("不是有效的 JSON：{problem}", "this is not JSON: {problem}"),
    "invalid-body": ("{field} 不对：{problem}", "{field} is not right: {problem}"),
    "invalid-query": ("参数 {field} 不对：{problem}", "parameter {field} is not right: {problem}"),
    "invalid-key": (
        "Idempotency-Key 应为 1 至 128 个可见的 ASCII 字符",
        "Idempotency-Key must be 1 to 128 visible ASCII characters",
    ),
    "key-reused": (
        "这个 Idempotency-Key 已用于另一项操作",
        "this Idempotency-Key was used with another body",
    ),
    "login-required": ("请先登录", "log in first"),
    "bad-token": ("令牌无效或已吊销", "the token is unknown or was revoked"),
    "role-not-allowed": ("{role} 不能做这件事", "{role} may not do this"),
    "not-your-window": (
        "窗口 {window} 不是您的，先开窗或接班",
        "window {window} is not yours; open it or take it over",
    ),
    "ticket-gone": (
        "{number} 已经不在这个窗口，看一眼它现在的状态",
        "{number} is not at this window any more; look at its state",
    ),
    "password-change-first": ("请先改密码", "change the password first"),
    "cross-site": ("请求来自别的网站，已拒绝", "the request comes from another site"),
    "bad-request": ("请求不对", "the request is not right"),
    "stopped": ("调度正在停机或重启，请稍后再试", "the dispatcher is stopping; try again soon"),
    "failed": ("服务器出错，已记录", "the server failed; it was noted"),
    "address-over": ("这个号票页已失效", "the page of this ticket is over"),
    "login-failed": ("工号或口令不对", "name or password is wrong"),
    "weak-password": ("新口令不够好", "the new password is not good enough"),
}

ACTIONS: Final[dict[str, str]] = {
    "complete": "办结",
    "hold": "挂起",
    "transfer": "转移",
    "note": "备注",
}
"""Actions that a console keeps while the server is away."""

_FALLBACK: Final[dict[str, Words]] = {
    "number": ("这个号", "the ticket"),
    "ticket": ("这个号", "the ticket"),
    "calls": ("", "enough"),
    "clerk": ("别人", "another clerk"),
    "wait_s": ("稍等几", "a few"),
    "problem": ("请核对", "check it"),
}


def sentence(words: Words, facts: Mapping[str, Any], language: Language) -> str:
    """Return the words in a language with the facts put in."""
    return words[_index(language)].format_map(_Facts(facts, language))


def noted_late(action: str, at: datetime) -> str:
    """Return the staff note of an action that was pressed while the server was away."""
    return f"{at:%H:%M:%S} 按下“{ACTIONS[action]}”，连接恢复后补报"


def language_of(accept: str | None) -> Language:
    """Return the better of the two languages for an ``Accept-Language`` header; Chinese if open."""
    best: tuple[float, Language] = (0.0, "zh")
    for part in (accept or "").split(","):
        tag, _, weight = part.strip().partition(";")
        language: Language | None = (
            "zh" if tag.lower().startswith("zh") else "en" if tag.lower().startswith("en") else None
        )
        quality = _quality(weight)
        if language is not None and quality > best[0]:
            best = (quality, language)
    return best[1]


def call_reason(reason: CallReason, plan: HallPlan, language: Language) -> str:
    """Say why this ticket was called, for the clerk, the citizen and the auditor.

    E047 已等 14:05，目标 10:00（141 %），先于 E051 预约（113 %）
    """
    zh = language == "zh"
    if not reason.candidates:
        return "这是本窗口挂起的号" if zh else "it was on hold at this window"
    chosen, *others = reason.candidates
    waited, target = _clock(chosen.waited_s), _clock(chosen.target_s)
    known = plan.class_by_id.get(chosen.class_)
    more_zh = more_en = ""
    if known is not None and known.head_start_s:
        start = _clock(known.head_start_s)
        more_zh = f"，{known.name.zh}多算 {start}"
        more_en = f" and {start} for {known.name.en or known.name.zh}"
    text = (
        f"{chosen.number} 已等 {waited}{more_zh}，目标 {target}（{_percent(chosen)}）"
        if zh
        else f"{chosen.number} waited {waited}{more_en} of {target} ({_percent(chosen)})"
    )
    if others:
        text += _ahead_of(others[0], plan, language)
    return text + _RULES[reason.rule][_index(language)]


def _ahead_of(rival: Candidate, plan: HallPlan, language: Language) -> str:
    """Name the most urgent head that had to wait, with its class unless that is the usual one."""
    known = plan.class_by_id.get(rival.class_)
    if language == "zh":
        name = f" {known.name.zh}" if known and rival.class_ != REGULAR else ""
        return f"，先于 {rival.number}{name}（{_percent(rival)}）"
    name = f" {known.name.en or known.name.zh}" if known and rival.class_ != REGULAR else ""
    return f", ahead of {rival.number}{name} ({_percent(rival)})"


_RULES: Final[dict[str, Words]] = {
    "most-urgent": ("", ""),
    "held": ("", ""),
    "help": ("；本窗口自己的队列没有人等", "; nobody waits for this window's own work"),
    "spill-over": (
        "；已超过协助线，由本窗口协助",
        "; past its spill-over line, so we help",
    ),
    "class-limit": ("；优先号已连叫满，轮到普通号", "; the run of privileged calls is full"),
}


def _percent(candidate: Candidate) -> str:
    return f"{candidate.urgency * 100:.0f} %"


def _clock(seconds: float) -> str:
    minutes, left = divmod(int(seconds), 60)
    return f"{minutes:02d}:{left:02d}"


def _index(language: Language) -> int:
    return 0 if language == "zh" else 1


def _quality(weight: str) -> float:
    name, _, value = weight.strip().partition("=")
    if name != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0


class _Facts(dict[str, Any]):
    """Facts with a word for those that a refusal did not give."""

    def __init__(self, facts: Mapping[str, Any], language: Language) -> None:
        super().__init__(facts)
        self._language = language

    def __missing__(self, key: str) -> str:
        return _FALLBACK.get(key, ("", ""))[_index(self._language)]
