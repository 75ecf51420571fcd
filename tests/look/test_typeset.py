"""Typesetting: where lines break and what fits."""

from paihao_look import typeset
from paihao_look.fonts import width


def test_chinese_breaks_between_characters_but_never_before_a_full_stop() -> None:
    room = width("请到总服务台", 40)
    assert typeset.wrap("请到总服务台。取号", 40, room) == ["请到总服务", "台。取号"]


def test_an_opening_bracket_does_not_end_a_line() -> None:
    room = width("公安（", 40)
    assert typeset.wrap("公安（出入境）", 40, room)[0] == "公安"


def test_words_and_numbers_stay_whole() -> None:
    lines = typeset.wrap("Please go to window 1-30 now", 40, width("Please go to win", 40))
    assert lines == ["Please go to", "window 1-30", "now"]
    assert "16:30" in typeset.wrap("下午 16:30 停止取号", 40, width("下午 16:", 40))


def test_nothing_is_lost_in_wrapping() -> None:
    text = "请稍等。回答一到，号票 A017 马上打出来；也可以到总服务台取号。"
    for room in range(120, 900, 60):
        assert "".join("".join(typeset.wrap(text, 40, room)).split()) == "".join(text.split())


def test_balanced_lines_leave_no_lone_last_character() -> None:
    text = "请到总服务台，或向身边的工作人员招手。"
    plain = typeset.wrap(text, 56, 900)
    balanced = typeset.balanced(text, 56, 900)
    assert len(balanced) == len(plain) == 2
    assert len(plain[-1]) < 5 <= len(balanced[-1])


def test_a_long_name_is_set_smaller_before_it_is_cut() -> None:
    room = width("房屋交易及不动产登记", 40, "bold")
    assert typeset.fit("房屋交易及不动产登记", (48, 44, 40), room, "bold") == (
        40,
        ["房屋交易及不动产登记"],
    )


def test_what_fits_nowhere_ends_in_an_ellipsis_within_its_room() -> None:
    size, (line,) = typeset.fit("Take a seat. When called, go", (40, 36), 200)
    assert size == 36
    assert line.endswith(typeset.ELLIPSIS)
    assert line.startswith("Take a s")
    assert width(line, 36) <= 200


def test_a_label_that_has_room_keeps_its_size() -> None:
    label = typeset.line(0, 40, "公安", 44, (0, 0, 0), room=200)
    assert label.runs[0].size == 44
    assert label.rect.w == width("公安", 44)


def test_clauses_stay_whole_when_they_fit() -> None:
    text = "本机还没有大字版。请到总服务台，工作人员帮您取号。"
    lines = typeset.clauses(text, 56, 888)
    assert all(line[-1] in "，。" for line in lines)
    assert "".join(lines) == text


def test_a_clause_that_is_too_wide_is_balanced() -> None:
    text = "一个没有任何标点的很长很长很长很长很长的句子"
    assert typeset.clauses(text, 56, 600) == typeset.balanced(text, 56, 600)
