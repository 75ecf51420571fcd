"""The console as a value: what each state of a window shows."""

from datetime import timedelta

import msgspec

from paihao_hall import commands as c
from paihao_hall.events import CallReason, Candidate
from paihao_hall.plan import Device, HallPlan, MissedPolicy, Text
from paihao_server.web import words
from paihao_server.web.console import Regions, console_view, regions
from paihao_server.web.pages import views
from paihao_server.web.stories import Stories
from tests.hall.builders import Day, a_plan

NAMES = {"clerk-w1": "李敏", "E7": "周倩"}


def console(day: Day, window: str = "w1") -> Regions:
    """Return the regions of a window after all that happened."""
    stories = Stories()
    stories.take(day.records)
    return regions(day.hall, stories, window, f"clerk-{window}", day.now, NAMES)


def with_devices(plan: HallPlan) -> HallPlan:
    devices = (
        Device(id="B1", kind="board", zones=("Z",)),
        Device(id="S1", kind="speaker"),
        Device(id="w1", kind="window"),
        Device(id="w2", kind="window"),
        Device(id="B2", kind="board", zones=("elsewhere",)),
        Device(id="K2", kind="kiosk", floor="3", name=Text("2 号自助机")),
    )
    return msgspec.structs.replace(plan, devices=devices)


def test_a_closed_window_says_so() -> None:
    shown = console(Day())
    assert isinstance(shown.main, views.ClosedMain)
    assert shown.waiting.wide
    assert shown.header.number == "1"


def test_an_idle_window_shows_who_waits_by_class_and_for_how_long() -> None:
    day = Day().open("w1", "w2")
    day.take()
    day.after(minutes=4)
    day.take(class_="green")
    shown = console(day.after(minutes=1))
    (row,) = shown.waiting.queues
    assert isinstance(shown.main, views.IdleMain)
    assert [(count.id, count.waiting) for count in row.counts] == [("regular", 1), ("green", 1)]
    assert row.oldest_at is not None
    assert row.oldest_at.strftime("%H:%M %z") == "09:00 +0800"
    assert (row.open_windows, row.windows) == (2, 4)


def test_a_call_shows_its_countdown_and_its_reason() -> None:
    day = Day(a_plan(missed=MissedPolicy(calls=2, interval_s=30))).open("w1")
    day.take()
    day.after(minutes=14, seconds=5)
    day.take()
    day.call("w1")
    main = console(day).main
    assert isinstance(main, views.CalledMain)
    assert main.reason == "A001 已等 14:05，目标 10:00（141 %）"
    assert main.recall_at == main.calls[0] + timedelta(seconds=30)
    assert main.missed_at is None
    day.after(seconds=30).do(c.Recall, window="w1")
    main = console(day).main
    assert isinstance(main, views.CalledMain)
    assert len(main.calls) == 2
    assert main.recall_at is None
    assert main.missed_at == main.calls[1] + timedelta(seconds=30)


def test_a_ticket_called_again_after_its_return_counts_only_the_new_calls() -> None:
    day = Day().open("w1")
    day.take()
    day.call("w1")
    day.do(c.Return, window="w1")
    day.after(minutes=1).call("w1")
    main = console(day).main
    assert isinstance(main, views.CalledMain)
    assert [at.strftime("%H:%M") for at in main.calls] == ["09:01"]


def test_receipts_wait_for_every_device_that_tells_the_call() -> None:
    day = Day(with_devices(a_plan())).open("w1")
    day.take()
    ticket = day.call("w1")
    assert ticket is not None
    for device, what in (("B1", "shown"), ("w1", "shown")):
        day.do(c.RecordAck, ticket=ticket.id, what=what, device=device, seq=ticket.call_seq)
    main = console(day).main
    assert isinstance(main, views.CalledMain)
    assert [(r.kind, r.done) for r in main.receipts] == [
        ("board", True), ("speaker", False), ("window", True),
    ]  # fmt: skip
    assert main.receipts[0].due_at == main.calls[0] + timedelta(seconds=2)


def test_a_receipt_of_the_call_before_does_not_count() -> None:
    day = Day(with_devices(a_plan())).open("w1")
    day.take()
    ticket = day.call("w1")
    assert ticket is not None
    day.do(c.RecordAck, ticket=ticket.id, what="shown", device="B1", seq=ticket.call_seq)
    day.after(seconds=31).do(c.Recall, window="w1")
    main = console(day).main
    assert isinstance(main, views.CalledMain)
    assert not main.receipts[0].done


def test_a_visit_shows_where_the_ticket_was_taken_and_whose_notes_it_has() -> None:
    day = Day(with_devices(a_plan())).open("w1")
    day.do(c.IssueTicket, actor="kiosk:K2", service="sA", class_="regular", ticket="t1", token="k1")
    day.after(minutes=2).call("w1")
    day.do(c.Start, window="w1")
    day.do(c.AddNote, window="w1", text="材料齐", actor="clerk:E7")
    main = console(day).main
    assert isinstance(main, views.ServingMain)
    assert main.ticket.source == "3 层 2 号自助机"
    assert main.ticket.waited_s == 120
    assert [(n.staff, n.text) for n in main.ticket.notes] == [("周倩", "材料齐")]
    assert main.usual_s == 300


def test_a_pause_shows_its_end_and_the_pauses_of_the_day() -> None:
    day = Day(with_devices(a_plan())).open("w1")
    day.do(c.PauseWindow, window="w1", reason="toilet")
    day.after(minutes=6).do(c.ResumeWindow, window="w1")
    day.after(minutes=60)
    day.do(c.PauseWindow, window="w1", reason="toilet")
    day.do(c.PauseWindow, window="w1", reason="lunch", until=day.now + timedelta(minutes=30))
    shown = console(day)
    assert isinstance(shown.main, views.PausedMain)
    assert shown.main.strip == "暂停服务 10:36"
    first, second = shown.side.pauses
    assert first.end is not None
    assert (first.end - first.start, first.reason) == (timedelta(minutes=6), "toilet")
    assert (second.end, second.reason) == (None, "lunch")


def test_the_side_shows_the_day_and_who_may_come_back() -> None:
    day = Day(a_plan(missed=MissedPolicy(calls=1, interval_s=0, grace_s=600))).open("w1", "w9")
    for _ in range(3):
        day.take()
    day.call("w1")
    day.do(c.Miss, window="w1")
    day.call("w1")
    day.do(c.Start, window="w1")
    day.do(c.Hold, window="w1")
    day.call("w1")
    day.do(c.Start, window="w1")
    day.after(minutes=3).do(c.Complete, window="w1", outcome="accepted")
    side = console(day).side
    assert (side.day.called, side.day.completed, side.day.missed) == (3, 1, 1)
    assert side.day.mean_s == 180
    assert [(row.number, row.kind) for row in side.back] == [("A002", "held"), ("A001", "missed")]
    assert [(row.number, row.outcome, row.served_s) for row in side.done] == [
        ("A003", "accepted", 180)
    ]
    late = console(day.after(minutes=8)).side
    assert [row.number for row in late.back] == ["A002"], "the grace is over"
    day.do(c.BringBack, window="w1", ticket=day.hall.tickets[side_ticket(day, "A002")].id)
    assert console(day).side.back == ()


def side_ticket(day: Day, number: str) -> str:
    return next(t.id for t in day.hall.tickets.values() if t.number == number)


def test_the_page_names_its_streams_and_proposes_the_end_of_lunch() -> None:
    day = Day().open("w1")
    page = console_view(day.hall, Stories(), "w1", "clerk-w1", day.now, NAMES, "分机 8021")
    assert (page.staff, page.staff_number, page.support) == ("李敏", "clerk-w1", "分机 8021")
    assert page.stream_url == "/console/w1/stream"
    assert page.lunch_ends == "13:00"


def candidate(
    number: str, class_: str, waited_s: float, urgency: float, tier: int = 1
) -> Candidate:
    return Candidate(number, number, "A", class_, tier, waited_s, 600, urgency)


def test_the_reason_of_a_call_is_a_sentence() -> None:
    reason = CallReason(
        "most-urgent",
        (candidate("E047", "regular", 845, 1.408), candidate("E051", "green", 78, 1.13)),
    )
    plan = a_plan()
    assert words.call_reason(reason, plan, "zh") == (
        "E047 已等 14:05，目标 10:00（141 %），先于 E051 绿色通道（113 %）"
    )
    assert words.call_reason(reason, plan, "en") == (
        "E047 waited 14:05 of 10:00 (141 %), ahead of E051 绿色通道 (113 %)"
    )


def test_a_head_start_is_part_of_the_reason() -> None:
    reason = CallReason("most-urgent", (candidate("C015", "green", 3, 1.005),))
    assert words.call_reason(reason, a_plan(), "zh") == (
        "C015 已等 00:03，绿色通道多算 10:00，目标 10:00（100 %）"
    )
    assert words.call_reason(reason, a_plan(), "en") == (
        "C015 waited 00:03 and 10:00 for 绿色通道 of 10:00 (100 %)"
    )


def test_every_rule_says_why() -> None:
    plan = a_plan()
    heads = (candidate("E047", "regular", 845, 1.408, tier=2),)
    assert words.call_reason(CallReason("help", heads), plan, "zh").endswith("没有人等")
    assert "协助线" in words.call_reason(CallReason("spill-over", heads), plan, "zh")
    assert "轮到普通号" in words.call_reason(CallReason("class-limit", heads), plan, "zh")
    assert words.call_reason(CallReason("held"), plan, "en") == "it was on hold at this window"
