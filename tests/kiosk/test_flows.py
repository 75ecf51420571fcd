"""What a citizen does at a kiosk, touch by touch, and what the kiosk does about it."""

from dataclasses import replace
from datetime import UTC, datetime

import msgspec
import pytest

from paihao_hall.contract import KioskReply, KioskRequest
from paihao_kiosk.pages import (
    Confirm,
    Home,
    Message,
    Page,
    Printed,
    Search,
    Services,
    Unsure,
)
from paihao_kiosk.react import react
from paihao_kiosk.screens import screen
from paihao_kiosk.state import (
    Acknowledge,
    Ask,
    BoardCame,
    Down,
    Effect,
    Heard,
    Moment,
    PlanCame,
    Print,
    PrintEnded,
    PrinterIs,
    Replied,
    State,
    Tick,
    Typed,
    Up,
)
from paihao_kiosk.words import Language
from tests.kiosk.fixtures import PLAN, board, kiosk, line, moment, reply, run, ticket


class Citizen:
    """Touches a kiosk; time goes on by two seconds with each touch."""

    def __init__(self, state: State | None = None) -> None:
        self.state = state or kiosk()
        self.at = 0.0
        self.touches = 0
        self.effects: list[Effect] = []

    def touch(self, target: str, *, after: float = 2.0) -> "Citizen":
        """Press and release a target that is on the screen and can be pressed."""
        self.at += after
        shown = screen(self.state, moment(self.at)).target(target)
        held = target if shown.enabled else None
        self.give(Down(held), Up(held, f"press-{self.touches}"))
        self.touches += 1
        return self

    def give(self, *inputs: object) -> "Citizen":
        """Let something else happen now."""
        self.state, effects = run(self.state, *inputs, at=self.at)  # type: ignore[arg-type]
        self.effects += effects
        return self

    def wait(self, seconds: float) -> "Citizen":
        """Let time go on."""
        self.at += seconds
        return self.give(Tick())

    def page(self) -> Page:
        """Where the citizen is."""
        return self.state.page

    def language(self) -> Language:
        """The language on the screen."""
        return self.state.language

    def asked(self) -> list[KioskRequest]:
        """All requests that were sent."""
        return [effect.request for effect in self.effects if isinstance(effect, Ask)]

    def printed(self) -> list[tuple[str, int]]:
        """All slips that were handed to the printer."""
        return [(e.ticket.number, e.copy) for e in self.effects if isinstance(e, Print)]

    def told(self) -> list[str]:
        """What the dispatcher was told about slips."""
        return [e.what for e in self.effects if isinstance(e, Acknowledge)]


def at_confirm() -> Citizen:
    return Citizen().touch("zone:B").touch("service:B01")


def waiting() -> Citizen:
    return at_confirm().touch("take")


def test_three_touches_from_the_first_page_to_the_number() -> None:
    citizen = Citizen().touch("zone:B").touch("service:B01").touch("take")
    assert citizen.touches == 3
    assert citizen.asked() == [KioskRequest(id="press-2", service="B01", class_="regular")]
    citizen.give(Replied(reply("press-2")))
    assert citizen.printed() == [("B146", 0)]
    assert isinstance(citizen.page(), Confirm)  # Not before the slip is out.
    citizen.give(PrintEnded("t-146", 0, "printed"))
    assert citizen.page() == Printed(ticket())
    assert citizen.told() == ["printed"]


def test_the_class_that_is_chosen_is_asked_for() -> None:
    citizen = at_confirm().touch("class:green").touch("take")
    assert citizen.asked()[0].class_ == "green"


def test_a_double_touch_is_one_ticket() -> None:
    citizen = at_confirm().touch("take").touch("take", after=0.2)
    assert len(citizen.asked()) == 1
    citizen.touch("take", after=3)
    assert len(citizen.asked()) == 1


def test_a_second_touch_on_a_row_does_not_choose_on_the_next_page() -> None:
    citizen = Citizen().touch("zone:B")
    citizen.at += 0.3
    citizen.give(Down("service:B01"), Up("service:B01", "x"))
    assert citizen.page() == Services("B")


def test_typing_is_as_quick_as_fingers_are() -> None:
    citizen = Citizen().touch("search")
    citizen.at += 1
    for letter in "bdc":
        citizen.touch(f"key:{letter}", after=0.1)
    assert citizen.page() == Search("bdc")


def test_a_finger_that_slips_off_does_nothing() -> None:
    citizen = Citizen()
    citizen.give(Down("zone:B"), Up("zone:C", "x"))
    assert citizen.page() == Home()
    citizen.give(Down("zone:B"), Up(None, "x"))
    assert citizen.page() == Home()


def test_a_long_press_is_a_press() -> None:
    citizen = Citizen()
    citizen.give(Down("zone:B"))
    assert citizen.state.pressed == "zone:B"
    citizen.at += 9
    citizen.give(Up("zone:B", "x"))
    assert citizen.page() == Services("B")


def test_back_leads_the_way_one_came() -> None:
    citizen = at_confirm().touch("back")
    assert citizen.page() == Services("B")
    citizen.touch("back")
    assert citizen.page() == Home()


def test_pages_and_tabs_are_kept_on_the_way_back() -> None:
    citizen = Citizen().touch("zone:B").touch("tab:房屋交易").touch("service:B05").touch("back")
    assert citizen.page() == Services("B", tab="房屋交易")


def test_a_slow_answer_is_asked_for_again_under_the_same_id() -> None:
    citizen = waiting()
    for _ in range(4):
        citizen.wait(2)
    assert {request.id for request in citizen.asked()} == {"press-2"}
    assert len(citizen.asked()) == 5
    citizen.give(Replied(reply("press-2")))
    assert citizen.printed() == [("B146", 0)]


def test_after_ten_seconds_the_citizen_is_told_and_a_late_answer_is_still_printed() -> None:
    citizen = waiting().wait(10)
    assert citizen.page() == Message("no-answer", "B01")
    citizen.wait(5).give(Replied(reply("press-2")), PrintEnded("t-146", 0, "printed"))
    assert citizen.printed() == [("B146", 0)]
    assert citizen.page() == Printed(ticket())


def test_a_late_answer_is_asked_for_again_until_it_comes_or_nobody_waits_any_more() -> None:
    citizen = waiting().wait(10)
    told = len(citizen.asked())
    citizen.wait(6).wait(6)
    assert {request.id for request in citizen.asked()} == {"press-2"}
    assert len(citizen.asked()) == told + 2
    citizen.give(Heard(online=False)).wait(6).give(Heard(online=True))
    assert len(citizen.asked()) == told + 2
    citizen.wait(600).wait(6)
    assert len(citizen.asked()) == told + 2
    assert not citizen.state.late


def test_a_late_answer_does_not_take_the_screen_from_the_next_citizen() -> None:
    citizen = waiting().wait(10).touch("home:main").touch("zone:C")
    citizen.give(Replied(reply("press-2")), PrintEnded("t-146", 0, "printed"))
    assert citizen.page() == Services("C")
    assert citizen.printed() == [("B146", 0)]
    assert citizen.told() == ["printed"]


def test_an_answer_that_comes_twice_is_one_slip() -> None:
    citizen = waiting().give(Replied(reply("press-2")), Replied(reply("press-2")))
    citizen.give(PrintEnded("t-146", 0, "printed"), Replied(reply("press-2")))
    assert citizen.printed() == [("B146", 0)]


def test_answers_for_others_are_not_ours() -> None:
    citizen = waiting().give(Replied(reply("somebody-else")))
    assert citizen.printed() == []


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("queue-closed", "service-closed"),
        ("queue-full", "service-full"),
        ("unknown-service", "not-known"),
        ("unknown-class", "not-known"),
        ("hall-closed", "hall-closed"),
        ("something-new", "refused"),
    ],
)
def test_a_refusal_is_said_in_words(code: str, kind: str) -> None:
    citizen = waiting().give(Replied(KioskReply(id="press-2", ok=False, seq=1, error=code)))
    assert citizen.page() == Message(kind, "B01")  # type: ignore[arg-type]
    assert not citizen.state.busy
    citizen.touch("home:main")
    assert citizen.page() == Home()


def test_a_failed_print_shows_the_number_and_prints_a_marked_copy_on_demand() -> None:
    citizen = waiting().give(Replied(reply("press-2")))
    citizen.give(PrinterIs("paper-out"), PrintEnded("t-146", 0, "not_printed"))
    assert citizen.page() == Unsure(ticket(), "not_printed")
    assert citizen.told() == ["not_printed"]
    assert not screen(citizen.state, moment(citizen.at)).target("print-again").enabled
    citizen.give(PrinterIs("ready")).touch("print-again")
    assert citizen.printed() == [("B146", 0), ("B146", 1)]
    citizen.give(PrintEnded("t-146", 1, "printed"))
    assert citizen.page() == Printed(ticket())
    assert len(citizen.asked()) == 1  # Never a new number.


def test_a_silent_printer_is_unsure_after_ten_seconds_and_may_still_report() -> None:
    citizen = waiting().give(Replied(reply("press-2")))
    citizen.wait(9)
    assert isinstance(citizen.page(), Confirm)
    citizen.wait(1)
    assert citizen.page() == Unsure(ticket(), "unsure")
    citizen.wait(4).give(PrintEnded("t-146", 0, "printed"))
    assert citizen.page() == Printed(ticket())
    assert citizen.told() == ["unsure", "printed"]


def test_the_whole_way_in_english() -> None:
    citizen = Citizen().touch("language").touch("zone:C").touch("service:C01").touch("take")
    shown = screen(citizen.state, moment(citizen.at))
    assert shown.says("Passport and permits")
    assert shown.says("Printing...")
    answer = reply("press-3", service="C01", queue="C", zone="C", number="C034")
    citizen.give(Replied(answer), PrintEnded("t-146", 0, "printed"))
    shown = screen(citizen.state, moment(citizen.at))
    for words in ("Your number", "C034", "23 ahead", "Take your ticket", "Floor 1"):
        assert shown.says(words), words
    citizen.touch("done")
    assert citizen.language() == "zh"


def test_the_language_can_be_changed_on_every_page() -> None:
    citizen = at_confirm().touch("language")
    assert citizen.language() == "en"
    assert isinstance(citizen.page(), Confirm)
    citizen.touch("language")
    assert citizen.language() == "zh"


def test_when_the_dispatcher_is_lost_no_number_is_asked_for_and_it_heals_by_itself() -> None:
    citizen = at_confirm().give(Heard(online=False))
    citizen.touch("take")
    assert citizen.asked() == []
    citizen.give(Heard(online=True)).touch("take")
    assert len(citizen.asked()) == 1


def test_figures_follow_the_boards_while_one_looks() -> None:
    citizen = at_confirm().give(BoardCame(board("B", 30, line("B", 5, 3, 6))))
    assert screen(citizen.state, moment(citizen.at)).says("5 人")


def test_after_a_minute_without_a_touch_the_first_page_comes_back_in_chinese() -> None:
    citizen = Citizen().touch("language").touch("zone:B").wait(59)
    assert citizen.page() == Services("B")
    citizen.wait(1)
    assert citizen.page() == Home()
    assert citizen.language() == "zh"
    assert citizen.state.trail == ()


def test_a_printed_ticket_leaves_the_screen_after_twenty_seconds() -> None:
    citizen = waiting().give(Replied(reply("press-2")), PrintEnded("t-146", 0, "printed"))
    citizen.wait(19)
    assert screen(citizen.state, moment(citizen.at)).says("1 秒后回首页")
    citizen.wait(1)
    assert citizen.page() == Home()


def test_a_number_without_paper_stays_for_a_minute() -> None:
    citizen = waiting().give(Replied(reply("press-2")), PrintEnded("t-146", 0, "unsure"))
    citizen.wait(59)
    assert isinstance(citizen.page(), Unsure)
    citizen.wait(1)
    assert citizen.page() == Home()


def test_the_screen_is_not_wiped_while_a_number_is_on_its_way() -> None:
    citizen = waiting()
    citizen.state = replace(citizen.state, touched_at=moment(-100).at)
    citizen.wait(1)
    assert isinstance(citizen.page(), Confirm)


@pytest.mark.parametrize(
    ("service", "page"),
    [
        ("B05", Confirm("B05")),
        ("B06", Message("service-full", "B06")),
        ("B07", Message("service-closed", "B07")),
    ],
)
def test_every_service_can_be_touched_and_explains_itself(service: str, page: object) -> None:
    assert Citizen().touch("zone:B").touch(f"service:{service}").page() == page


def test_a_full_service_offers_the_consult_number() -> None:
    citizen = Citizen().touch("zone:B").touch("service:B06").touch("role:consult")
    assert citizen.page() == Confirm("X01")
    citizen.touch("take")
    assert citizen.asked()[0].service == "X01"


def test_ask_first_on_the_first_page_leads_to_the_consult_number() -> None:
    assert Citizen().touch("role:consult").page() == Confirm("X01")


def test_collecting_lists_what_can_be_collected() -> None:
    citizen = Citizen().touch("role:collect")
    assert citizen.page() == Confirm("B04")


def test_help_and_the_modes_to_come_say_who_helps() -> None:
    for button in ("help", "big-text", "seated", "my-ticket"):
        citizen = Citizen().touch(f"message:{button}")
        assert screen(citizen.state, moment(citizen.at)).says("总服务台"), button


def test_nothing_found_leads_to_a_consult_number() -> None:
    citizen = Citizen().touch("search")
    for letter in "zzz":
        citizen.touch(f"key:{letter}", after=0.2)
    assert screen(citizen.state, moment(citizen.at)).says("没有找到，先问一问")
    citizen.touch("role:consult")
    assert citizen.page() == Confirm("X01")


def test_search_by_initials_then_two_touches_to_the_number() -> None:
    citizen = Citizen().touch("search")
    for letter in "bdccx":
        citizen.touch(f"key:{letter}", after=0.2)
    citizen.touch("service:B03").touch("take")
    assert citizen.asked()[0].service == "B03"


def test_a_keyboard_that_is_plugged_in_searches_in_chinese() -> None:
    citizen = Citizen().give(Typed("护"), Typed("照"))
    assert citizen.page() == Search("护照")
    assert screen(citizen.state, moment(0)).target("service:C01").enabled
    citizen.give(Typed("\b"))
    assert citizen.page() == Search("护")


def test_the_keyboard_clears_hides_and_comes_back() -> None:
    citizen = Citizen().touch("search").touch("key:b").touch("key:wipe")
    assert citizen.page() == Search("")
    citizen.touch("key:all")
    assert citizen.page() == Search("", keyboard=False)
    citizen.touch("page:1").touch("key:field")
    assert citizen.page() == Search("")
    citizen.touch("key:digits").touch("key:1").touch("key:digits").touch("key:search")
    assert citizen.page() == Search("1", keyboard=False)


def test_after_the_last_hour_the_kiosk_says_until_when() -> None:
    evening = Moment(datetime(2026, 3, 20, 8, 31, tzinfo=UTC), 0.0)  # Friday 16:31
    home = screen(kiosk(), evening)
    assert home.says("周一 09:00 开")
    state, _ = react(replace(kiosk(), page=Services("B")), Down("service:B01"), evening)
    state, effects = react(state, Up("service:B01", "x"), evening)
    assert state.page == Message("hall-closed", "B01")
    assert effects == ()
    assert screen(state, evening).says("周一 09:00 再来取号")


def test_a_new_plan_that_drops_the_service_leads_home() -> None:
    citizen = at_confirm()
    fewer = tuple(service for service in PLAN.services if service.id != "B01")
    citizen.give(PlanCame(msgspec.structs.replace(PLAN, services=fewer, revision="r2")))
    assert citizen.page() == Home()


def test_the_same_plan_again_changes_nothing() -> None:
    citizen = at_confirm()
    before = citizen.state
    citizen.give(PlanCame(PLAN))
    assert citizen.state == before


def test_before_opening_numbers_are_given_and_the_true_start_is_told() -> None:
    early = Moment(datetime(2026, 3, 18, 0, 20, tzinfo=UTC), 0.0)  # 08:20
    waiting = replace(kiosk(), page=Confirm("C01"))
    waiting, _ = react(waiting, BoardCame(board("C", 3, line("C", 3, None))), early)
    assert screen(replace(waiting, page=Home()), early).says("09:00 开始叫号，现在可以先取号")
    shown = screen(waiting, early)
    assert shown.says("09:00 开始")
    assert shown.target("take").enabled
