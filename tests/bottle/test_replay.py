"""A seed is one day and no other: in this process, in another, and from its log."""

import os
import subprocess
import sys

from tests.bottle.bottle import run_seed

ANOTHER_PROCESS = """
import hashlib
from tests.bottle.bottle import run_seed
report = run_seed(7)
print(report.trace_hash, hashlib.sha256(report.log).hexdigest())
"""


def test_same_seed_gives_the_same_log_and_the_same_trace() -> None:
    first, second = run_seed(3), run_seed(3)
    assert first.tickets > 30
    assert first.log == second.log
    assert first.trace_hash == second.trace_hash
    assert first.happened == second.happened
    assert run_seed(4).trace_hash != first.trace_hash


def test_same_seed_gives_the_same_day_in_another_process_with_other_hashes() -> None:
    told = {
        subprocess.run(
            [sys.executable, "-c", ANOTHER_PROCESS],
            env={**os.environ, "PYTHONHASHSEED": hashes, "PYTHONPATH": os.pathsep.join(sys.path)},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for hashes in ("1", "2")
    }
    assert len(told) == 1
