"""Kiosks and clerks that never give up: the load under which the server is killed."""

import asyncio
from dataclasses import dataclass, field

import aiohttp

from paihao_hall.contract import KIOSK_REPLY, KIOSK_REQUEST, IssuedTicket, KioskReply, KioskRequest
from paihao_runtime.bus import Faults, listen, send
from paihao_runtime.mqtt import BrokerUrl, MqttBus

AGAIN_S = 0.5
"""A kiosk asks again after this time, with the same id."""


@dataclass
class Kiosk:
    """A kiosk on MQTT that takes numbers one after the other.

    Attributes:
        tickets: those that were acknowledged, by request id.
    """

    name: str
    url: BrokerUrl
    hall: str
    service: str
    tickets: dict[str, IssuedTicket] = field(default_factory=dict)

    async def take(self, count: int) -> None:
        """Take ``count`` numbers, asking again until each is answered."""
        bus = MqttBus(self.url, self.name)
        faults = Faults()
        answered = asyncio.Event()

        def hear(reply: KioskReply, _: dict[str, str]) -> None:
            assert reply.ok, reply.error
            assert reply.ticket is not None
            first = self.tickets.setdefault(reply.id, reply.ticket)
            assert first.number == reply.ticket.number, "one press, two numbers"
            answered.set()

        listen(bus, KIOSK_REPLY, hear, faults, hall=self.hall, kiosk=self.name)
        running = asyncio.create_task(bus.run(), name=self.name)
        try:
            for number in range(count):
                request = KioskRequest(id=f"r{number}", service=self.service)
                while request.id not in self.tickets:
                    answered.clear()
                    send(bus, KIOSK_REQUEST, request, hall=self.hall, kiosk=self.name)
                    try:
                        await asyncio.wait_for(answered.wait(), AGAIN_S)
                    except TimeoutError:
                        continue
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
        assert faults.total == 0


@dataclass
class Clerk:
    """A clerk on HTTP who calls, starts and completes; retries with the same key.

    Attributes:
        called: tickets whose call was acknowledged, in order.
    """

    window: str
    base: str
    token: str
    called: list[str] = field(default_factory=list)
    _keys: int = 0

    async def open(self, http: aiohttp.ClientSession) -> None:
        """Open the window."""
        assert (await self.press(http, "open", {}))[0] == 200

    async def call_next(self, http: aiohttp.ClientSession) -> str | None:
        """Call the next ticket; None when nobody waits."""
        status, body = await self.press(http, "call-next", {})
        assert status == 200, body
        if body["ticket"] is None:
            return None
        self.called.append(body["ticket"]["id"])
        return self.called[-1]

    async def serve(self, http: aiohttp.ClientSession, visits: int) -> None:
        """Serve visits one after the other; waits a moment when nobody waits."""
        while visits:
            if await self.call_next(http) is None:
                await asyncio.sleep(0.05)
                continue
            for action, body in (("start", {}), ("complete", {"outcome": "accepted"})):
                status, answer = await self.press(http, action, body)
                assert status == 200, answer
            visits -= 1

    async def press(
        self, http: aiohttp.ClientSession, action: str, body: dict[str, str]
    ) -> tuple[int, dict]:  # type: ignore[type-arg]
        """Press once; the same press is repeated until the server answers."""
        self._keys += 1
        headers = {
            "Authorization": f"Bearer {self.token}",
            "Idempotency-Key": f"{self.window}-{self._keys}",
        }
        url = f"{self.base}/api/v1/windows/{self.window}/{action}"
        while True:
            try:
                async with http.post(url, json=body, headers=headers) as response:
                    if response.status != 503:
                        return response.status, await response.json(content_type=None)
            except (aiohttp.ClientError, ConnectionError):
                pass
            await asyncio.sleep(0.1)
