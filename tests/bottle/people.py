"""The people of the bottle: citizens who take numbers, clerks who call them, a guide who helps.

They know only what people know: what is on the kiosk, on the console, on their slip. Each has a
source of chance of its own, so that one more citizen does not change what all others do.
"""

import asyncio
from random import Random
from typing import Any, Final

from paihao_hall import commands as c
from paihao_hall.contract import KeyAction
from paihao_hall.model import Hall
from paihao_hall.plan import PauseReason
from paihao_kiosk.pages import Message, Page, Printed, Unsure
from paihao_kiosk.react import printer_ready
from paihao_kiosk.state import State
from tests.bottle.kiosk_machine import KioskMachine
from tests.bottle.machines import WindowBox
from tests.bottle.server import Server
from tests.bottle.world import World

PATIENCE_S: Final = 45.0
SERVICES: Final = ("sA", "sA", "sB", "sG", "sG", "sC", "sC")
LUNCH: Final[PauseReason] = "lunch"


class Citizens:
    """Come one after the other until the doors close; some by phone, most to a kiosk."""

    def __init__(self, world: World, server: Server, kiosks: list[KioskMachine]) -> None:
        self._world = world
        self._server = server
        self._kiosks = kiosks
        self._at_kiosk = {kiosk.name: asyncio.Lock() for kiosk in kiosks}
        self._chance = world.chance("citizens")
        self.inside = 0

    def stays_away(self, ticket: str) -> bool:
        """Whether the holder of a ticket does not come when called; each time the same answer."""
        away = 0.02 if self._world.calm else 0.15
        return self._world.chance(f"away:{ticket}").random() < away

    async def come(self, number: int, doors_s: float) -> None:
        """Let so many citizens come while the doors are open, and wait until all have a number."""
        async with asyncio.TaskGroup() as tasks:
            for which in range(number):
                at_s = self._chance.uniform(0, doors_s)
                chance = self._world.chance(f"citizen:{which}")
                tasks.create_task(self._visit(which, at_s, chance), name=f"citizen {which}")

    async def _visit(self, which: int, at_s: float, chance: Random) -> None:
        await asyncio.sleep(at_s)
        service = chance.choice(SERVICES)
        class_ = "green" if chance.random() < 0.35 else "regular"
        if chance.random() < 0.1:
            ticket = await self._by_phone(which, service, class_)
        else:
            ticket = await self._at_a_kiosk(chance.choice(self._kiosks), service, class_, chance)
        if ticket and chance.random() < 0.06:
            await asyncio.sleep(chance.uniform(0, 30))
            await self._server.ask(
                c.CancelTicket(id=f"cancel-{which}", actor=f"phone:{which}", ticket=ticket)
            )

    async def _by_phone(self, which: int, service: str, class_: str) -> str | None:
        command = c.IssueTicket(
            id=f"phone-{which}",
            actor=f"phone:{which}",
            service=service,
            class_=class_,
            ticket=f"PH-{which:04d}",
            token=f"token-{which}",
        )
        await self._server.ask(command)
        return command.ticket if command.ticket in self._world.issued else None

    async def _at_a_kiosk(
        self, kiosk: KioskMachine, service: str, class_: str, chance: Random
    ) -> str | None:
        async with self._at_kiosk[kiosk.name]:
            try:
                async with asyncio.timeout(PATIENCE_S):
                    return await self._take(kiosk, service, class_, chance)
            except TimeoutError:
                self._world.happened["citizen left without a word"] += 1
                return None

    async def _take(
        self, kiosk: KioskMachine, service: str, class_: str, chance: Random
    ) -> str | None:
        """Take a number as the screens say; return the ticket if the citizen got to see one."""
        while not _inviting(kiosk):  # noqa: ASYNC110 - a citizen looks; nobody tells them
            await asyncio.sleep(chance.uniform(0.5, 2.0))
        zone = "Z2" if service == "sC" else "Z1"
        steps = ["home", f"zone:{zone}", f"service:{service}", f"class:{class_}", "take"]
        for step in steps:
            await asyncio.sleep(chance.uniform(0.55, 1.0))
            if kiosk.app is None:
                return None
            kiosk.app.tap(step)
            if step == "take" and chance.random() < 0.2:
                kiosk.app.tap(step)  # An impatient finger.
        if kiosk.app is None or kiosk.app.state.pending is None:
            return None
        return await self._wait_for_slip(kiosk, chance)

    async def _wait_for_slip(self, kiosk: KioskMachine, chance: Random) -> str | None:
        """Wait until the kiosk says what became of the number."""
        told = ""
        while kiosk.app is not None:
            await asyncio.sleep(0.5)
            match _page(kiosk):
                case Printed(ticket=ticket):
                    _leave(kiosk)
                    return ticket.id
                case Unsure(ticket=ticket):
                    await asyncio.sleep(chance.uniform(0.6, 8))
                    if _prints_again(kiosk):
                        await asyncio.sleep(3)
                    _leave(kiosk)
                    return ticket.id
                case Message(kind=kind):
                    if not told:
                        self._world.happened[f"kiosk says {kind}"] += 1
                    told = kind
                    if kind != "no-answer" or chance.random() < 0.1:
                        return None
                case _:
                    pass
        return None


def _prints_again(kiosk: KioskMachine) -> bool:
    """Ask for the slip once more, if the kiosk offers it."""
    if kiosk.app is None or not printer_ready(kiosk.app.state):
        return False
    kiosk.app.tap("print-again")
    return True


def _leave(kiosk: KioskMachine) -> None:
    """Touch the button that ends a visit."""
    if kiosk.app is not None:
        kiosk.app.tap("done")


def _page(kiosk: KioskMachine) -> Page | None:
    """Return what a kiosk shows; None while it is dark."""
    return kiosk.app.state.page if kiosk.app is not None else None


def _inviting(kiosk: KioskMachine) -> bool:
    """Whether a kiosk shows the hall and takes numbers."""
    state: State | None = kiosk.app.state if kiosk.app else None
    return state is not None and state.online and state.plan is not None and not state.busy


class Clerk:
    """Serves one window, from the console in the browser and with the keys of the caller."""

    def __init__(self, world: World, server: Server, box: WindowBox, citizens: Citizens) -> None:
        self._world = world
        self._server = server
        self._box = box
        self._citizens = citizens
        self._window = box.name
        self._chance = world.chance(f"clerk:{box.name}")
        self._count = 0

    async def work(self) -> None:
        """Do one thing after the other until cancelled."""
        await asyncio.sleep(self._chance.uniform(0, 5))
        while True:
            await asyncio.sleep(self._chance.uniform(0.3, 1.2))
            state, ticket, held = await self._server.look(self._see)
            match state:
                case "closed":
                    clerk = f"E-{self._window}"
                    await self._do(c.OpenWindow, clerk=clerk, takeover=self._luck(0.1))
                case "idle":
                    await self._idle(held)
                case "called":
                    await self._called(ticket)
                case "serving":
                    await self._serving()
                case "paused":
                    await asyncio.sleep(self._chance.uniform(1, 10))
                    await self._press(c.ResumeWindow, "resume")

    def _see(self, hall: Hall) -> tuple[str, str, str]:
        """Return the window's state, the ticket at it and the first held one."""
        window = hall.windows.get(self._window)
        if window is None:
            return "not in the plan", "", ""
        ticket = window.ticket.id if window.ticket else ""
        return window.state, ticket, window.held[0].id if window.held else ""

    async def _idle(self, held: str) -> None:
        if held and (self._world.calm or self._luck(0.5)):
            await self._do(c.BringBack, ticket=held)
        elif self._luck(0.03):
            await self._do(c.PauseWindow, reason=LUNCH)
        elif self._luck(0.02):
            await self._press(c.PauseWindow, "pause", reason=LUNCH)
        elif self._luck(0.03):
            await self._do(c.CloseWindow)
        else:
            await self._press(c.CallNext, "call-next")

    async def _called(self, ticket: str) -> None:
        if not self._citizens.stays_away(ticket):
            await asyncio.sleep(self._chance.uniform(0.5, 8))
            await self._press(c.Start, "start")
        elif self._luck(0.1):
            await self._do(c.Return)
        else:
            await asyncio.sleep(self._chance.uniform(3, 7))
            await self._press(c.Recall, "recall")
            await asyncio.sleep(self._chance.uniform(3, 7))
            await self._press(c.Miss, "missed")

    async def _serving(self) -> None:
        await asyncio.sleep(self._chance.uniform(2, 4 if self._world.calm else 14))
        if self._luck(0.06):
            await self._do(c.Hold)
        elif self._luck(0.08):
            await self._do(c.Transfer, queue=self._chance.choice("ABGC"))
        elif self._luck(0.05):
            await self._do(c.Return)
        else:
            if self._luck(0.1):
                await self._do(c.AddNote, text="材料齐全")
            await self._press(c.Complete, "complete")

    def _luck(self, probability: float) -> bool:
        """Whether the clerk does this unusual thing now; nobody does while the dust settles."""
        return self._chance.random() < probability and not self._world.calm

    async def _press(self, kind: type[c.WindowCommand], key: KeyAction, **facts: Any) -> None:
        """Do a command with the console or, more often, with the caller's key."""
        if self._box.alive and self._chance.random() < 0.6:
            self._box.press(key)
            if self._luck(0.05):
                self._box.press(key)
            await asyncio.sleep(self._chance.uniform(1.0, 3.0))
        else:
            await self._do(kind, **facts)

    async def _do(self, kind: type[c.WindowCommand], **facts: Any) -> None:
        self._count += 1
        await self._server.ask(
            kind(
                id=f"{self._window}-{self._count}",
                actor=f"clerk:E-{self._window}",
                window=self._window,
                **facts,
            )
        )


async def guide(world: World, server: Server) -> None:
    """Bring missed tickets back into their lines until cancelled, some of them."""
    chance = world.chance("guide")
    count = 0

    def look_around(hall: Hall) -> tuple[list[str], list[str]]:
        missed = [t.id for t in hall.tickets.values() if t.state == "missed"]
        open_windows = [w for w, now in hall.windows.items() if now.state != "closed"]
        return missed, open_windows

    while True:
        await asyncio.sleep(chance.uniform(5, 20))
        missed, windows = await server.look(look_around)
        if missed and windows and not world.calm:
            count += 1
            await server.ask(
                c.BringBack(
                    id=f"guide-{count}",
                    actor="guide:G1",
                    window=chance.choice(windows),
                    ticket=chance.choice(missed),
                )
            )
