"""Every screen of the kiosk keeps the rules: size, contrast, touch, nothing cut or on top."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import combinations
from typing import get_args

import msgspec
import pytest

from paihao_hall.plan import HallPlan
from paihao_kiosk.pages import (
    Confirm,
    Home,
    Message,
    MessageKind,
    Page,
    Printed,
    Search,
    Services,
    Unsure,
)
from paihao_kiosk.screens import screen
from paihao_kiosk.state import Moment, Pending, State
from paihao_kiosk.words import Language
from paihao_look import tokens
from paihao_look.picture import Box, Disc, Icon, Label, Qr, Rect, Screen
from paihao_look.typeset import ELLIPSIS
from tests.kiosk.fixtures import PLAN, board, kiosk, line, moment, ticket
from tests.kiosk.halls import SMALL, TALL

_ABOUT = {
    "no-answer": "B01",
    "hall-closed": "B01",
    "service-closed": "B07",
    "service-full": "B06",
    "refused": "B01",
}

PAGES: dict[str, Page] = {
    "home": Home(),
    "services": Services("B"),
    "services-last": Services("B", page=2),
    "services-tab": Services("B", tab="缴税"),
    "collect": Services(None, role="collect"),
    "search": Search("bdc"),
    "search-all": Search("", keyboard=False),
    "search-digits": Search("12", digits=True),
    "search-nothing": Search("zzz"),
    "confirm": Confirm("B01"),
    "confirm-bare": Confirm("E01", ticket_class="green"),
    "confirm-paused": Confirm("B05"),
    "printed": Printed(ticket()),
    "printed-unknown-wait": Printed(ticket(wait=None, number="BG1041")),
    "printed-upstairs": Printed(ticket(service="E01", queue="E", zone="E")),
    "unsure": Unsure(ticket(), "unsure"),
    **{f"message-{kind}": Message(kind, _ABOUT.get(kind)) for kind in get_args(MessageKind)},
}


def states() -> dict[str, State]:
    """Kiosks on every page, in both languages, and in the troubles they know."""
    found: dict[str, State] = {}
    for name, page in PAGES.items():
        for language in ("zh", "en"):
            spoken: Language = "zh" if language == "zh" else "en"
            found[f"{name}-{language}"] = replace(kiosk(), page=page, language=spoken)
    for name in ("home", "services", "search", "confirm"):
        for language in ("zh", "en"):
            found[f"{name}-{language}-offline"] = replace(found[f"{name}-{language}"], online=False)
    pending = Pending(request=None, asked_s=0, sent_s=0)  # type: ignore[arg-type]
    found["confirm-waiting"] = replace(found["confirm-zh"], pending=pending)
    found["unsure-no-paper"] = replace(found["unsure-zh"], printer="paper-out")
    found["home-no-paper"] = replace(found["home-zh"], printer="paper-out")
    found["home-pressed"] = replace(found["home-zh"], pressed="zone:B")
    for language in ("zh", "en"):
        spoken = "zh" if language == "zh" else "en"
        found[f"home-{language}-early"] = found[f"home-{language}"]
        found[f"confirm-{language}-early"] = replace(
            kiosk(boards=(board("C", 3, line("C", 3, None)),)), page=Confirm("C01"), language=spoken
        )
    found["nothing-known"] = State(kiosk="K1")
    for language in ("zh", "en"):
        spoken = "zh" if language == "zh" else "en"
        found[f"small-{language}"] = replace(kiosk(SMALL, ()), language=spoken)
        found[f"tall-{language}"] = replace(kiosk(TALL, ()), language=spoken)
        found[f"tall-2-{language}"] = replace(kiosk(TALL, ()), page=Home(1), language=spoken)
    found["tall-confirm"] = replace(kiosk(TALL, ()), page=Confirm("S0"))
    found["tall-printed"] = replace(
        kiosk(TALL, ()), page=Printed(ticket(service="S4", queue="Q4", zone="Z4"))
    )
    return found


STATES = states()


MOMENTS = {"early": Moment(datetime(2026, 3, 18, 0, 20, tzinfo=UTC), 0.0)}
"""Other times than 10:24; ``early`` is 08:20."""


@pytest.fixture(params=sorted(STATES))
def shown(request: pytest.FixtureRequest) -> Screen:
    """One screen after the other."""
    name = request.param
    return screen(STATES[name], MOMENTS.get(name.rsplit("-", 1)[-1], moment()))


def tight(label: Label) -> Rect:
    """The area that the ink of a line takes, without the air above and below."""
    size = max(run.size for run in label.runs)
    return Rect(label.left, label.baseline - round(size * 0.78), label.width, round(size * 0.86))


def ground(shown: Screen, label: Label) -> tuple[int, int, int]:
    """The colour that lies under a line of text."""
    x, y = tight(label).centre
    colour = shown.background
    for shape in shown.shapes:
        if shape is label:
            break
        if isinstance(shape, Box) and shape.fill is not None and shape.rect.holds(x, y):
            colour = shape.fill
        if isinstance(shape, Disc) and (x - shape.x) ** 2 + (y - shape.y) ** 2 < shape.radius**2:
            colour = shape.fill
    return colour


def test_no_text_is_smaller_than_32(shown: Screen) -> None:
    for label in shown.labels():
        for run in label.runs:
            assert run.size >= tokens.SMALL, label.text


def test_text_can_be_read_on_its_ground(shown: Screen) -> None:
    for label in shown.labels():
        for run in label.runs:
            if run.text.strip():
                assert tokens.contrast(run.colour, ground(shown, label)) >= 4.5, label.text


def test_no_line_leaves_its_room_its_card_or_the_screen(shown: Screen) -> None:
    cards = [shape.rect for shape in shown.shapes if isinstance(shape, Box) and shape.radius]
    for label in shown.labels():
        if label.room is not None:
            assert label.width <= label.room, label.text
        area = tight(label)
        assert area.x >= 0
        assert area.right <= 1080, label.text
        around = [card for card in cards if card.holds(*area.centre)]
        if around:
            card = around[-1]
            assert card.x <= area.x, label.text
            assert area.right <= card.right, label.text
            assert card.y <= area.y, label.text
            assert area.bottom <= card.bottom, label.text


def test_nothing_of_this_hall_is_cut_short(shown: Screen) -> None:
    for text in shown.texts():
        if text != "正在出票…" and text != "正在连接大厅系统…":
            assert ELLIPSIS not in text


def test_no_line_lies_on_another(shown: Screen) -> None:
    for one, other in combinations(shown.labels(), 2):
        a, b = tight(one), tight(other)
        apart = a.right <= b.x or b.right <= a.x or a.bottom <= b.y or b.bottom <= a.y
        assert apart, f"{one.text!r} and {other.text!r}"


def test_touch_targets_are_high_enough_and_apart(shown: Screen) -> None:
    for target in shown.targets:
        assert target.rect.h >= tokens.TOUCH_HIGH, target.id
        assert target.rect.x >= 0
        assert target.rect.right <= 1080
        assert target.rect.bottom <= 1920
        assert target.label
    for one, other in combinations(shown.targets, 2):
        if {one.id, other.id} == {"key:field", "key:wipe"}:
            continue  # The cross lies inside the field it clears.
        a, b = one.rect, other.rect
        apart = a.right <= b.x or b.right <= a.x or a.bottom <= b.y or b.bottom <= a.y
        assert apart, f"{one.id} and {other.id}"


def test_target_ids_are_unique(shown: Screen) -> None:
    ids = [target.id for target in shown.targets]
    assert len(ids) == len(set(ids))


def test_help_is_always_there(shown: Screen) -> None:
    if shown.name != "starting":
        assert shown.target("message:help").label


def test_home_shows_all_zones_with_people_and_wait() -> None:
    home = screen(kiosk(), moment())
    zones = [target.id for target in home.targets if target.id.startswith("zone:")]
    assert zones == [f"zone:{zone}" for zone in "ABCDEF"]
    for words in ("您要办什么事？", "等候 52 人", "约 13-21 分钟", "10:24", "3月18日 周三"):
        assert home.says(words), words
    assert home.says("12:00-13:00 每区留 1 个窗口，16:30 停止取号")


def test_the_wait_of_a_zone_is_that_of_its_fullest_open_queue() -> None:
    home = screen(kiosk(), moment())
    assert "约 13-21 分钟" in home.texts()
    assert not home.says("3-6")


def test_services_tell_their_state_by_word_and_shape() -> None:
    shown = screen(STATES["services-zh"], moment())
    for words in ("前面 23 人", "约 3-6 分钟", "暂停", "约 10:40 恢复", "今日已满", "今日不办"):
        assert shown.says(words), words
    icons = {shape.name for shape in shown.shapes if isinstance(shape, Icon)}
    assert {"square", "bolt", "document", "pause", "slashed-ring", "lock"} <= icons
    assert shown.says("第 1 页，共 3 页")
    assert not shown.target("page:-1").enabled
    assert shown.target("page:1").enabled


def test_a_closed_zone_stays_grey_with_a_lock_and_its_next_opening() -> None:
    closed = screen(replace(kiosk(), boards={}, plan=_without_queues(PLAN, "D")), moment())
    assert closed.target("zone:D").enabled
    assert closed.says("今日不办")
    assert closed.says("周四 09:00 开")


def test_figures_are_not_told_when_the_dispatcher_is_lost() -> None:
    home = screen(STATES["home-zh-offline"], moment())
    assert home.says("网络断了，暂时不能取号")
    assert home.says("请到总服务台取号")
    assert home.texts().count("人数暂缺") == 6
    assert not home.says("等候")
    confirm = screen(STATES["confirm-zh-offline"], moment())
    assert not confirm.target("take").enabled
    assert confirm.says("请到总服务台取号")
    assert not confirm.says("23 人")


def test_people_and_wait_stand_on_the_screen_before_the_number_is_taken() -> None:
    confirm = screen(STATES["confirm-zh"], moment())
    for words in ("23 人", "13-21 分钟", "1 楼 东侧", "1-30 号窗口", "买卖双方身份证原件", "取号"):
        assert confirm.says(words), words
    assert confirm.target("take").enabled


def test_while_the_number_is_on_its_way_nothing_can_be_pressed() -> None:
    waiting = screen(STATES["confirm-waiting"], moment())
    assert waiting.says("正在出票…")
    assert not any(target.enabled for target in waiting.targets)


def test_english_stands_first_in_the_same_places() -> None:
    zh, en = screen(STATES["home-zh"], moment()), screen(STATES["home-en"], moment())
    assert [t.id for t in zh.targets] == [t.id for t in en.targets]
    assert [t.rect for t in zh.targets] == [t.rect for t in en.targets]
    for words in ("What do you need?", "Homes and real estate", "52 waiting", "13-21 min"):
        assert en.says(words), words
    assert en.says("房屋交易及不动产登记")


def test_the_printed_page_tells_number_place_and_what_happens_when_missed() -> None:
    shown = screen(STATES["printed-zh"], moment())
    for words in ("B146", "前面 23 人", "1 楼 东侧", "不动产区", "每个号叫 3 次", "后移 3 位"):
        assert shown.says(words), words
    codes = [shape.text for shape in shown.shapes if isinstance(shape, Qr)]
    assert codes == [ticket().url]


def test_a_failed_print_keeps_the_number_and_waits_for_the_printer() -> None:
    ready, out = (screen(STATES[name], moment()) for name in ("unsure-zh", "unsure-no-paper"))
    assert ready.says("B146")
    assert ready.target("print-again").enabled
    assert not out.target("print-again").enabled
    assert out.says("打印机还没好")


def test_ways_without_a_device_are_grey_and_say_why() -> None:
    home = screen(kiosk(), moment())
    assert not home.target("way:id-card").enabled
    assert home.says("本机没有读卡器")


def test_a_small_hall_has_no_spine_and_high_rows() -> None:
    home = screen(STATES["small-zh"], moment())
    rows = [t.rect for t in home.targets if t.id.startswith("zone:")]
    assert {row.x for row in rows} == {48}
    assert min(row.h for row in rows) > 138


def test_a_tall_hall_has_pages() -> None:
    first = screen(STATES["tall-zh"], moment())
    second = screen(STATES["tall-2-zh"], moment())
    zones = [t.id for s in (first, second) for t in s.targets if t.id.startswith("zone:")]
    assert len(zones) == len(set(zones)) == 9
    assert first.target("page:1").enabled


def test_more_than_three_classes_stand_behind_a_card() -> None:
    state = STATES["tall-confirm"]
    seen = set()
    for page in range(3):
        shown = screen(replace(state, page=Confirm("S0", classes_page=page)), moment())
        seen |= {t.id for t in shown.targets if t.id.startswith("class:")}
    assert seen == {f"class:{one.id}" for one in TALL.classes}


def _without_queues(plan: HallPlan, zone: str) -> HallPlan:
    queues = tuple(
        msgspec.structs.replace(queue, open=False) if queue.zone == zone else queue
        for queue in plan.queues
    )
    return msgspec.structs.replace(plan, queues=queues)
