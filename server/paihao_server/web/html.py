"""HTML answers."""

from aiohttp import web

from paihao_server.web.pages import render


def page(text: str, status: int = 200) -> web.Response:
    """Return a page; it is never kept by the browser."""
    return web.Response(
        status=status,
        text=text,
        content_type="text/html",
        charset="utf-8",
        headers={"Cache-Control": "no-store"},
    )


def said(title: str, text: str, english: str = "", status: int = 200) -> web.Response:
    """Return a page that only says something."""
    return page(render.plain(title, text, english), status)
