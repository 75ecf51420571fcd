"""The wall board as a process: what comes over the bus to pixels, and the report that it did.

A message is painted at once; what moves is painted 30 times a second, a board at rest once a
second for its clock. A call is reported as shown only after its pixels are up.
"""

import asyncio
import contextlib
from typing import Final

from paihao_display.board import BoardState
from paihao_display.board_screen import SIZE, board_screen, ticker_moves
from paihao_display.hall_time import HallTime
from paihao_hall.contract import BEAT, BOARD, CATALOGUE, Beat, Board, Catalogue
from paihao_look.window import Window
from paihao_runtime.bus import Bus, Faults, listen
from paihao_runtime.clock import Clock
from paihao_runtime.device import DeviceReports

FRAME_S: Final = 1 / 30
REST_S: Final = 1.0
EVENTS_S: Final = 0.1
"""How often a window at rest handles what the user did."""

_REMEMBERED: Final = 10_000


class BoardApp:
    """One board."""

    def __init__(
        self,
        device: str,
        hall: str,
        bus: Bus,
        clock: Clock,
        window: Window,
        *,
        reduced_motion: bool = False,
        frame_s: float = FRAME_S,
        faults: Faults | None = None,
    ) -> None:
        """Subscribe; the board shows while `run` runs.

        Args:
            device: id of the board; the plan says which zones it shows.
            hall: id of the hall.
            bus: run by the caller, made with `paihao_runtime.device.last_will`.
            clock: the hall's.
            window: shows the screens.
            reduced_motion: nothing blinks or runs.
            frame_s: seconds between pictures while something moves; news are never held up.
            faults: counts payloads that do not fit.
        """
        self._hall = hall
        self._bus = bus
        self._window = window
        self._frame_s = frame_s
        self._state = BoardState(device, reduced_motion=reduced_motion)
        self._time = HallTime(clock)
        self._faults = faults or Faults()
        self._zones: set[str] = set()
        self._news = asyncio.Event()
        self._reported: dict[tuple[str, int], None] = {}
        self._reports = DeviceReports(
            bus, self._time.now, hall=hall, device=device, kind="board", facts=self._facts
        )
        listen(bus, CATALOGUE, self._take_plan, self._faults, hall=hall)
        listen(bus, BEAT, self._take_beat, self._faults, hall=hall)

    @property
    def seq(self) -> int:
        """The newest log number of what is shown."""
        return self._state.seq

    async def run(self) -> None:
        """Show until cancelled or the window is closed; closes the window."""
        try:
            while not self._closed():
                self._news.clear()
                await self._rest(self._frame_s if self.paint() else REST_S)
        finally:
            self._window.close()

    def paint(self) -> bool:
        """Paint what is known now and report the calls that came up.

        Returns:
            Whether something moves.
        """
        motion_s = _motion_s()
        view = self._state.view(self._time.now(), motion_s)
        self._window.show(board_screen(view))
        if not view.stale:
            for row in view.rows:
                key = (row.call.ticket, row.call.seq)
                if key not in self._reported:
                    self._remember(key)
                    self._reports.did("shown", ticket=row.call.ticket, seq=row.call.seq)
        self._reports.tell_health()
        return self._state.blinks(motion_s) or ticker_moves(view)

    def _closed(self) -> bool:
        """Whether the user closed the window; touches and keys mean nothing else to a board."""
        self._window.events()
        return self._window.closed

    async def _rest(self, seconds: float) -> None:
        """Wait for news, for at most ``seconds``; in parts, so that the window stays alive."""
        end = _motion_s() + seconds
        while not self._news.is_set() and (left_s := end - _motion_s()) > 0:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(min(left_s, EVENTS_S)):
                    await self._news.wait()
            if self._closed():
                return

    def _take_plan(self, catalogue: Catalogue, _: dict[str, str]) -> None:
        self._state.take_plan(catalogue.plan)
        for zone in self._state.zones:
            if zone.id not in self._zones:
                self._zones.add(zone.id)
                listen(
                    self._bus, BOARD, self._take_board, self._faults, hall=self._hall, zone=zone.id
                )
        self._news.set()

    def _take_beat(self, beat: Beat, _: dict[str, str]) -> None:
        was_stale = self._state.is_stale(_motion_s())
        self._time.hear(beat.at)
        self._reports.beat()
        self._state.take_beat(beat, _motion_s())
        if was_stale:
            self._news.set()

    def _take_board(self, board: Board, _: dict[str, str]) -> None:
        self._state.take_board(board, self._time.now(), _motion_s())
        self._news.set()

    def _facts(self) -> dict[str, str]:
        return {
            "screen": f"{SIZE[0]}x{SIZE[1]}",
            "server": "lost" if self._state.is_stale(_motion_s()) else "there",
        }

    def _remember(self, key: tuple[str, int]) -> None:
        self._reported[key] = None
        if len(self._reported) > _REMEMBERED:
            del self._reported[next(iter(self._reported))]


def _motion_s() -> float:
    return asyncio.get_running_loop().time()
