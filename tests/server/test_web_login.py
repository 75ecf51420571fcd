"""Logging in at a counter: takeover, locks, cookies, where one lands."""

import re
from collections.abc import AsyncIterator
from http.cookies import SimpleCookie
from pathlib import Path

import pytest

from paihao_hall.events import WindowOpened
from tests.server.web_hall import PASSWORD, WebHall, add_person, web_hall


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[WebHall]:
    async with web_hall(tmp_path) as running:
        yield running


def everything_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.glob("accounts.db*"))


async def test_a_clerk_lands_on_the_console_of_the_counter(hall: WebHall) -> None:
    answer = await hall.log_in("clerk", window="w1")
    assert (answer.status, answer.headers["Location"]) == (303, "/console/w1")
    page = await hall.client.get("/console/w1", headers=hall.same_site)
    assert page.status == 200
    assert 'data-window="w1"' in await page.text()


async def test_the_cookie_is_for_this_site_and_for_no_script(hall: WebHall) -> None:
    answer = await hall.log_in("manager")
    cookie = SimpleCookie(answer.headers.getall("Set-Cookie")[0])["paihao_session"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Strict", "/")
    assert len(cookie.value) >= 43


async def test_the_database_keeps_no_session_id(hall: WebHall, tmp_path: Path) -> None:
    answer = await hall.log_in("manager")
    secret = SimpleCookie(answer.headers.getall("Set-Cookie")[0])["paihao_session"].value
    stored = everything_in(tmp_path)
    assert secret.encode() not in stored
    assert PASSWORD.encode() not in stored
    assert b"token-of-" not in stored


async def test_a_wrong_password_says_how_many_tries_are_left(hall: WebHall) -> None:
    answer = await hall.log_in("clerk", "wrong", window="w1")
    assert answer.status == 401
    text = await answer.text()
    assert "还可试 4 次" in text
    assert 'value="clerk"' in text, "the name need not be typed again"


async def test_an_unknown_name_and_a_disabled_account_answer_alike(hall: WebHall) -> None:
    hall.db.set_disabled("guide", disabled=True)
    unknown = await hall.log_in("nobody")
    disabled = await hall.log_in("guide")
    assert (unknown.status, disabled.status) == (401, 401)


async def test_five_failures_lock_the_account_for_ten_minutes(hall: WebHall) -> None:
    for _ in range(4):
        assert (await hall.log_in("manager", "wrong")).status == 401
    locked = await hall.log_in("manager", "wrong")
    assert locked.status == 429
    assert "09:10 后再试" in await locked.text()
    assert (await hall.log_in("manager")).status == 429, "also the right password waits"
    hall.clock.forward(minutes=9, seconds=59)
    assert (await hall.log_in("manager")).status == 429
    hall.clock.forward(seconds=1)
    assert (await hall.log_in("manager")).status == 303


async def test_five_failures_lock_the_address_for_every_name(hall: WebHall) -> None:
    for name in ("a", "b", "c", "d", "e"):
        await hall.log_in(name, "wrong")
    assert (await hall.log_in("manager")).status == 429


async def test_behind_the_proxy_each_counter_has_a_lock_of_its_own(tmp_path: Path) -> None:
    async with web_hall(tmp_path, secure=True) as hall:

        async def from_counter(address: str, name: str, password: str = PASSWORD) -> int:
            headers = {**hall.same_site, "X-Forwarded-For": address}
            form = {"staff": name, "password": password}
            post = hall.client.post("/login", data=form, headers=headers, allow_redirects=False)
            return (await post).status

        for name in ("a", "b", "c", "d", "e"):
            await from_counter("192.0.2.1", name, "wrong")
        assert await from_counter("192.0.2.1", "manager") == 429
        assert await from_counter("192.0.2.7, 192.0.2.1", "manager") == 429, "no made-up address"
        assert await from_counter("192.0.2.2", "manager") == 303


async def test_a_right_login_clears_the_failures(hall: WebHall) -> None:
    for _ in range(3):
        for _ in range(4):
            await hall.log_in("manager", "wrong")
        assert (await hall.log_in("manager")).status == 303


async def test_takeover_is_said_before_the_login_and_done_by_it(hall: WebHall) -> None:
    add_person(hall.db, "E0312", "clerk")
    await hall.act("w1", "open", clerk="E0312")
    page = await (await hall.client.get("/login?window=w1")).text()
    assert "现由 E＊＊ 登录，没有在办的号" in page
    assert (await hall.log_in("clerk", window="w1")).status == 303
    assert hall.dispatcher.hall.windows["w1"].clerk == "clerk"


async def test_a_takeover_hands_over_the_ticket_at_the_window_and_says_so_before(
    hall: WebHall,
) -> None:
    ticket = await hall.take()
    await hall.act("w1", "open", clerk="E0312")
    await hall.act("w1", "call-next")
    page = await (await hall.client.get("/login?window=w1")).text()
    assert "手上有号" in page
    assert "这个号由您接着办" in page
    assert (await hall.log_in("clerk", window="w1")).status == 303
    taken = hall.dispatcher.hall.windows["w1"]
    assert (taken.clerk, taken.ticket and taken.ticket.id) == ("clerk", ticket["id"])
    opened = [r.event for r in hall.log.records if isinstance(r.event, WindowOpened)]
    assert [(event.clerk, event.instead_of) for event in opened] == [
        ("E0312", ""), ("clerk", "E0312"),
    ]  # fmt: skip


async def test_whoever_has_a_ticket_elsewhere_takes_nothing_over(hall: WebHall) -> None:
    await hall.take()
    await hall.act("w1", "open", clerk="clerk")
    await hall.act("w1", "call-next")
    await hall.act("w2", "open", clerk="E0312")
    answer = await hall.log_in("clerk", window="w2")
    assert answer.status == 409
    assert "clerk 在窗口 w1 还没关窗，先到那里关窗" in await answer.text()
    assert hall.dispatcher.hall.windows["w2"].clerk == "E0312"
    assert (await hall.client.get("/api/v1/hall")).status == 401, "and nobody is logged in"


async def test_one_may_look_at_a_window_without_taking_it_over(hall: WebHall) -> None:
    await hall.act("w1", "open", clerk="E0312")
    answer = await hall.log_in("clerk", window="w1", look="1")
    assert answer.headers["Location"] == "/console/w1"
    assert hall.dispatcher.hall.windows["w1"].clerk == "E0312"
    page = await (await hall.client.get("/console/w1")).text()
    assert "E0312 在用" in page
    assert 'href="/windows?window=w1"' in page


async def test_a_clerk_without_a_window_chooses_one_after_the_login(hall: WebHall) -> None:
    add_person(hall.db, "E0312", "clerk")
    await hall.act("w1", "open", clerk="E0312")
    assert (await hall.log_in("clerk")).headers["Location"] == "/"
    answer = await hall.client.get("/")
    assert answer.url.path == "/windows"
    page = await answer.text()
    assert "E0312 员 在用 · 接班" in page
    token = re.search(r'name="csrf" value="(\w+)"', page)
    assert token is not None
    chosen = await hall.client.post(
        "/windows",
        data={"window": "w1", "csrf": token[1]},
        headers=hall.same_site,
        allow_redirects=False,
    )
    assert (chosen.status, chosen.headers["Location"]) == (303, "/console/w1")
    assert hall.dispatcher.hall.windows["w1"].clerk == "clerk"
    assert (await hall.client.get("/")).url.path == "/console/w1"


async def test_a_window_that_is_asked_for_is_offered_alone(hall: WebHall) -> None:
    await hall.log_in("manager")
    page = await (await hall.client.get("/windows?window=w2")).text()
    assert 'value="w2"' in page
    assert 'value="w1"' not in page


async def test_a_choice_without_the_forms_token_is_refused(hall: WebHall) -> None:
    await hall.log_in("clerk")
    answer = await hall.client.post("/windows", data={"window": "w1"}, headers=hall.same_site)
    assert answer.status == 403


async def test_a_window_that_cannot_be_had_is_said_on_the_choice(hall: WebHall) -> None:
    await hall.log_in("clerk")
    page = await (await hall.client.get("/windows")).text()
    token = re.search(r'name="csrf" value="(\w+)"', page)
    assert token is not None
    form = {"window": "none", "csrf": token[1]}
    answer = await hall.client.post("/windows", data=form, headers=hall.same_site)
    assert answer.status == 409
    assert "没有窗口 none" in await answer.text()


async def test_a_computer_never_leads_into_somebody_elses_window(hall: WebHall) -> None:
    await hall.log_in("clerk", window="w1")
    await hall.act("w1", "open", clerk="E0312")
    assert (await hall.client.get("/")).url.path == "/windows"


async def test_people_without_a_window_log_in_at_a_counter_too(hall: WebHall) -> None:
    await hall.act("w1", "open", clerk="E0312")
    for role in ("guide", "auditor", "admin"):
        assert (await hall.log_in(role, window="w1")).headers["Location"] == "/"
        assert (await hall.client.get("/")).status == 200
        await hall.client.post("/logout", headers=hall.same_site)
    assert hall.dispatcher.hall.windows["w1"].clerk == "E0312"
    assert (await hall.log_in("clerk", window="none")).status == 409


async def test_a_counters_computer_also_offers_the_login_without_its_window(hall: WebHall) -> None:
    await hall.log_in("clerk", window="w1")
    await hall.client.post("/logout", headers=hall.same_site)
    page = await (await hall.client.get("/login?desk=1")).text()
    assert '<option value="">' in page
    assert "required" not in page[page.index("<select") : page.index("</select>")]


async def test_a_page_can_ask_whether_its_session_lives(hall: WebHall) -> None:
    assert (await hall.client.get("/session")).status == 401
    await hall.log_in("clerk", window="w1")
    assert (await hall.client.get("/session")).status == 204
    await hall.client.post("/logout", headers=hall.same_site)
    assert (await hall.client.get("/session")).status == 401


@pytest.mark.parametrize(
    ("next_", "lands"),
    [
        ("/console/w2", "/console/w2"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example", "/"),
        ("/x\r\nSet-Cookie: a=b", "/"),
    ],
)
async def test_a_login_leads_back_but_never_to_another_site(
    hall: WebHall, next_: str, lands: str
) -> None:
    answer = await hall.log_in("manager", next=next_)
    assert answer.headers["Location"] == lands


async def test_the_counter_remembers_its_window(hall: WebHall) -> None:
    await hall.log_in("clerk", window="w1")
    await hall.client.post("/logout", headers=hall.same_site)
    page = await (await hall.client.get("/login")).text()
    assert 'name="window" value="w1"' in page


async def test_logout_ends_the_session(hall: WebHall) -> None:
    await hall.log_in("manager")
    assert (await hall.client.get("/api/v1/hall")).status == 200
    await hall.client.post("/logout", headers=hall.same_site)
    assert (await hall.client.get("/api/v1/hall")).status == 401


async def test_the_first_page_leads_a_clerk_to_the_open_window(hall: WebHall) -> None:
    await hall.log_in("clerk", window="w2")
    answer = await hall.client.get("/", allow_redirects=False)
    assert answer.headers["Location"] == "/console/w2"


async def test_the_first_page_shows_the_others_the_hall(hall: WebHall) -> None:
    await hall.take()
    await hall.act("w1", "open", clerk="E0312")
    await hall.log_in("manager")
    page = await (await hall.client.get("/")).text()
    assert "样厅" in page
    assert "1 人在等" in page
    assert 'href="/console/w1"' in page
