"""One hall's server: log, dispatcher, broker, bus, web and what follows the log, in one process.

`HallServer.run` recovers the hall from its log, listens, and serves until cancelled or until a
commit fails. Everything it needs is passed in, so that a demo and the tests run the same server.
"""

import asyncio
import errno
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import msgspec
from aiohttp import web

from paihao_config.diff import differences
from paihao_config.findings import HallFileError
from paihao_config.loader import HallFile, read
from paihao_config.watch import watch
from paihao_hall import views
from paihao_hall.commands import ChangePlan
from paihao_hall.plan import HallPlan
from paihao_hall.refusals import RefusedError
from paihao_runtime.bus import Bus, Faults
from paihao_runtime.clock import Clock, RealClock
from paihao_runtime.mqtt import BrokerUrl, MqttBus
from paihao_server.accounts import Accounts
from paihao_server.accounts_db import AccountsDb
from paihao_server.broker.embedded import EmbeddedBroker
from paihao_server.bus_figures import BusFigures
from paihao_server.credentials import SERVER, CredentialFile
from paihao_server.dispatcher import Dispatcher
from paihao_server.folder import DataFolder
from paihao_server.gateway import Gateway
from paihao_server.ids import command_id
from paihao_server.log.sqlite import SqliteLog
from paihao_server.projections.projector import Projector
from paihao_server.publisher import Publisher
from paihao_server.web.app import build_app, build_runner
from paihao_server.web.site import SITE

log = logging.getLogger(__name__)

LOOPBACK: Final = "127.0.0.1"
_THIS_MACHINE: Final = (LOOPBACK, "localhost", "::1")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where to listen; port 0 takes a free one."""

    host: str
    port: int


@dataclass(frozen=True, slots=True)
class Settings:
    """How a hall's server is started.

    Attributes:
        mqtt: an endpoint runs the embedded broker there, a URL uses that broker.
        phone_url: base of the phone pages' addresses in place of the hall file's.
        behind_tls: browsers come through a TLS proxy, so that cookies never travel in the clear.
        support: whom a clerk calls when the server is lost; shown on the console.
    """

    hall_file: Path
    data: Path
    http: Endpoint
    mqtt: Endpoint | str
    phone_url: str = ""
    behind_tls: bool = False
    support: str = ""


@dataclass(frozen=True, slots=True)
class Ready:
    """The server listens here; ``mqtt`` is a URL for devices, without name and secret."""

    http: str
    mqtt: str
    seq: int


class ListenError(Exception):
    """Browsers cannot be served at the address that was asked for."""


class HallServer:
    """The server of one hall.

    Attributes:
        dispatcher, bus, gateway: the running parts, there once `run` said it is ready.
    """

    dispatcher: Dispatcher
    bus: Bus
    gateway: Gateway

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        extend: Callable[[web.Application], None] | None = None,
    ) -> None:
        """Store what is given; ``extend`` may add routes to the web application."""
        self._settings = settings
        self._extend = extend
        self._clock = clock
        self._folder = DataFolder(settings.data)
        self.faults = Faults()

    async def run(self, ready: Callable[[Ready], None]) -> None:
        """Serve until cancelled.

        Args:
            ready: called once, when kiosks and browsers can be served.

        Raises:
            HallFileError, LogError, BrokerError, ListenError, FolderInUseError, OSError: it
                cannot start;
                nothing was changed.
            ExceptionGroup: of a `LogFailedError` when a commit failed.
        """
        hall_file = read(self._settings.hall_file)
        plan = self._plan(hall_file.plan)
        if unread := unreadable_codes(plan.phone_url, self._settings.http.host):
            log.warning(unread)
        with self._folder.locked():
            event_log = SqliteLog.open(self._folder.log)
            try:
                await self._serve(plan, hall_file, event_log, ready)
            finally:
                await event_log.close()

    async def _serve(
        self,
        plan: HallPlan,
        hall_file: HallFile,
        event_log: SqliteLog,
        ready: Callable[[Ready], None],
    ) -> None:
        dispatcher = Dispatcher(event_log, self._clock)
        refusal = await dispatcher.start(plan)
        if refusal is not None:
            _refuse_plan([str(refusal)])
        projector = Projector(self._folder.projections, event_log)
        dispatcher.on_records(projector.notice)
        async with AsyncExitStack() as stack:
            bus, mqtt_url = await stack.enter_async_context(self._bus(plan.id))
            publisher = Publisher(dispatcher, bus, dispatcher.clock)
            self.dispatcher, self.bus = dispatcher, bus
            self.gateway = Gateway(dispatcher, bus, plan.id, self.faults)
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(dispatcher.run(), name="dispatcher")
                tasks.create_task(bus.run(), name="bus")
                tasks.create_task(publisher.run(), name="publisher")
                tasks.create_task(projector.run(), name="projector")
                tasks.create_task(self._follow_hall_file(hall_file), name="hall file")
                http_url = await stack.enter_async_context(self._web(dispatcher))
                ready(Ready(http_url, mqtt_url, event_log.last_seq))

    @asynccontextmanager
    async def _bus(self, hall: str) -> AsyncIterator[tuple[Bus, str]]:
        """Give the bus and the broker's URL; stop an embedded broker at the end."""
        credentials = CredentialFile(self._folder.path)
        secret = credentials.server_secret()
        mqtt = self._settings.mqtt
        if isinstance(mqtt, str):
            url = BrokerUrl.parse(mqtt)
            if url.name is None:
                url = replace(url, name=SERVER, secret=secret)
            yield MqttBus(url, client_id=SERVER), str(url)
            return
        broker = EmbeddedBroker(hall, credentials, host=mqtt.host, port=mqtt.port)
        await broker.start()
        try:
            yield broker.bus, f"mqtt://{mqtt.host}:{broker.port}"
        finally:
            await broker.stop()

    @asynccontextmanager
    async def _web(self, dispatcher: Dispatcher) -> AsyncIterator[str]:
        """Serve browsers and integrators; give the base URL."""
        accounts_db = AccountsDb(self._folder.accounts)
        app = build_app(
            dispatcher,
            Accounts(accounts_db, RealClock()),
            secure=self._settings.behind_tls,
            support=self._settings.support,
        )
        app[SITE].metrics.registry.register(BusFigures(self.bus, self.gateway, self.faults))
        if self._extend is not None:
            self._extend(app)
        runner = build_runner(app)
        await runner.setup()
        try:
            host, port = self._settings.http.host, self._settings.http.port
            try:
                await web.TCPSite(runner, host, port).start()
            except OSError as error:
                in_use = error.errno == errno.EADDRINUSE
                raise ListenError(
                    f"HTTP {host}:{port}: {'the port is in use' if in_use else error.strerror}"
                ) from error
            yield f"http://{host}:{runner.addresses[0][1]}"
        finally:
            await runner.cleanup()
            accounts_db.close()

    def _plan(self, plan: HallPlan) -> HallPlan:
        """Return the plan with the address under which phones reach this server."""
        phone_url = self._settings.phone_url
        if not phone_url:
            return plan
        revision = f"{plan.revision}@{phone_url}"
        return msgspec.structs.replace(plan, phone_url=phone_url, revision=revision)

    async def _follow_hall_file(self, known: HallFile) -> None:
        """Put each changed hall file in force that is right; keep the last good one."""
        async for found in watch(self._settings.hall_file, known):
            if isinstance(found, HallFileError):
                _refuse_plan([str(finding) for finding in found.findings])
                continue
            plan = self._plan(found.plan)
            changes = differences(views.plan_of(self.dispatcher.hall), plan)
            command = ChangePlan(id=command_id(), actor="server:hall-file", plan=plan)
            try:
                await self.dispatcher.submit(command)
            except RefusedError as refused:
                _refuse_plan([str(refused)])
                continue
            for change in changes:
                log.info("hall file: %s", change.text.en)
            log.info(
                "hall file %s is in force as %s", self._settings.hall_file, found.plan.revision
            )


def _refuse_plan(lines: Sequence[str]) -> None:
    for line in lines:
        log.error("hall file refused, the old plan stays in force: %s", line)


def unreadable_codes(phone_url: str, http_host: str) -> str:
    """Return a warning when the tickets' QR codes lead phones to themselves, or nothing.

    A server that listens on this machine only is being tried out; nobody scans its tickets.
    """
    if http_host in _THIS_MACHINE or urlsplit(phone_url).hostname not in _THIS_MACHINE:
        return ""
    return (
        f"phone_url {phone_url}: a phone that scans a ticket finds nothing there; set it in the "
        "hall file or by --phone-url to this server's address as phones reach it"
    )
