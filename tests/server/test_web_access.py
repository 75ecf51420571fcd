"""Who gets in: every route with every role, cookies from other sites, what is open to all."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from paihao_server.accounts_db import ROLES, Role
from paihao_server.web.route import Route
from paihao_server.web.table import ROUTES
from tests.server.web_hall import PASSWORD, WebHall, add_person, web_hall

OPEN = {
    ("GET", "/healthz"),
    ("GET", "/wall/{zone}"),
    ("GET", "/wall/{zone}/stream"),
    ("GET", "/t/{token}"),
    ("GET", "/t/{token}/stream"),
    ("POST", "/t/{token}/cancel"),
    ("GET", "/login"),
    ("POST", "/login"),
    ("GET", "/static/{version}/{name:.+}"),
}
"""All that needs no login: health, wall pages, the phone page of one ticket, and the login."""

NO_STREAMS = [route for route in ROUTES if not route.name.lower().endswith("stream")
              and route.name != "streamEvents"]  # fmt: skip


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[WebHall]:
    async with web_hall(tmp_path) as running:
        yield running


def address(route: Route) -> str:
    """Return the path with ids that the hall does not have, so that nothing changes."""
    return re.sub(r"\{[^}]+\}", "none", route.path)


def test_only_the_named_routes_are_open() -> None:
    assert {(r.method, r.path) for r in ROUTES if r.roles is None} == OPEN


def test_every_route_has_one_handler_and_a_name_of_its_own() -> None:
    assert all((route.api is None) != (route.page is None) for route in ROUTES)
    assert len({route.name for route in ROUTES}) == len(ROUTES)


async def test_nothing_but_the_open_routes_answers_without_login(hall: WebHall) -> None:
    for route in ROUTES:
        if route.roles is None:
            continue
        answer = await hall.client.request(
            route.method, address(route), json={}, headers={"Sec-Fetch-Site": "same-origin"}
        )
        code = (await answer.json(content_type=None))["code"]
        assert (answer.status, code) == (401, "login-required"), route.name


@pytest.mark.parametrize("role", ROLES)
async def test_every_machine_may_exactly_what_the_table_says(hall: WebHall, role: Role) -> None:
    for route in NO_STREAMS:
        if route.roles is None:
            continue
        answer = await hall.client.request(
            route.method, address(route), json={}, headers=hall.bearer(role), allow_redirects=False
        )
        refused = answer.status == 403 and b"role-not-allowed" in await answer.read()
        assert refused == (role not in route.roles), (route.name, role, answer.status)


@pytest.mark.parametrize("role", ROLES)
async def test_every_person_may_exactly_what_the_table_says(hall: WebHall, role: Role) -> None:
    await hall.log_in(role, **({"window": "w1"} if role == "clerk" else {}))
    for route in NO_STREAMS:
        if route.roles is None or route.name in ("logout", "password"):
            continue
        answer = await hall.client.request(
            route.method, address(route), json={}, headers=hall.same_site, allow_redirects=False
        )
        refused = answer.status == 403 and b"role-not-allowed" in await answer.read()
        assert refused == (role not in route.roles), (route.name, role, answer.status)


def test_nobody_holds_admin_and_audit_together() -> None:
    for route in ROUTES:
        if route.unsafe and route.roles and "auditor" in route.roles:
            assert route.name in ("logout", "password"), "auditors only read"


async def test_a_wrong_token_is_no_token(hall: WebHall) -> None:
    for header in ("Bearer nonsense", "Basic bTpt", "Bearer", "nonsense"):
        answer = await hall.client.get("/api/v1/hall", headers={"Authorization": header})
        assert (answer.status, (await answer.json(content_type=None))["code"]) == (401, "bad-token")
        assert answer.headers["WWW-Authenticate"] == "Bearer"


async def test_a_wrong_token_does_not_fall_back_on_the_cookie(hall: WebHall) -> None:
    await hall.log_in("manager")
    answer = await hall.client.get("/api/v1/hall", headers={"Authorization": "Bearer nonsense"})
    assert answer.status == 401


async def test_a_browser_without_login_is_led_to_the_login_and_back(hall: WebHall) -> None:
    answer = await hall.client.get(
        "/console/w1", headers={"Accept": "text/html"}, allow_redirects=False
    )
    assert answer.status == 303
    assert answer.headers["Location"] == "/login?next=/console/w1"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://127.0.0.1"},
    ],
    ids=str,
)
async def test_a_cookie_sent_along_by_another_site_does_nothing(
    hall: WebHall, headers: dict[str, str]
) -> None:
    await hall.log_in("manager")
    answer = await hall.client.post("/api/v1/windows/w1/open", json={}, headers=headers)
    assert (answer.status, (await answer.json(content_type=None))["code"]) == (403, "cross-site")
    assert hall.dispatcher.hall.windows["w1"].state == "closed"


async def test_an_old_browser_proves_itself_by_its_origin(hall: WebHall) -> None:
    await hall.log_in("manager")
    origin = f"http://{hall.client.host}:{hall.client.port}"
    answer = await hall.client.post("/api/v1/windows/w1/open", json={}, headers={"Origin": origin})
    assert answer.status == 200


async def test_a_form_cannot_reach_the_api_with_a_cookie(hall: WebHall) -> None:
    await hall.log_in("manager")
    answer = await hall.client.post(
        "/api/v1/windows/w1/open",
        data=b'{"takeover": true}',
        headers={**hall.same_site, "Content-Type": "text/plain"},
    )
    assert (answer.status, (await answer.json(content_type=None))["code"]) == (415, "not-json")


async def test_a_machine_needs_no_origin(hall: WebHall) -> None:
    answer = await hall.post("/api/v1/windows/w1/open", {}, **{"Sec-Fetch-Site": "cross-site"})
    assert answer.status == 200


@pytest.mark.parametrize("path", ["/login", "/wall/Z", "/healthz", "/api/v1/hall", "/nothing"])
async def test_every_answer_carries_the_security_headers(hall: WebHall, path: str) -> None:
    answer = await hall.client.get(path)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    policy = answer.headers["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in policy
    assert "unsafe-inline" not in policy
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Server"] == "paihao"


async def test_a_first_login_leads_to_a_new_password_and_to_nothing_else(hall: WebHall) -> None:
    add_person(hall.db, "E0312", "manager", must_change=True)
    login = await hall.log_in("E0312")
    assert login.headers["Location"] == "/password"
    shut = await hall.client.get("/api/v1/hall")
    assert (shut.status, (await shut.json(content_type=None))["code"]) == (
        403, "password-change-first",
    )  # fmt: skip
    page = await (await hall.client.get("/password")).text()
    found = re.search(r'name="csrf" value="(\w+)"', page)
    assert found
    form = {"old": PASSWORD, "new": "New-Battery-8", "again": "New-Battery-8"}
    stolen = await hall.client.post("/password", data=form, headers=hall.same_site)
    assert (stolen.status, (await stolen.json(content_type=None))["code"]) == (403, "cross-site")
    changed = await hall.client.post(
        "/password", data={**form, "csrf": found[1]}, headers=hall.same_site, allow_redirects=False
    )
    assert (changed.status, changed.headers["Location"]) == (303, "/login")
    assert (await hall.log_in("E0312")).status == 401
    assert (await hall.log_in("E0312", "New-Battery-8")).headers["Location"] == "/"
    assert (await hall.client.get("/api/v1/hall")).status == 200


@pytest.mark.parametrize(
    ("form", "status", "words"),
    [
        ({"new": "Short-7", "again": "Short-7"}, 422, "至少 10 个字符"),
        ({"new": "alllowercase", "again": "alllowercase"}, 422, "太简单"),
        ({"new": "Manager-2026", "again": "Manager-2026"}, 422, "不能有工号"),
        ({"new": PASSWORD, "again": PASSWORD}, 422, "不能和原来的一样"),
        ({"new": "New-Battery-8", "again": "New-Battery-9"}, 422, "不一样"),
        ({"old": "wrong", "new": "New-Battery-8", "again": "New-Battery-8"}, 401, "还可试 4 次"),
    ],
)
async def test_a_new_password_that_will_not_do_is_explained(
    hall: WebHall, form: dict[str, str], status: int, words: str
) -> None:
    await hall.log_in("manager")
    page = await (await hall.client.get("/password")).text()
    found = re.search(r'name="csrf" value="(\w+)"', page)
    assert found
    answer = await hall.client.post(
        "/password", data={"old": PASSWORD, "csrf": found[1], **form}, headers=hall.same_site
    )
    assert answer.status == status
    assert words in await answer.text()
