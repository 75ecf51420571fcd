"""Runs every measurement, or those named: ``python -m bench core load size bus pixels``."""

import subprocess
import sys
from typing import Final

MEASUREMENTS: Final = {
    "core": "bench.core_against_simpy",
    "size": "bench.size_of_day",
    "load": "bench.server_load",
    "bus": "bench.bus",
    "pixels": "bench.key_to_pixels",
}


def main(names: list[str]) -> int:
    """Run measurements one after the other, each in a process of its own."""
    unknown = [name for name in names if name not in MEASUREMENTS]
    if unknown:
        sys.stderr.write(f"bench: no measurement {unknown[0]!r}; there are {list(MEASUREMENTS)}\n")
        return 2
    failed = 0
    for name in names or MEASUREMENTS:
        sys.stdout.write(f"\n== {name}\n")
        sys.stdout.flush()
        failed |= subprocess.run([sys.executable, "-m", MEASUREMENTS[name]], check=False).returncode
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
