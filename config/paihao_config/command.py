"""The command ``paihao check``: says what is wrong in a hall file.

Findings of a file that can be used go to stdout with a line that sums the hall up; those of a
file that cannot go to stderr. With ``--json`` one JSON object goes to stdout in both cases.
"""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Any, Final, NoReturn

from paihao_config.findings import Finding, HallFileError
from paihao_config.loader import HallFile, read

OK: Final = 0
FAILED: Final = 1
WRONG_USE: Final = 2


class _WrongUseError(Exception):
    """The words of the command line do not fit."""


class _Parser(ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise _WrongUseError(message)


def check(argv: list[str]) -> int:
    """Check a hall file: every error with its line and key, warnings, advice.

    Args:
        argv: the words after ``paihao check``.

    Returns:
        0 when the file can be used, also with warnings; 1 when not; 2 for wrong use.
    """
    parser = _Parser(prog="paihao check", description="检查大厅文件 / Check a hall file.")
    parser.add_argument("file", help="大厅文件 / hall file (TOML)")
    parser.add_argument("--json", action="store_true", help="给程序看 / for machines")
    try:
        words = parser.parse_args(argv)
    except _WrongUseError as error:
        sys.stderr.write(f"paihao check: {error}; see paihao check --help\n")
        return WRONG_USE
    except SystemExit:  # argparse has printed the help
        return OK
    try:
        hall_file = read(words.file)
    except HallFileError as error:
        if words.json:
            _write_json(words.file, None, error.findings)
        else:
            sys.stderr.write(f"{error}\n")
        return FAILED
    if words.json:
        _write_json(words.file, hall_file, hall_file.findings)
    else:
        for finding in hall_file.findings:
            sys.stdout.write(f"{finding}\n")
        sys.stdout.write(f"{_summary(hall_file)}\n")
    return OK


def _summary(hall_file: HallFile) -> str:
    plan = hall_file.plan
    return (
        f"{plan.name.zh}: {len(plan.zones)} zones, {len(plan.windows)} windows, "
        f"{len(plan.queues)} queues, {len(plan.services)} services; "
        f"revision {plan.revision}; 可以用 ok"
    )


def _write_json(file: str, hall_file: HallFile | None, findings: Sequence[Finding]) -> None:
    answer: dict[str, Any] = {
        "file": file,
        "ok": hall_file is not None,
        "revision": hall_file.plan.revision if hall_file else None,
        "findings": [finding.as_dict() for finding in findings],
    }
    sys.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2) + "\n")
