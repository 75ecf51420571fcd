"""The server of the bottle: dispatcher, publisher, gateway, a log that can fail, and its keeper.

The log's records outlive every server. A server can be killed at any moment, also between a
decision and its commit and between the commit and the answers. The keeper starts it again, as
systemd does, with whatever the hall file says then.
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from random import Random
from typing import Literal, TypeVar

from paihao_hall.commands import Command
from paihao_hall.events import Record
from paihao_hall.model import Hall, state_bytes
from paihao_hall.plan import HallPlan
from paihao_hall.refusals import RefusedError
from paihao_hall.step import Answer
from paihao_runtime.bus import Faults
from paihao_runtime.clock import LoopClock
from paihao_runtime.memory_bus import MemoryBroker
from paihao_server.dispatcher import Dispatcher, StoppedError
from paihao_server.gateway import Gateway
from paihao_server.log.interface import LogFailedError
from paihao_server.log.memory import MemoryLog
from paihao_server.log.replay import replay
from paihao_server.publisher import Publisher
from tests.bottle.machines import WatchedBus
from tests.bottle.plans import HALL
from tests.bottle.world import World, promise
from tests.hall.invariants import check_replay

T = TypeVar("T")

WEB_LIMIT_S = 5.0
"""How long a browser waits for an answer before it asks again with the same id."""

Moment = Literal["before the commit", "after the commit"]


class BottleLog(MemoryLog):
    """A log whose commits take time before and after they are durable, and can be fatal.

    Attributes:
        die: the server is killed at this moment of the next commit.
    """

    def __init__(self, world: World, chance: Random, kill: Callable[[], None]) -> None:
        super().__init__(world.records)
        self.die: Moment | None = None
        self._world = world
        self._chance = chance
        self._kill = kill

    async def append(self, expected_seq: int, records: Sequence[Record]) -> int:
        """Keep the records; see `EventLog.append`."""
        await self._pass_time("before the commit")
        last = await super().append(expected_seq, records)
        self._world.became_durable(records)
        await self._pass_time("after the commit")
        return last

    async def _pass_time(self, moment: Moment) -> None:
        if self.die == moment:
            self.die = None
            self._world.happens(f"server killed {moment}")
            self._kill()
        await asyncio.sleep(self._chance.uniform(0.0005, 0.02))


class Server:
    """The server's machine: `keep` it running, `kill` it, `ask` it as a browser does."""

    dispatcher_class: type[Dispatcher] = Dispatcher
    gateway_class: type[Gateway] = Gateway

    def __init__(
        self, world: World, broker: MemoryBroker, plan: HallPlan, at: datetime, faults: Faults
    ) -> None:
        self.world = world
        self.plan = plan
        self.clock = LoopClock(at)
        self.faults = faults
        self.dispatcher: Dispatcher | None = None
        self.log: BottleLog | None = None
        self.bus: WatchedBus | None = None
        self._broker = broker
        self._chance = world.chance("server")
        self._web = world.chance("web")
        self._life: asyncio.Task[None] | None = None
        self._latest: Dispatcher | None = None

    @property
    def hall(self) -> Hall | None:
        """The hall in the memory of the running server; it may still be starting."""
        return self._latest.hall if self._latest is not None else None

    @property
    def alive(self) -> bool:
        """Whether it takes commands."""
        return self.dispatcher is not None

    async def keep(self) -> None:
        """Run it, and start it again whenever it has died, until cancelled."""
        try:
            while True:
                self._life = asyncio.create_task(self._live(), name="server")
                await asyncio.wait([self._life])
                self._gone()
                if not self._life.cancelled():
                    self._life.result()
                longest_s = 1.0 if self.world.calm else self._chance.choice((0.5, 3.0, 15.0))
                await asyncio.sleep(self._chance.uniform(0.1, longest_s))
        finally:
            self.kill()

    def kill(self) -> None:
        """Kill the process: what is not in the log is gone."""
        if self.bus is not None:
            self.bus.kill()
        if self._life is not None:
            self._life.cancel()
        self._gone()

    def _gone(self) -> None:
        self.world.trouble("server")
        self.dispatcher = self._latest = self.log = self.bus = None

    async def _live(self) -> None:
        self.world.trouble("server")
        self.world.note("server starts")
        log = self.log = BottleLog(self.world, self._chance, self.kill)
        dispatcher = self._latest = self.dispatcher_class(log, self.clock)
        bus = self.bus = WatchedBus(self.world, self._broker, "server")
        try:
            await self._check_recovery(log)
            await dispatcher.start(self.plan)
            publisher = Publisher(dispatcher, bus, self.clock)
            self.gateway_class(dispatcher, bus, HALL, self.faults)
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(dispatcher.run(), name="dispatcher")
                tasks.create_task(bus.run(), name="server bus")
                tasks.create_task(publisher.run(), name="publisher")
                self.dispatcher = dispatcher
        except* LogFailedError:
            self.world.happens("server stopped by a failed commit")
            bus.kill()
        except* StoppedError:
            pass  # The publisher saw the dispatcher stop.

    async def _check_recovery(self, log: BottleLog) -> None:
        """Check that the log from its checkpoint on gives the hall that the whole log gives."""
        recovered = await replay(log)
        if recovered.plan is not None:
            check_replay(recovered, self.world.records)
        self.world.note(f"recovered {len(state_bytes(recovered))} bytes")

    # As a browser -------------------------------------------------------------------------------

    async def ask(self, command: Command) -> Answer | RefusedError:
        """Submit a command until it is answered, always with the same id."""
        while True:
            dispatcher = self.dispatcher
            if dispatcher is not None:
                again = dispatcher.submit(command) if self._web.random() < 0.05 else None
                try:
                    async with asyncio.timeout(WEB_LIMIT_S):
                        answer = await dispatcher.submit(command)
                        if again is not None:
                            self._check_same(command, answer, await again)
                except RefusedError as refused:
                    await _forget(again)
                    return refused
                except (StoppedError, TimeoutError):
                    await _forget(again)
                    self.world.happened["asked again"] += 1
                else:
                    self._check_acknowledged(command, answer)
                    return answer
            await asyncio.sleep(self._web.uniform(0.2, 1.5))

    async def look(self, read: Callable[[Hall], T]) -> T:
        """Read the durable hall, waiting for a server if there is none."""
        while True:
            if self.dispatcher is not None:
                try:
                    async with asyncio.timeout(WEB_LIMIT_S):
                        return await self.dispatcher.look(read)
                except (StoppedError, TimeoutError):
                    self.world.happened["looked again"] += 1
            await asyncio.sleep(self._web.uniform(0.2, 1.0))

    def _check_acknowledged(self, command: Command, answer: Answer) -> None:
        for record in answer.records:
            promise(
                self.world.is_durable(record) and record.command == command.id,
                f"{command.id} was acknowledged with event {record.seq}, which is not in the log",
            )
        self.world.note(f"answer {command.id} {[r.seq for r in answer.records]}")

    def _check_same(self, command: Command, first: Answer, second: Answer) -> None:
        self.world.happened["double submit"] += 1
        promise(
            first.records == second.records, f"{command.id} twice at once has two different answers"
        )


async def _forget(answer: "asyncio.Future[Answer] | None") -> None:
    """Let go of an answer nobody waits for any more."""
    if answer is not None:
        await asyncio.wait([answer], timeout=WEB_LIMIT_S)
        if not answer.done():
            answer.cancel()
        elif not answer.cancelled():
            answer.exception()
