"""Random trouble at random moments, in virtual time: the driver never says more than it knows."""

import asyncio
import random
from collections import Counter
from datetime import UTC, datetime

import pytest

from paihao_drivers.emulator.outlets import PipeOutlet
from paihao_drivers.emulator.printer import EmulatedPrinter
from paihao_drivers.printer.driver import Printer, PrintResult
from paihao_drivers.printer.profile import PAPER_80MM
from paihao_runtime import virtual_time

START = datetime(2026, 3, 18, 2, 24, tzinfo=UTC)
JOBS = 25


def ticket(job: str) -> bytes:
    return b"\x1b@" + (job.encode() + b"\n") * 40 + b"\x1dV\x00"


async def trouble(device: EmulatedPrinter, outlet: PipeOutlet, chance: random.Random) -> None:
    """Break something, mend it a little later, for ever."""
    while True:
        await asyncio.sleep(chance.uniform(0, 12))
        pause = chance.uniform(0, 6)
        match chance.randrange(7):
            case 0:
                device.run_out_of_paper(after_bytes=chance.randrange(400))
                await asyncio.sleep(pause)
                device.load_paper()
            case 1:
                device.set_cover_open()
                await asyncio.sleep(pause)
                device.set_cover_open(False)
            case 2:
                device.set_silent()
                await asyncio.sleep(3 * pause)
                device.set_silent(False)
            case 3:
                device.jam_at_next_cut()
                await asyncio.sleep(pause)
                device.clear_jam()
            case 4:
                await outlet.unplug()
                await asyncio.sleep(pause)
                outlet.plug_in()
            case 5:
                device.power_cycle()
            case _:
                device.set_near_end(chance.random() < 0.5)


@pytest.mark.parametrize("seed", range(40))
def test_printed_means_once_on_paper_and_not_printed_means_never(seed: int) -> None:
    async def main(_: object) -> None:
        chance = random.Random(seed)
        device = EmulatedPrinter(mm_per_s=60)
        outlet = PipeOutlet(device)
        printer = Printer("slip-1", PAPER_80MM, outlet.open, chance=chance)
        playing = asyncio.create_task(outlet.run(), name="outlet")
        breaking = asyncio.create_task(trouble(device, outlet, chance), name="trouble")
        results = {}
        for number in range(JOBS):
            job = f"T{number:03}"
            await printer.print_slip(job, ticket(job))
            # An impatient caller: only a job of which nothing was sent is really tried again.
            results[job] = (await printer.print_slip(job, ticket(job))).result
            await asyncio.sleep(chance.uniform(0, 2))
        breaking.cancel()
        device.load_paper()
        device.set_cover_open(False)
        device.clear_jam()
        await asyncio.sleep(60)
        playing.cancel()
        await asyncio.gather(playing, breaking, return_exceptions=True)

        on_paper = Counter(slip.data for slip in device.slips)
        for job, result in results.items():
            times = on_paper[ticket(job)]
            allowed = {
                PrintResult.PRINTED: {1},
                PrintResult.NOT_PRINTED: {0},
                PrintResult.UNSURE: {0, 1},
            }
            assert times in allowed[result], (job, result)

    virtual_time.run(main, START)
