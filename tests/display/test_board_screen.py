"""The board as drawn: sizes to be read at ten metres, contrast, places, and the stale banner."""

from collections.abc import Callable
from datetime import timedelta

import msgspec
import pytest

from paihao_display.board import BoardState, BoardView
from paihao_display.board_screen import NUMBER, SIZE, board_screen, ticker_moves
from paihao_hall.contract import BoardCall
from paihao_hall.plan import HallPlan, Text
from paihao_look.picture import Box, Icon, Label, Rect, Screen
from paihao_look.tokens import CALL, Colour, contrast
from tests.display.halls import MOCK_UP_QUEUES, NOW, PLAN, beat, call, snapshot, waiting

NOTICES = (
    Text("契税征收今天的号已发完，可预约明天。"),
    Text("12:00-13:00 留 1 个窗口。"),
    Text("过号请在 30 分钟内回窗口，不用重新取号。", "Missed? Come back within 30 min."),
)
MOCK_UP = snapshot(
    call("B122", "12", 50),
    call("BG041", "23", 48, age_s=30),
    call("B121", "7", 45, age_s=60),
    recent=(call("BZ017", "31", 40, 100), call("B120", "19", 39, 120), call("B119", "4", 38, 150)),
    notices=NOTICES,
)


def view(
    *calls: BoardCall, motion_s: float = 0.0, later_s: float = 0.0, plan: HallPlan = PLAN
) -> BoardView:
    board = BoardState("board-homes")
    board.take_plan(plan)
    board.take_beat(beat(), 0.0)
    board.take_board(snapshot(*calls, notices=NOTICES) if calls else MOCK_UP, NOW, 0.0)
    return board.view(NOW + timedelta(seconds=later_s), motion_s)


def live() -> Screen:
    return board_screen(view())


def stale() -> Screen:
    return board_screen(view(motion_s=120.0, later_s=120.0))


SCREENS: dict[str, Callable[[], Screen]] = {
    "live": live,
    "stale": stale,
    "blink": lambda: board_screen(view(motion_s=0.6)),
    "connecting": lambda: board_screen(BoardState("board-homes").view(NOW, 0.0)),
}


def label(screen: Screen, words: str) -> Label:
    return next(one for one in screen.labels() if one.text == words)


def ground(screen: Screen, one: Label) -> Colour:
    """The colour a label stands on: the last box painted under its middle."""
    x, y = one.rect.centre
    colour = screen.background
    for shape in screen.shapes:
        if isinstance(shape, Box) and shape.fill and shape.rect.holds(x, y):
            colour = shape.fill
    return colour


def test_the_newest_call_is_large_in_call_colour_with_a_frame_of_six_pixels() -> None:
    screen = live()
    number = label(screen, "B122")
    assert number.runs[0].size == NUMBER == 150
    assert number.runs[0].colour == CALL
    frames = [shape for shape in screen.shapes if isinstance(shape, Box) and shape.border == CALL]
    assert [(frame.rect, frame.border_width) for frame in frames] == [(Rect(40, 184, 1200, 212), 6)]
    assert label(screen, "12").rect.right == pytest.approx(946, abs=2)
    assert label(screen, "BG041").runs[0].colour != CALL


def test_the_dark_half_of_a_blink_still_shows_the_number() -> None:
    screen = board_screen(view(motion_s=0.6))
    assert label(screen, "B122").runs[0].colour != CALL
    assert not [one for one in screen.shapes if isinstance(one, Box) and one.border == CALL]


@pytest.mark.parametrize("which", [*SCREENS])
def test_every_text_has_seven_to_one_against_its_ground_and_can_be_read_from_afar(
    which: str,
) -> None:
    screen = SCREENS[which]()
    assert screen.texts()
    for one in screen.labels():
        for run in one.runs:
            assert contrast(run.colour, ground(screen, one)) >= 7, one.text
            assert run.size >= 32, one.text


@pytest.mark.parametrize("which", ["live", "stale"])
def test_nothing_leaves_the_screen_or_runs_into_its_neighbour(which: str) -> None:
    screen = SCREENS[which]()
    still = [one for one in screen.labels() if one.baseline < 992]
    for one in still:
        assert one.left >= 0
        assert one.rect.right <= SIZE[0]
    for index, one in enumerate(still):
        for other in still[index + 1 :]:
            if abs(one.baseline - other.baseline) < 12:
                assert one.rect.right <= other.left or other.rect.right <= one.left, (
                    one.text,
                    other.text,
                )


def test_queues_show_kind_word_wait_and_why_there_is_none() -> None:
    screen = live()
    for words in (
        "不动产登记",
        "约 13-21 分钟",
        "综合",
        "即办",
        "发证",
        "暂停至 10:40",
        "今日号已满",
    ):
        assert screen.says(words)
    icons = [shape.name for shape in screen.shapes if isinstance(shape, Icon)]
    assert icons.count("square") == 3
    for name in ("bolt", "document", "pause", "slashed-ring"):
        assert name in icons


def test_an_estimate_nobody_can_make_is_said_so_and_a_closed_queue_is_locked() -> None:
    board = BoardState("board-homes")
    board.take_plan(PLAN)
    board.take_beat(beat(), 0.0)
    lines = (waiting("reg", 4), waiting("ask", 0, None, "closed"), waiting("iss", 1, (0, 1)))
    board.take_board(snapshot(queues=lines), NOW, 0.0)
    screen = board_screen(board.view(NOW, 0.0))
    assert screen.says("暂时无法估计")
    assert screen.says("今日不办")
    assert screen.says("约 1-2 分钟")


def test_three_figures_of_a_window_keep_their_size_beside_a_usual_number() -> None:
    screen = board_screen(view(call("BG041", "336", 5)))
    assert label(screen, "336").runs[0].size == NUMBER
    arrow = next(
        one for one in screen.shapes if isinstance(one, Icon) and one.name == "arrow-right"
    )
    assert label(screen, "BG041").rect.right < arrow.x
    assert arrow.x + arrow.size < label(screen, "336").left


def test_long_numbers_are_set_smaller_and_never_cut() -> None:
    screen = board_screen(view(call("BZG1041", "1B336", 5)))
    for words in ("BZG1041", "1B336"):
        assert label(screen, words).runs[0].size >= 72
    assert label(screen, "BZG1041").rect.right < label(screen, "1B336").left


def test_the_stale_board_says_since_when_and_where_to_look_instead() -> None:
    screen = stale()
    assert screen.says("画面停在 10:24，正在重新连接")
    assert screen.says("请看窗口上的小屏")
    assert screen.says("以上是 10:24 的叫号，可能不是最新")
    assert screen.texts().count("10:24 的人数") == len(MOCK_UP_QUEUES)
    assert not screen.says("分钟")
    assert screen.says("10:26")
    assert all(run.colour != CALL for one in screen.labels() for run in one.runs)


def test_a_hall_without_strips_sends_people_to_the_staff() -> None:
    plan = msgspec.structs.replace(PLAN, devices=PLAN.devices[:1])
    screen = board_screen(view(motion_s=120.0, plan=plan))
    assert screen.says("请问工作人员")
    assert not screen.says("小屏")


def test_notices_run_when_they_are_too_long_and_begin_again_without_a_gap() -> None:
    assert ticker_moves(view())
    starts = [
        min(one.left for one in board_screen(view(motion_s=at)).labels() if one.baseline == 1054)
        for at in (0.0, 1.0, 2.0)
    ]
    assert starts == [124, 4, -116]
    for tenth in range(0, 400, 7):
        ends = [
            one.rect.right
            for one in board_screen(view(motion_s=tenth / 10)).labels()
            if one.baseline == 1054
        ]
        if tenth <= 50:
            assert max(ends) >= SIZE[0] - 60


def test_with_reduced_motion_notices_stand_one_after_the_other() -> None:
    board = BoardState("board-homes", reduced_motion=True)
    board.take_plan(PLAN)
    board.take_beat(beat(), 0.0)
    board.take_board(MOCK_UP, NOW, 0.0)
    assert not ticker_moves(board.view(NOW, 0.0))
    assert board_screen(board.view(NOW, 0.0)).says("契税征收今天的号已发完")
    board.take_beat(beat(), 9.0)
    assert board_screen(board.view(NOW, 9.0)).says("12:00-13:00")


def test_a_board_of_several_zones_is_headed_by_the_hall() -> None:
    board = BoardState("board-all")
    board.take_plan(PLAN)
    board.take_beat(beat(), 0.0)
    screen = board_screen(board.view(NOW, 0.0))
    assert screen.says("政务服务大厅")
    assert screen.says("1 楼")
    assert screen.says("叫到的号会显示在这里")
