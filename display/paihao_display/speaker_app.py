"""The speaker as a process: calls from the bus to the voice, and the report that they were said.

Calls come as messages of their own. One whose message was lost, with the connection or with a
server that died between commit and message, is found in the next snapshot of the board and is
said then, if it is young. One that comes so late that its ticket is no longer being called is
left out.
"""

import logging
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Final

import msgspec

from paihao_display.announcer import Announcer, Spoken
from paihao_display.calls import CallTurn
from paihao_display.hall_time import HallTime
from paihao_display.outputs import Output
from paihao_display.voice import Voice
from paihao_hall.contract import (
    BEAT,
    BOARD,
    CATALOGUE,
    ZONE_CALL,
    AckKind,
    Beat,
    Board,
    BoardCall,
    Catalogue,
    ZoneCall,
)
from paihao_hall.plan import HallPlan, Text
from paihao_runtime.bus import Bus, Faults, listen
from paihao_runtime.clock import Clock
from paihao_runtime.device import DeviceReports

log = logging.getLogger(__name__)

YOUNG: Final = timedelta(seconds=60)
"""Calls of a snapshot younger than this are said when they were missed."""

LATE: Final = timedelta(minutes=5)
"""A call that comes later than this is said only if its ticket is still being called."""


class SpeakerApp:
    """One speaker and its announcer."""

    def __init__(
        self,
        device: str,
        hall: str,
        bus: Bus,
        clock: Clock,
        voice: Voice,
        output: Output,
        *,
        times: int = 2,
        record: Path | None = None,
        on_spoken: Callable[[Spoken], None] | None = None,
        faults: Faults | None = None,
    ) -> None:
        """Subscribe; the speaker speaks while `run` runs.

        Args:
            device: id of the speaker; the plan says for which zones it speaks.
            hall: id of the hall.
            bus: run by the caller, made with `paihao_runtime.device.last_will`.
            clock: the hall's.
            voice: makes the sound; the plan sets its languages.
            output: plays it.
            times: how often each call is said.
            record: file that gets one line of JSON for each turn spoken.
            on_spoken: told of each turn after it is over.
            faults: counts payloads that do not fit.
        """
        self._device = device
        self._hall = hall
        self._bus = bus
        self._voice = voice
        self._output = output
        self._record = record
        self._on_spoken = on_spoken
        self._faults = faults or Faults()
        self._time = HallTime(clock)
        self._plan: HallPlan | None = None
        self._listening: set[str] = set()
        self._boards: dict[str, Board] = {}
        self._announcer = Announcer(voice, output, clock, on_spoken=self._spoken, times=times)
        self._reports = DeviceReports(
            bus, self._time.now, hall=hall, device=device, kind="speaker", facts=self._facts
        )
        listen(bus, CATALOGUE, self._take_plan, self._faults, hall=hall)
        listen(bus, BEAT, self._take_beat, self._faults, hall=hall)

    async def run(self) -> None:
        """Speak until cancelled; lets go of the output."""
        try:
            await self._announcer.run()
        finally:
            self._output.close()

    async def until_silent(self) -> None:
        """Wait until every call taken so far has been spoken."""
        await self._announcer.until_silent()

    @property
    def backlog(self) -> int:
        """How many calls and notices wait to be spoken."""
        return self._announcer.backlog

    def _take_plan(self, catalogue: Catalogue, _: dict[str, str]) -> None:
        plan = self._plan = catalogue.plan
        self._voice.use(plan.speak, telephone_one=plan.telephone_one)
        for zone in self._zones():
            if zone in self._listening:
                continue
            self._listening.add(zone)
            listen(self._bus, ZONE_CALL, self._take_call, self._faults, hall=self._hall, zone=zone)
            listen(self._bus, BOARD, self._take_board, self._faults, hall=self._hall, zone=zone)
        self._reports.tell_health()

    def _take_beat(self, beat: Beat, _: dict[str, str]) -> None:
        self._time.hear(beat.at)
        self._reports.beat()

    def _take_call(self, call: ZoneCall, _: dict[str, str]) -> None:
        if call.zone not in self._zones():
            return
        board = self._boards.get(call.zone)
        late = self._time.now() - call.at > LATE
        if late and board is not None and all(one.ticket != call.ticket for one in board.calls):
            log.warning("call %s of %s came too late to be said", call.id, call.at)
            return
        self._announcer.call(call)

    def _take_board(self, board: Board, _: dict[str, str]) -> None:
        if board.zone not in self._zones():
            return
        before = self._boards.get(board.zone)
        self._boards[board.zone] = board
        for call in reversed(board.calls):
            if self._time.now() - call.called_at < YOUNG:
                self._announcer.call(_as_zone_call(call, board.zone))
        if before is not None:
            for notice in board.notices:
                if notice not in before.notices and not self._elsewhere(notice, board.zone):
                    self._announcer.notice(notice)

    def _elsewhere(self, notice: Text, zone: str) -> bool:
        """Whether another zone of ours shows the notice, and so had it read out."""
        return any(
            notice in board.notices for other, board in self._boards.items() if other != zone
        )

    def _zones(self) -> tuple[str, ...]:
        if self._plan is None:
            return ()
        device = self._plan.device_by_id.get(self._device)
        if device is None or not device.zones:
            return tuple(zone.id for zone in self._plan.zones)
        return device.zones

    def _spoken(self, spoken: Spoken) -> None:
        if self._record is not None:
            with self._record.open("ab") as file:
                file.write(msgspec.json.encode(turn_record(self._device, spoken)) + b"\n")
        if isinstance(spoken.turn, CallTurn):
            what: AckKind = "spoken" if spoken.heard else "unsure"
            for call in spoken.turn.covered:
                self._reports.did(what, ticket=call.ticket, seq=call.seq)
        self._reports.tell_health()
        if self._on_spoken is not None:
            self._on_spoken(spoken)

    def _facts(self) -> dict[str, str]:
        return {"voice": self._announcer.health() or "ready"}


def turn_record(device: str, spoken: Spoken) -> dict[str, object]:
    """Return a turn as one record: when, what, in which words, for which calls."""
    turn = spoken.turn
    calls = turn.calls if isinstance(turn, CallTurn) else ()
    covered = turn.covered if isinstance(turn, CallTurn) else ()
    return {
        "speaker": device,
        "start": spoken.start,
        "end": spoken.end,
        "heard": spoken.heard,
        "text": spoken.speech.text,
        "tokens": spoken.speech.words,
        "calls": calls,
        "covered": [call.seq for call in covered],
    }


def _as_zone_call(call: BoardCall, zone: str) -> ZoneCall:
    return ZoneCall(
        id=f"{call.ticket}-{call.seq}",
        seq=call.seq,
        zone=zone,
        ticket=call.ticket,
        number=call.number,
        window=call.window,
        window_number=call.window_number,
        times=call.times,
        at=call.called_at,
    )
