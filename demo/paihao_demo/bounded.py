"""A demo that ends by itself: so many minutes, then settle, stop, count and say what was found."""

import asyncio
import logging
import shutil
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import msgspec

from paihao_demo.faults import Planned
from paihao_demo.hall import DemoHall
from paihao_demo.recount import recount
from paihao_demo.tally import Counts
from paihao_server.folder import DataFolder
from paihao_server.log.sqlite import connect
from paihao_server.log.verify import verify

log = logging.getLogger(__name__)

SUMMARY: Final = "summary.json"


class UnequalError(Exception):
    """The demo ended, but what was counted does not agree; the message says what."""


async def run_bounded(demo: DemoHall, minutes: float, planned: tuple[Planned, ...]) -> Counts:
    """Run a demo for so many wall minutes and leave its results.

    Args:
        demo: not yet running; its folder of results gets pictures, tickets and the summary.
        minutes: of wall time.
        planned: faults to inject on the way.

    Returns:
        The figures, equal at the far end and in the log.

    Raises:
        UnequalError: they are not equal, or the hall did not come to rest.
    """
    loop = asyncio.get_running_loop()
    started = demo.clock.now()
    async with demo.running():
        end_s = loop.time() + minutes * 60
        async with asyncio.TaskGroup() as tasks:
            for fault in planned:
                tasks.create_task(demo.inject(fault), name=f"fault-{fault.kind}")
            await asyncio.sleep(max(0.0, end_s - loop.time()))
        settled = await demo.settle()
        for kiosk in demo.kiosks.values():
            demo.album.last(f"kiosk/{kiosk.id}-end.png", kiosk.glass)
        for board in demo.boards.values():
            demo.album.last(f"boards/{board.id}-end.png", board.glass)
        await demo.files.until_written()
    ended = demo.clock.now()
    folder = DataFolder(demo.wishes.data)
    first = demo.life.first
    counted = demo.tally.counts()
    recounted, visitor = await recount(folder.log, first.seq if first else 0)
    _empty_journal(folder.log)
    proof = verify(folder.log)
    out = demo.wishes.out
    summary: dict[str, Any] = {
        **asdict(recounted),
        "counted_at_the_far_end": asdict(counted),
        "equal": counted == recounted,
        "settled": settled,
        "hall": demo.plan.id,
        "seed": demo.wishes.seed,
        "busy": demo.citizens.busy,
        "from": started,
        "to": ended,
        "hall_minutes": round((ended - started) / timedelta(minutes=1), 1),
        "faults": demo.faults.done,
        "server_lives": demo.life.lives,
        "left_without_a_number": demo.citizens.gave_up,
        "visitor": dict(visitor),
        "events": proof.events,
        "log_head": proof.head,
        "loop_lag_ms": demo.lag.figures(),
    }
    if out is not None:
        _write(out / SUMMARY, summary)
        if folder.path != out:
            shutil.copyfile(folder.log, out / folder.log.name)
    if not settled:
        raise UnequalError("the hall did not come to rest")
    if counted != recounted:
        raise UnequalError(f"counted {counted}, but the log says {recounted}")
    return recounted


def _empty_journal(path: Path) -> None:
    """Bring everything into the log's one file, so that it can be carried away alone."""
    db = connect(path)
    try:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        db.close()


def _write(path: Path, summary: dict[str, Any]) -> None:
    path.write_bytes(msgspec.json.format(msgspec.json.encode(summary), indent=2) + b"\n")
