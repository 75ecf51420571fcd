"""A small web server that shows the pages from fixtures and plays the API and the page stream."""

import asyncio
import contextlib
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from paihao_hall.contract import WindowMode
from paihao_server.web.pages import assets, render
from paihao_server.web.pages import views as v
from tests.browser import fixtures

_ANSWER: dict[str, Any] = {"seq": 48, "ticket": {"number": "E047"}}
POLICY = "default-src 'self'; frame-ancestors 'self'; base-uri 'none'; form-action 'self'"


@dataclass(frozen=True, slots=True)
class Press:
    """One request that the browser sent to the API."""

    path: str
    body: dict[str, Any]
    key: str


@dataclass
class Hall:
    """What the preview shows and what was asked of it.

    Attributes:
        page: the console now; `show` changes it and tells the browser.
        answers: action -> (status, JSON) instead of 200.
        drops: so many requests are cut after they were heard, as a broken line does.
        ended: True answers as a server does whose session is over.
        silent: True stops the stream's beats and refuses requests, as a lost server does.
    """

    page: v.ConsolePage
    phone: v.PhonePage = field(default_factory=fixtures.phone)
    login: v.LoginPage = field(default_factory=fixtures.login)
    presses: list[Press] = field(default_factory=list)
    forms: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    answers: dict[str, tuple[int, dict[str, Any]]] = field(default_factory=dict)
    moves: dict[str, WindowMode] = field(default_factory=dict)
    drops: int = 0
    ended: bool = False
    silent: bool = False
    streams: list[asyncio.Queue[render.Patch]] = field(default_factory=list)


class Preview:
    """Runs the server in a thread of its own, because a browser is driven from the test's."""

    def __init__(self, hall: Hall) -> None:
        self.hall = hall
        self.url = ""
        self._loop = asyncio.new_event_loop()
        self._free = asyncio.Event()
        self._free.set()

    @contextlib.contextmanager
    def running(self) -> Iterator["Preview"]:
        """Serve on a free port of loopback until the block ends."""
        ready, stop = threading.Event(), asyncio.Event()
        thread = threading.Thread(
            target=self._loop.run_until_complete, args=(self._serve(ready, stop),)
        )
        thread.start()
        ready.wait(10)
        try:
            yield self
        finally:
            self._loop.call_soon_threadsafe(stop.set)
            thread.join(10)
            self._loop.close()

    def show(self, page: v.ConsolePage) -> None:
        """Change the console and send every region to the browsers that are connected."""
        self.hall.page = page
        self._loop.call_soon_threadsafe(self._send, _regions(page))

    def show_phone(self, page: v.PhonePage) -> None:
        """Change the phone page and send its ticket."""
        self.hall.phone = page
        self._loop.call_soon_threadsafe(self._send, (page.ticket,))

    def hold(self) -> None:
        """Let requests wait for `release` before they are answered."""
        self._loop.call_soon_threadsafe(self._free.clear)

    def release(self) -> None:
        """Let requests go on."""
        self._loop.call_soon_threadsafe(self._free.set)

    def _send(self, regions: tuple[render.RegionView, ...]) -> None:
        for queue in self.hall.streams:
            for view in regions:
                queue.put_nowait(render.patch(view))

    async def _serve(self, ready: threading.Event, stop: asyncio.Event) -> None:
        app = web.Application(middlewares=[_policy])
        app.router.add_get(assets.ROUTE, assets.serve)
        app.router.add_get("/login", self._login)
        app.router.add_get("/session", self._session)
        app.router.add_get("/console/3E03", self._console)
        app.router.add_get("/console/3E03/stream", self._stream)
        app.router.add_get("/console/3E03/targets", self._targets)
        app.router.add_get("/t/Xq7mFz", self._phone)
        app.router.add_get("/t/Xq7mFz/stream", self._stream)
        app.router.add_post("/api/v1/windows/3E03/{action}", self._press)
        app.router.add_post("/{form:.*}", self._form)
        runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        self.url = f"http://{host}:{port}"
        ready.set()
        await stop.wait()
        await runner.cleanup()

    async def _console(self, request: web.Request) -> web.Response:
        return _html(render.console(self.hall.page))

    async def _login(self, request: web.Request) -> web.Response:
        return _html(render.login(self.hall.login))

    async def _session(self, request: web.Request) -> web.Response:
        self._refuse_if_silent(request)
        return web.Response(status=401 if self.hall.ended else 204)

    async def _phone(self, request: web.Request) -> web.Response:
        return _html(render.phone(self.hall.phone))

    async def _targets(self, request: web.Request) -> web.Response:
        self._refuse_if_silent(request)
        return _html(render.targets(fixtures.targets()))

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        self._refuse_if_silent(request)
        if self.hall.ended:
            return web.Response(status=401)
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        queue: asyncio.Queue[render.Patch] = asyncio.Queue()
        on_phone = request.path.startswith("/t/")
        for view in (self.hall.phone.ticket,) if on_phone else _regions(self.hall.page):
            queue.put_nowait(render.patch(view))
        self.hall.streams.append(queue)
        try:
            while not (self.hall.silent or self.hall.ended):
                try:
                    async with asyncio.timeout(0.2):
                        patch = await queue.get()
                    await response.write(
                        b"event: %b\ndata: %b\n\n" % (patch.event.encode(), patch.data)
                    )
                except TimeoutError:
                    at = int(self._now().timestamp() * 1000)
                    await response.write(b'event: beat\ndata: {"at": %d}\n\n' % at)
        finally:
            self.hall.streams.remove(queue)
        return response

    def _now(self) -> Any:
        return self.hall.page.header.at

    def _refuse_if_silent(self, request: web.Request) -> None:
        if self.hall.silent and request.transport is not None:
            request.transport.abort()
            raise web.HTTPServiceUnavailable

    async def _press(self, request: web.Request) -> web.Response:
        self._refuse_if_silent(request)
        action = request.match_info["action"]
        press = Press(request.path, await request.json(), request.headers["Idempotency-Key"])
        self.hall.presses.append(press)
        if self.hall.drops and request.transport is not None:
            self.hall.drops -= 1
            request.transport.abort()
        await self._free.wait()
        status, body = self.hall.answers.get(action, (200, _ANSWER))
        kind = "application/json" if status == 200 else "application/problem+json"
        if status == 200 and action in self.hall.moves:
            self.hall.page = fixtures.console(
                self.hall.moves[action],
                now=self._now(),
                seq=48,
            )
            self._send(_regions(self.hall.page))
        elif status == 200:
            self._send((fixtures.header(self.hall.page.main.state, self._now(), 48),))
        return web.Response(status=status, body=json.dumps(body), content_type=kind)

    async def _form(self, request: web.Request) -> web.Response:
        fields = {name: str(value) for name, value in (await request.post()).items()}
        self.hall.forms.append((request.path, fields))
        return _html(render.plain("已收到", "测试页"))


def _regions(page: v.ConsolePage) -> tuple[render.RegionView, ...]:
    return (page.header, page.main, page.waiting, page.side, page.keys)


def _html(text: str) -> web.Response:
    return web.Response(text=text, content_type="text/html")


@web.middleware
async def _policy(request: web.Request, handler: Any) -> web.StreamResponse:
    """Send the strict policy under which the pages must work."""
    response: web.StreamResponse = await handler(request)
    if not response.prepared:
        response.headers["Content-Security-Policy"] = POLICY
    return response
