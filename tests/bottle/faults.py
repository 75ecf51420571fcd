"""What goes wrong in the bottle: a seed draws the kinds and the moments.

Each fault counts itself when it really happens, because a net whose faults never strike catches
nothing. `Faults.storm` breaks things until the day is over; `Faults.heal` mends everything.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING, Final

from paihao_hall import commands as c
from paihao_hall.refusals import RefusedError
from paihao_runtime.memory_bus import BusFaults
from tests.bottle.kiosk_machine import KioskMachine
from tests.bottle.machines import Machine
from tests.bottle.plans import changed, dropping
from tests.bottle.world import World, promise

if TYPE_CHECKING:
    from tests.bottle.bottle import Bottle

FAIR: Final = BusFaults(delay_s=(0.001, 0.05), will_delay_s=5.0)
ROUGH: Final = BusFaults(delay_s=(0.001, 0.4), duplicate=0.1, drop=0.1, will_delay_s=5.0)
FOUL: Final = BusFaults(delay_s=(0.001, 1.0), duplicate=0.25, drop=0.3, will_delay_s=5.0)

SLOWEST_S: Final = 1.0
"""The longest hop of a message in the worst weather."""


class Storm:
    """The faults of one seed."""

    def __init__(self, world: World, bottle: "Bottle") -> None:
        self._world = world
        self._bottle = bottle
        self._chance: Random = world.chance("faults")
        self._plans = 0
        self._kinds: tuple[Callable[[], Awaitable[None]], ...] = (
            self._kill_server,
            self._kill_at_commit,
            self._kill_at_commit,
            self._fail_commit,
            self._stop_broker,
            self._kill_device,
            self._kill_device,
            self._kill_kiosk,
            self._pull_cable,
            self._jump,
            self._wrong_date,
            self._trouble_printer,
            self._trouble_printer,
            self._change_weather,
            self._change_plan,
        )

    async def rage(self, until_s: float) -> None:
        """Break one thing after the other; each that lasts is mended by itself after a while."""
        async with asyncio.TaskGroup() as tasks:
            for _ in range(self._chance.choice((4, 8, 12, 24))):
                fault = self._chance.choice(self._kinds)
                at_s = self._chance.uniform(3, until_s)
                tasks.create_task(self._strike(at_s, fault), name=f"fault {fault.__name__}")

    async def heal(self) -> None:
        """Mend what is still broken; from now on nothing goes wrong."""
        bottle = self._bottle
        bottle.broker.faults = FAIR
        bottle.broker.start()
        for machine in bottle.machines:
            if not machine.alive:
                machine.start()
        for kiosk in bottle.kiosks:
            _mend(kiosk)
        self._world.note("the weather is fair, everything is mended")

    async def _strike(self, at_s: float, fault: Callable[[], Awaitable[None]]) -> None:
        await asyncio.sleep(at_s)
        await fault()

    # The server ---------------------------------------------------------------------------------

    async def _kill_server(self) -> None:
        if self._bottle.server.alive:
            self._world.happens("server killed")
            self._bottle.server.kill()

    async def _kill_at_commit(self) -> None:
        moment = self._chance.choice(("before the commit", "after the commit"))
        log = self._bottle.server.log
        if log is not None:
            log.die = moment  # type: ignore[assignment]

    async def _fail_commit(self) -> None:
        log = self._bottle.server.log
        if log is not None:
            log.fail_next = True

    async def _jump(self) -> None:
        """Set a clock wrong or right: the server's or that of a device, forward or back."""
        seconds = self._chance.choice((-20, -5, -60, 20, 90))
        clocks = {"server": self._bottle.server.clock}
        clocks |= {machine.name: machine.clock for machine in self._bottle.machines}
        name = self._chance.choice(list(clocks))
        clocks[name].jump(timedelta(seconds=seconds))
        self._world.trouble(name)
        self._world.happens("clock back" if seconds < 0 else "clock forward", name)

    async def _wrong_date(self) -> None:
        """Set the server's date to tomorrow, seldom: the hall day ends at once, and for good."""
        if self._chance.random() < 0.25:
            self._bottle.server.clock.jump(timedelta(days=1))
            self._world.trouble("server")
            self._world.happens("date set to tomorrow")

    async def _change_plan(self) -> None:
        """Edit the hall file, rightly or wrongly; the server puts it in force or refuses it."""
        server = self._bottle.server
        if self._chance.random() < 0.25:
            wrong = dropping(server.plan, self._chance.choice("ABGC"))
            command = c.ChangePlan(id=f"wrong-{self._plans}", actor="server:hall-file", plan=wrong)
            if await server.look(lambda hall: bool(hall.tickets)):
                used = await server.look(lambda hall: {t.queue for t in hall.tickets.values()})
                if not used <= {queue.id for queue in wrong.queues}:
                    refused = await server.ask(command)
                    promise(isinstance(refused, RefusedError), "a used queue was dropped")
                    self._world.happens("wrong hall file refused")
                    return
        self._plans += 1
        plan = changed(server.plan, self._chance.randrange(4) + 4 * self._plans)
        asked = await server.ask(
            c.ChangePlan(id=f"plan-{self._plans}", actor="server:hall-file", plan=plan)
        )
        if isinstance(asked, RefusedError):
            self._world.happens("hall file refused", asked.code)
        else:
            server.plan = plan
            self._world.happens("hall file changed", plan.revision)

    # The network --------------------------------------------------------------------------------

    async def _stop_broker(self) -> None:
        """Stop the broker; half of the time the server dies with it, as an embedded one does."""
        broker = self._bottle.broker
        if not broker.up:
            return
        forget = self._chance.random() < 0.5
        if self._chance.random() < 0.5:
            self._world.happens("server killed")
            self._bottle.server.kill()
        self._world.happens("broker stopped, forgetting" if forget else "broker stopped")
        self._world.trouble("broker")
        broker.stop(forget=forget)
        await asyncio.sleep(self._chance.choice((1.0, 4.0, 14.0)))
        self._world.trouble("broker")
        broker.start()

    async def _change_weather(self) -> None:
        self._bottle.broker.faults = self._chance.choice((FAIR, ROUGH, FOUL))
        self._world.happens("weather changed")

    async def _pull_cable(self) -> None:
        machine = self._chance.choice(self._bottle.machines)
        if machine.bus is not None and machine.bus.connected:
            self._world.happens("cable pulled", machine.name)
            machine.bus.lose_connection()

    # Devices ------------------------------------------------------------------------------------

    async def _kill_kiosk(self) -> None:
        """Kill a kiosk at the worst moment: while a number or a slip is on its way."""
        kiosk = self._chance.choice(self._bottle.kiosks)
        for _ in range(200):
            if kiosk.app is not None and kiosk.app.state.busy:
                break
            await asyncio.sleep(0.1)
        await asyncio.sleep(self._chance.uniform(0, 1.0))
        await self._kill(kiosk)

    async def _kill_device(self) -> None:
        await self._kill(self._chance.choice(self._bottle.machines))

    async def _kill(self, machine: Machine) -> None:
        if not machine.alive:
            return
        self._world.happens(f"{machine.kind} killed", machine.name)
        machine.kill()
        await asyncio.sleep(self._chance.choice((0.5, 5.0, 20.0)))
        machine.start()

    async def _trouble_printer(self) -> None:
        kiosk = self._chance.choice(self._bottle.kiosks)
        printer = kiosk.printer
        what = self._chance.choice(("jam", "paper", "power", "silent", "cover", "cable"))
        self._world.happens(f"printer {what}", kiosk.name)
        match what:
            case "jam":
                printer.jam_at_next_cut()
            case "paper":
                printer.run_out_of_paper(after_bytes=self._chance.randint(0, 40))
            case "power":
                await kiosk.outlet.unplug()
                printer.power_cycle()
            case "silent":
                printer.set_silent()
            case "cover":
                printer.set_cover_open()
            case _:
                await kiosk.outlet.unplug()
        await asyncio.sleep(self._chance.uniform(2, 30))
        _mend(kiosk)


def _mend(kiosk: KioskMachine) -> None:
    """Do all that a helper with the key of the kiosk can do."""
    kiosk.printer.clear_jam()
    kiosk.printer.load_paper()
    kiosk.printer.set_silent(False)
    kiosk.printer.set_cover_open(False)
    kiosk.outlet.plug_in()
