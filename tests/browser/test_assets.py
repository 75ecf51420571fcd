"""The static files over HTTP: kept for a year under their version, nothing outside served."""

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from paihao_server.web.pages import assets


async def ask(path: str) -> tuple[int, str, str]:
    """Return status, content type and caching of a path."""
    app = web.Application()
    app.router.add_get(assets.ROUTE, assets.serve)
    async with TestClient(TestServer(app)) as client:
        answer = await client.get(path)
        await answer.read()
        headers = answer.headers
        return answer.status, headers["Content-Type"], headers.get("Cache-Control", "")


async def test_files_of_this_version_are_kept_for_a_year() -> None:
    status, kind, kept = await ask(assets.url("console.css"))
    assert (status, kind) == (200, "text/css; charset=utf-8")
    assert kept == "public, max-age=31536000, immutable"


async def test_files_of_another_version_are_asked_for_again() -> None:
    status, kind, kept = await ask("/static/0123456789ab/js/console.js")
    assert (status, kind, kept) == (200, "text/javascript; charset=utf-8", "no-cache")


async def test_the_font_is_served_as_a_font() -> None:
    piece = next((assets.STATIC / "font").glob("*.woff2")).name
    status, kind, _ = await ask(assets.url(f"font/{piece}"))
    assert (status, kind) == (200, "font/woff2")


async def test_nothing_else_is_served() -> None:
    for name in ("../render.py", "%2e%2e/render.py", "font/LICENSE", "nothing.css", "font"):
        status, _, _ = await ask(f"/static/{assets.VERSION}/{name}")
        assert status == 404, name
