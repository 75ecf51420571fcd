"""The page ``/demo``: kiosk, board, last ticket and console of one zone side by side, live.

It is part of the server's own web application, open to loopback alone. Whoever opens it is logged
in as the demo's visitor, who may press the keys of every window.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec
from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from paihao_demo.citizens import BUSY
from paihao_demo.event_words import sentence, zones
from paihao_demo.machines import BoardMachine, KioskMachine
from paihao_demo.tally import VISITOR
from paihao_hall import events as e
from paihao_hall.events import Record
from paihao_hall.model import Hall
from paihao_hall.plan import Window, Zone
from paihao_server.web import access, sse
from paihao_server.web.pages import assets
from paihao_server.web.problems import ProblemError
from paihao_server.web.site import SITE, Site

if TYPE_CHECKING:
    from paihao_demo.hall import DemoHall

SPEEDS: Final = (1, 10, 60)
EVERY_S: Final = 0.3
"""Wall seconds between two looks at what changed."""

KIOSK_WIDTH: Final = 760
BOARD_WIDTH: Final = 1160
LINES: Final = 10
_KEPT: Final = 600

_HERE: Final = Path(__file__).parent
_HOSTS: Final = ("127.0.0.1", "localhost")
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; "
    "img-src 'self' data: blob:; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-src 'self'; frame-ancestors 'none'"
)
_BUSY_WORDS: Final = {"quiet": "清闲", "normal": "平常", "rush": "高峰"}
_TYPES: Final = {".css": "text/css", ".js": "text/javascript"}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Touch(msgspec.Struct, forbid_unknown_fields=True):
    """A click on the picture of a kiosk, in parts of its width and height."""

    kiosk: str
    x: float
    y: float


class Change(msgspec.Struct, forbid_unknown_fields=True):
    """A button of the page; what is not given stays as it is."""

    paused: bool | None = None
    speed: int | None = None
    busy: str | None = None
    fault: str | None = None
    device: str = ""


class DemoPage:
    """Adds the page to the web application of each life of the server."""

    def __init__(self, demo: "DemoHall") -> None:
        self._demo = demo
        self._records: deque[tuple[int, frozenset[str], str, str, str]] = deque(maxlen=_KEPT)
        self._templates = Environment(
            loader=FileSystemLoader(_HERE / "templates"), autoescape=True, undefined=StrictUndefined
        )

    def extend(self, app: web.Application) -> None:
        """Add routes and follow the log; see `paihao_server.process.HallServer`."""
        routes: tuple[tuple[str, str, Handler], ...] = (
            ("GET", "/demo", self._page),
            ("GET", "/demo/stream", self._stream),
            ("GET", "/demo/static/{name}", self._static),
            ("GET", "/demo/kiosk/{id}.png", self._kiosk),
            ("GET", "/demo/board/{id}.png", self._board),
            ("GET", "/demo/ticket/{id}.png", self._ticket),
            ("POST", "/demo/touch", self._touch),
            ("POST", "/demo/change", self._change),
        )
        for method, path, handler in routes:
            app.router.add_route(method, path, self._guarded(handler))
        app.on_response_prepare.append(_let_frame)
        dispatcher = app[SITE].dispatcher
        dispatcher.on_records(lambda records: self._take(dispatcher.hall, records))

    def _guarded(self, handler: Handler) -> Handler:
        """Let only browsers of this machine through."""

        async def guard(request: web.Request) -> web.StreamResponse:
            if request.remote not in ("127.0.0.1", "::1") or request.url.host not in _HOSTS:
                raise web.HTTPForbidden
            if request.method == "POST":
                try:
                    access.check_origin(request)
                except ProblemError as error:
                    raise web.HTTPForbidden from error
            return await handler(request)

        return guard

    def _take(self, hall: Hall, records: Sequence[Record]) -> None:
        plan = self._demo.plan
        for record in records:
            if isinstance(record.event, e.AckRecorded) and record.event.what == "shown":
                continue
            at = f"{record.event.at.astimezone(plan.tz):%H:%M:%S}"
            kiosk = record.actor.partition(":")[2] if _is_issue(record) else ""
            line = sentence(hall, plan, record)
            self._records.append((record.seq, zones(hall, plan, record), at, line, kiosk))

    # Pages --------------------------------------------------------------------------------------

    async def _page(self, request: web.Request) -> web.Response:
        demo = self._demo
        zone, kiosk, board, window = self._place(request)
        text = self._templates.get_template("demo.html").render(
            asset=assets.url,
            hall=demo.plan.name.zh,
            windows=sum(1 for w in demo.plan.windows if not w.reserve),
            seed=demo.wishes.seed,
            zones=demo.plan.zones,
            zone=zone,
            kiosk=kiosk,
            board=board,
            window=window,
            speeds=SPEEDS,
            busy=_BUSY_WORDS,
        )
        response = web.Response(text=text, content_type="text/html", charset="utf-8")
        site = request.app[SITE]
        await self._log_in(site, request, response)
        return response

    async def _log_in(self, site: Site, request: web.Request, response: web.Response) -> None:
        """Make the browser the visitor's, unless somebody is logged in already."""
        secret = access.session_secret(site, request)
        if secret is not None and await site.accounts.person(secret) is not None:
            return
        secret, _ = await site.accounts.login(VISITOR, self._demo.password, request.remote or "")
        access.set_session(site, response, secret)

    async def _static(self, request: web.Request) -> web.StreamResponse:
        path = _HERE / "static" / Path(request.match_info["name"]).name
        if path.suffix not in _TYPES or not path.is_file():
            raise web.HTTPNotFound
        return web.FileResponse(path, headers={"Content-Type": _TYPES[path.suffix]})

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        zone, kiosk, board, window = self._place(request)
        response = await sse.open_stream(request)
        while self._demo.life.up:
            state = self._state(zone, kiosk, board, window)
            await sse.write(response, sse.event("state", msgspec.json.encode(state)))
            await asyncio.sleep(EVERY_S)
        return response

    # Pictures -----------------------------------------------------------------------------------

    async def _kiosk(self, request: web.Request) -> web.Response:
        kiosk = self._demo.kiosks.get(request.match_info["id"])
        return await _png(kiosk.glass.picture(KIOSK_WIDTH) if kiosk else None)

    async def _board(self, request: web.Request) -> web.Response:
        board = self._demo.boards.get(request.match_info["id"])
        return await _png(board.glass.picture(BOARD_WIDTH) if board else None)

    async def _ticket(self, request: web.Request) -> web.Response:
        kiosk = self._demo.kiosks.get(request.match_info["id"])
        last = kiosk.tray.last if kiosk else None
        return await _png(last[1].sheet.png if last else None)

    # What the visitor does ----------------------------------------------------------------------

    async def _touch(self, request: web.Request) -> web.Response:
        touch = await _body(request, Touch)
        kiosk = self._demo.kiosks.get(touch.kiosk)
        if kiosk is None:
            raise web.HTTPNotFound
        wide, high = kiosk.glass.size
        kiosk.app.press(touch.x * wide, touch.y * high)
        kiosk.app.release(touch.x * wide, touch.y * high)
        return web.Response(status=204)

    async def _change(self, request: web.Request) -> web.Response:
        change = await _body(request, Change)
        demo = self._demo
        if change.speed is not None and change.speed in SPEEDS:
            demo.clock.set_speed(change.speed)
        if change.paused is not None:
            (demo.clock.pause if change.paused else demo.clock.resume)()
        if change.busy in BUSY:
            demo.citizens.busy = change.busy
        match change.fault:
            case "paper" | "cable" | "kill" as kind if demo.faults.knows(kind, change.device):
                if demo.faults.broken(kind, change.device):
                    demo.faults.end(kind, change.device)
                else:
                    demo.faults.begin(kind, change.device)
            case _:
                pass
        return web.Response(status=204)

    # State --------------------------------------------------------------------------------------

    def _place(
        self, request: web.Request
    ) -> tuple[Zone, KioskMachine | None, BoardMachine | None, Window]:
        """Return the zone that is looked at, with its kiosk, board and first window."""
        demo = self._demo
        plan = demo.plan
        zone = plan.zone_by_id.get(request.query.get("zone", "")) or plan.zones[0]
        kiosks = [*demo.kiosks.values()]
        near = [k for k in kiosks if k.device.at == zone.id] or kiosks
        boards = [b for b in demo.boards.values() if zone.id in (b.device.zones or (zone.id,))]
        windows = [w for w in plan.windows if w.zone == zone.id] or [*plan.windows]
        asked = plan.window_by_id.get(request.query.get("window", ""))
        window = asked if asked in windows else windows[0]
        return zone, near[0] if near else None, boards[0] if boards else None, window

    def _state(
        self,
        zone: Zone,
        kiosk: KioskMachine | None,
        board: BoardMachine | None,
        window: Window,
    ) -> dict[str, Any]:
        demo = self._demo
        state: dict[str, Any] = {
            "at": f"{demo.clock.now().astimezone(demo.plan.tz):%H:%M:%S}",
            "paused": demo.clock.paused,
            "speed": demo.clock.speed,
            "busy": demo.citizens.busy,
            "window": window.id,
            "relevant": [seq for seq, about, *_ in self._records if zone.id in about][-40:],
            "lines": [
                {"seq": seq, "at": at, "text": text}
                for seq, _, at, text, _ in list(self._records)[-LINES:]
            ][::-1],
        }
        if kiosk is not None:
            known = kiosk.app.state.boards.get(zone.id)
            state["kiosk"] = {
                "picture": kiosk.glass.changes,
                "seq": known.seq if known else 0,
                "broken": demo.faults.broken("paper", kiosk.id),
            }
            issued = [seq for seq, *_, by in self._records if by == kiosk.id]
            last = kiosk.tray.last
            printed = kiosk.tray.printer.printed
            state["ticket"] = {
                "picture": printed,
                "number": last[0].number if last else "",
                "seq": self._seq_of(last[0].number, kiosk.id) if last else 0,
                "issued": issued[-40:],
            }
        if board is not None:
            state["board"] = {
                "picture": board.glass.changes,
                "seq": board.seq,
                "broken": demo.faults.broken("cable", board.id),
            }
        return state

    def _seq_of(self, number: str, kiosk: str) -> int:
        """Return the log number under which a kiosk's ticket was issued, 0 when long ago."""
        for seq, _, _, text, by in reversed(self._records):
            if by == kiosk and text.startswith(f"{number} "):
                return seq
        return 0


def _is_issue(record: Record) -> bool:
    return isinstance(record.event, e.TicketIssued)


async def _let_frame(request: web.Request, response: web.StreamResponse) -> None:
    """Signal handler: let the demo's page hold a console in a frame, and pictures it fetched."""
    if request.path == "/demo":
        response.headers["Content-Security-Policy"] = _POLICY


async def _png(make: Callable[[], bytes] | None) -> web.Response:
    if make is None:
        raise web.HTTPNotFound
    body = await asyncio.to_thread(make)
    return web.Response(body=body, content_type="image/png", headers={"Cache-Control": "no-store"})


async def _body(request: web.Request, kind: type[Any]) -> Any:
    try:
        return msgspec.json.decode(await request.read(), type=kind)
    except msgspec.DecodeError as error:
        raise web.HTTPBadRequest from error
