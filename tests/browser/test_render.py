"""The pages as strings: every state, what is missing, what is escaped."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from paihao_hall.contract import WindowMode
from paihao_hall.plan import Text
from paihao_server.web.pages import render, words
from paihao_server.web.pages import views as v
from tests.browser import fixtures

STATES: tuple[WindowMode, ...] = ("closed", "idle", "called", "serving", "paused")
EVIL = "<script>alert('1')</script>&\""


def main(state: WindowMode) -> v.Main:
    return fixtures.main(state, fixtures.at(fixtures.CLOCKS[state]), 47)


def called() -> v.CalledMain:
    page = main("called")
    assert isinstance(page, v.CalledMain)
    return page


def serving() -> v.ServingMain:
    page = main("serving")
    assert isinstance(page, v.ServingMain)
    return page


@pytest.mark.parametrize(
    ("state", "copy"),
    [
        ("closed", ("开窗", "还没开", "谁在等")),
        ("idle", ("叫下一位", "谁在等", "我的今天", "过号可找回", "刚办完", "17 人")),
        (
            "called",
            (
                "开始办理", "重呼", "过号", "第 2 次呼叫，共 3 次", "18</span> 秒后可用",
                "过号不作废：30 分钟内回来，凭号票找回，排到第 3 位之后。",
                "E047 已等 14:05，目标 10:00（141 %），先于 E051 预约（113 %）。",
            ),
        ),
        ("serving", ("办结", "办结并叫下一位", "转移", "挂起", "退回队列", "06:42", "王＊＊")),
        ("paused", ("已暂停", "预计恢复", "恢复服务", "交班给 B 岗", "下班关窗", "12:35")),
    ],
)  # fmt: skip
def test_every_state_says_its_final_copy(state: WindowMode, copy: tuple[str, ...]) -> None:
    page = render.console(fixtures.console(state))
    assert [words for words in copy if words not in page] == []
    assert f'data-state="{state}"' in page


def test_the_seven_outcomes_stand_in_the_order_of_their_keys() -> None:
    page = render.region(serving())
    places = [page.index(word) for word in words.OUTCOMES.values()]
    assert places == sorted(places)
    assert len(places) == 7


def test_names_from_the_hall_and_from_people_are_escaped() -> None:
    ticket = replace(
        fixtures.ticket(), service=EVIL, holder=EVIL, needs=(EVIL,), source=EVIL, variant=EVIL,
        notes=(v.Note(at=fixtures.at("11:31"), staff=EVIL, text=EVIL),),
        papers=(v.Paper(name=EVIL, problem=EVIL),),
    )  # fmt: skip
    pages = (
        render.region(replace(serving(), ticket=ticket)),
        render.region(replace(called(), ticket=ticket, reason=EVIL)),
        render.console(fixtures.console("idle", staff=EVIL, support=EVIL)),
        render.login(fixtures.login(staff=EVIL, hall=EVIL, next='"><script>')),
        render.phone(fixtures.phone(ticket={"service": Text(EVIL, EVIL), "windows": EVIL})),
        render.plain(EVIL, EVIL, EVIL),
    )
    for page in pages:
        assert "<script>alert" not in page
        assert '"><script>' not in page


def test_nobody_waiting_is_said_and_the_key_stays() -> None:
    now = fixtures.at("09:00")
    empty = tuple(
        replace(
            queue,
            oldest_at=None,
            counts=tuple(replace(count, waiting=0) for count in queue.counts),
        )
        for queue in fixtures.queues(now)
    )
    idle = render.region(v.IdleMain(seq=1, at=now, since=now, queues=empty))
    assert "现在没有人等" in idle
    assert "disabled" not in idle
    assert "没有人等" in render.region(v.Waiting(seq=1, at=now, queues=empty, wide=True))


def test_a_window_without_queues_is_drawn() -> None:
    now = fixtures.at("09:00")
    assert "合计" in render.region(v.Waiting(seq=1, at=now, queues=(), wide=True))
    assert "现在没有人等" in render.region(v.IdleMain(seq=1, at=now, since=now, queues=()))


def test_figures_the_hall_does_not_have_are_left_out() -> None:
    side = fixtures.side("idle", fixtures.at("11:51:57"), 47)
    page = render.region(
        replace(side, day=replace(side.day, rated=None, satisfied_percent=None, mean_s=None))
    )
    assert "已评价" not in page
    assert "满意以上" not in page
    assert "<dd>–</dd><dt>平均办理</dt>" in page
    ticket = replace(fixtures.ticket(), holder="", papers=(), papers_by="", notes=(), source="")
    bare = render.region(replace(serving(), ticket=ticket))
    assert "办事人</dt>" not in bare
    assert "没有登记要带的材料" in bare


def test_papers_nobody_checked_carry_no_tick() -> None:
    papers = (v.Paper(name="身份证"), v.Paper(name="申请书"))
    page = render.region(
        replace(serving(), ticket=replace(fixtures.ticket(), papers=papers, papers_by=""))
    )
    assert "办这个事项要带的" in page
    assert "材料 2 样" in page
    assert "i-check good" not in page
    assert page.count("#i-check") == 1  # 现在还能做


def test_recall_and_missed_open_at_their_time() -> None:
    before = called()
    assert 'data-action="recall" data-ready' in render.region(before)
    now = before.at + timedelta(seconds=30)
    free = replace(before, at=now, recall_at=now, missed_at=now)
    assert "disabled" not in render.region(free)
    used_up = replace(before, recall_at=None)
    assert "已呼满 3 次" in render.region(used_up)


def test_the_missed_rule_follows_the_policy() -> None:
    assert "排到队尾" in render.missed_rule(replace(called(), back_n=None))
    assert render.missed_rule(replace(called(), void=True)) == "过号即作废，要重新取号。"


def test_a_held_ticket_is_taken_up_again_from_idle() -> None:
    side = fixtures.side("idle", fixtures.at("11:51:57"), 47)
    held = v.BackRow(number="E040", kind="held", until=None)
    assert "接着办" in render.region(replace(side, back=(held,)))
    assert "接着办" not in render.region(replace(side, back=(held,), state="serving"))


def test_a_pause_over_its_time_says_so() -> None:
    page = main("paused")
    assert isinstance(page, v.PausedMain)
    over = replace(page, until=page.at - timedelta(minutes=3))
    assert 'data-over="yes"' in render.region(over)
    assert "未定" in render.region(replace(page, until=None))


@pytest.mark.parametrize(
    ("waited_s", "level"), [(0, "ok"), (479, "ok"), (480, "near"), (600, "near"), (601, "over")]
)
def test_levels_follow_the_target(waited_s: int, level: v.Level) -> None:
    assert render.level(waited_s, 600) == level


@pytest.mark.parametrize(
    ("seconds", "style", "text"),
    [
        (402, "mm:ss", "06:42"), (21, "m:ss", "0:21"), (3725, "mm:ss", "1:02:05"),
        (721, "min", "13"), (17.2, "s", "18"), (0, "m:ss", "0:00"),
    ],
)  # fmt: skip
def test_durations(seconds: float, style: str, text: str) -> None:
    assert render.lasting(seconds, style) == text


@pytest.mark.parametrize(
    ("wait_s", "text"),
    [((480, 840), "8–14"), ((60, 70), "1–2"), ((0, 0), "1–2"), ((29, 130), "1–3")],
)
def test_waits_are_ranges_of_minutes(wait_s: tuple[int, int], text: str) -> None:
    assert render.minutes_range(wait_s) == text


def test_a_patch_names_its_region_and_carries_its_number() -> None:
    patch = render.patch(main("idle"))
    data = json.loads(patch.data)
    assert (patch.event, data["seq"]) == ("main", 47)
    assert "叫下一位" in data["html"]
    assert b"\n" not in patch.data
    names = {
        render.patch(view).event
        for view in (
            fixtures.header("idle", fixtures.at("11:51:57"), 1),
            *(main(state) for state in STATES),
            fixtures.side("idle", fixtures.at("11:51:57"), 1),
            v.Keys(seq=1, at=fixtures.at("11:51:57"), state="idle"),
            fixtures.phone_ticket("waiting"),
        )
    }
    assert names == {"header", "main", "side", "keys", "ticket"}


def test_the_login_page_says_who_is_there_and_what_went_wrong() -> None:
    page = render.login(fixtures.login(problem="wrong", tries_left=3))
    assert "3E03 现由 张＊ 登录，没有在办的号。" in page
    assert "工号或密码不对，还可试 3 次" in page
    locked = render.login(fixtures.login(problem="locked", locked_until=fixtures.at("12:10")))
    assert "12:10 后再试" in locked


def test_a_device_without_a_window_chooses_one() -> None:
    here = fixtures.login().window
    assert here is not None
    page = render.login(fixtures.login(window=None, choices=(here,)))
    assert '<option value="3E03">' in page
    assert "3 层 商事登记区" in page
    plain = render.login(fixtures.login(window=None))
    assert "<select" not in plain


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("waiting", ("前面 5 人", "5 ahead", "约 8–14 分钟", "about 8–14 min", "取消排队")),
        ("called", ("叫到您了", "It is your turn", "请到窗口", "Please go to window 3E03")),
        ("serving", ("正在办理", "Being served")),
        ("missed", ("已过号", "12:25 前找导办")),
        ("held", ("先挂起了",)),
        ("done", ("已办完，谢谢",)),
        ("void", ("这个号已作废",)),
    ],
)
def test_the_phone_says_where_the_number_is(state: v.PhoneState, words: tuple[str, ...]) -> None:
    page = render.phone(fixtures.phone(state))
    assert [word for word in words if word not in page] == []
    assert ("取消排队" in page) == (state in ("waiting", "missed", "held"))


def test_the_phone_is_honest_when_nobody_can_say() -> None:
    page = render.phone(fixtures.phone(ticket={"wait_s": None, "ahead": None}))
    assert "现在算不出时间" in page
    assert "Cannot estimate now" in page
    assert "人数暂缺" in page


def test_the_phone_page_has_no_name_in_title_or_address() -> None:
    page = render.phone(fixtures.phone())
    assert "<title>E047</title>" in page
    assert "王" not in page


def test_windows_with_plain_numbers_are_said_as_numbers() -> None:
    page = render.phone(fixtures.phone(ticket={"windows": "12"}))
    assert "，12 号窗口" in page
    assert ", window 12" in page
    assert "，3E01–3E09 窗口" in render.phone(fixtures.phone())


def test_held_tickets_are_named_beside_missed_ones() -> None:
    side = fixtures.side("serving", fixtures.at("11:51:57"), 47)
    held = v.BackRow(number="E040", kind="held", until=None)
    assert "挂起和过号可找回" in render.region(replace(side, back=(held,)))
    assert "过号可找回" not in render.region(side)
