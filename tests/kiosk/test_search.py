"""Search: Chinese, full pinyin, initials, other names, English."""

import pytest

from paihao_hall.plan import Service, Text
from paihao_kiosk.search import Index
from tests.kiosk.fixtures import PLAN

INDEX = Index(PLAN.services)


def names(typed: str) -> list[str]:
    return [found.service.name.zh for found in INDEX.find(typed)]


@pytest.mark.parametrize(
    "typed",
    ["bdc", "BDC", "b d c", "不动产", "budongchan", "budong", "bu dong chan", "bdongc", "bdch"],
)
def test_every_way_to_spell_it_finds_the_real_estate_services(typed: str) -> None:
    assert {"不动产转移登记", "不动产抵押登记", "不动产查询", "领取不动产证"} <= set(names(typed))


def test_names_that_begin_so_come_first() -> None:
    found = names("bdc")
    assert found.index("不动产转移登记") < found.index("领取不动产证")


def test_the_part_that_fits_is_known() -> None:
    first = INDEX.find("dongchan")[0]
    assert first.service.name.zh[first.start : first.end] == "动产"


def test_other_names_are_found() -> None:
    assert names("二手房") == ["不动产转移登记"]
    assert names("esf") == ["不动产转移登记"]
    assert "出入境证件" in names("huzhao")


def test_english_words_are_found_by_their_beginnings() -> None:
    assert names("prop tr") == ["不动产转移登记"]
    assert names("passport") == ["出入境证件"]


@pytest.mark.parametrize("typed", ["zzz", "不存在的事", "bdcx9"])
def test_what_nobody_offers_is_not_found(typed: str) -> None:
    assert names(typed) == []


def test_nothing_typed_lists_everything_in_the_halls_order() -> None:
    assert names("") == [service.name.zh for service in PLAN.services]
    assert names("  ") == names("")


def test_characters_with_two_readings_are_read_as_in_their_word() -> None:
    index = Index(
        (
            Service(id="1", name=Text("重庆户口迁移"), zone="A", queue="A"),
            Service(id="2", name=Text("银行开户A1表"), zone="A", queue="A"),
        )
    )
    assert [found.service.id for found in index.find("cqhk")] == ["1"]
    assert [found.service.id for found in index.find("yinhang")] == ["2"]
    assert [found.service.id for found in index.find("khA1")] == ["2"]


def test_double_initials_count_as_one_or_two_letters() -> None:
    index = Index((Service(id="1", name=Text("商事登记"), zone="A", queue="A"),))
    assert index.find("ssdj")
    assert index.find("shshdj")
    assert index.find("shangsdj")
