"""What goes on paper, from an issued ticket and the plan."""

import msgspec

from paihao_hall.plan import MissedPolicy
from paihao_kiosk.slips import missed_rule, short_id, slip_of
from tests.kiosk.fixtures import PLAN, ticket


def test_a_slip_tells_all_a_citizen_needs() -> None:
    slip = slip_of(PLAN, ticket(id="019a-7f3kq2m8"), "K1")
    assert slip.hall == "郑州市政务服务大厅"
    assert (slip.number, slip.service, slip.service_en) == (
        "B146",
        "不动产转移登记",
        "Property transfer",
    )
    assert (slip.floor, slip.zone, slip.go_to) == (
        "1 楼",
        "房屋交易及不动产登记",
        "1 楼东侧 不动产区",
    )
    assert slip.windows == "1-30 号"
    assert (slip.ahead, slip.wait_min) == (23, (13, 21))
    assert slip.issued_at == "2026-03-18 10:24"
    assert slip.phone_url == ticket().url
    assert slip.ticket_class == "普通"
    assert slip.missed_rule == ("每个号叫 3 次", "30 分钟内回窗口", "后移 3 位，号不作废")
    assert slip.kiosk == "1 楼 2 号机"
    assert slip.ticket_id == "7F3K-Q2M8"
    assert slip.marks == ()


def test_a_wait_that_nobody_knows_is_left_open() -> None:
    assert slip_of(PLAN, ticket(wait=None), "K1").wait_min is None


def test_a_copy_is_marked_with_its_count() -> None:
    assert slip_of(PLAN, ticket(), "K1", copy=2).marks == ("补打 第 2 次 COPY",)


def test_a_machine_the_plan_does_not_name_prints_its_id() -> None:
    plan = msgspec.structs.replace(PLAN, devices=())
    assert slip_of(plan, ticket(), "K1").kiosk == "K1"


def test_the_missed_rule_follows_the_policy() -> None:
    assert missed_rule(MissedPolicy(action="tail"))[-1] == "排到最后，号不作废"
    assert missed_rule(MissedPolicy(action="void"))[-1] == "过号作废，请重新取"


def test_ids_are_short_enough_to_type() -> None:
    assert short_id("t-1") == "T-1"
    assert short_id("0190b2c4-7f3k-q2m8") == "7F3K-Q2M8"
    assert short_id("x") == "X"
