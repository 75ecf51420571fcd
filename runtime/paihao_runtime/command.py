"""The ``paihao`` command: finds its sub-commands through entry points and runs one of them.

A part offers a command by an entry point of group ``paihao.commands``: ``name =
"package.module:function"``. The function takes the words after the name and returns the exit
code: 0 success, 1 failure, 2 wrong use. `run_app` makes such a function out of a typer app.
Expected failures are raised as `CommandError` and shown in one line each on stderr.

``paihao --help`` reads the help lines from the source files without importing them, so that it
answers at once and works although the libraries of another part are not installed.
"""

import ast
import os
import select
import sys
from collections.abc import Callable, Iterable, Mapping
from importlib.metadata import EntryPoint, entry_points, version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import typer

GROUP: Final = "paihao.commands"
OK: Final = 0
FAILED: Final = 1
WRONG_USE: Final = 2
INTERRUPTED: Final = 130

_COMPLETION: Final = ("install_completion", "show_completion")

Command = Callable[[list[str]], int]


class CommandError(Exception):
    """A command cannot go on, and the person who typed it should know why.

    Attributes:
        lines: what to say, one problem per line, without the command's name.
        code: exit code; 1 for a failure, 2 for wrong use.
    """

    def __init__(self, *lines: str, code: int = FAILED) -> None:
        super().__init__("; ".join(lines))
        self.lines = lines
        self.code = code


def main(argv: list[str] | None = None) -> int:
    """Run ``paihao`` with the words of the command line and return its exit code."""
    return run(sys.argv[1:] if argv is None else argv, entry_points(group=GROUP))


def run(argv: list[str], offered: Iterable[EntryPoint]) -> int:
    """Run the sub-command that the first word names.

    Args:
        argv: the words after ``paihao``.
        offered: the sub-commands there are.

    Returns:
        The exit code: that of the sub-command, or 2 when there is no such command.
    """
    commands = {entry.name: entry for entry in offered}
    match argv:
        case [] | ["help"] | ["-h" | "--help"]:
            print_lines(_overview(commands))
            return OK if argv else WRONG_USE
        case ["--version"]:
            print_lines([f"paihao {version('paihao')}"])
            return OK
        case [name, *rest]:
            entry = commands.get(name)
            if entry is None:
                _complain("paihao", [f"no command {name!r}; see paihao --help"])
                return WRONG_USE
            return _run_one(entry, rest)
        case _:
            raise AssertionError(argv)


def run_app(app: "typer.Typer", argv: list[str], *, name: str) -> int:
    """Run a typer app as a sub-command: wrong use becomes a `CommandError` with one line.

    Args:
        app: the application; a callback's whole-number result is the exit code.
        argv: the words after the sub-command's name.
        name: of the sub-command, for its usage line.

    Returns:
        The exit code.

    Raises:
        CommandError: the words do not fit the app.
    """
    # Here, because typer brings rich and takes longer to import than most commands to run.
    from typer import Abort, TyperException
    from typer.main import get_command

    command = get_command(app)
    # Shell completion would be installed for the sub-command as if it were a program.
    command.params = [one for one in command.params if one.name not in _COMPLETION]
    try:
        result = command.main(argv, prog_name=f"paihao {name}", standalone_mode=False)
    except TyperException as error:
        # "Value error, " is pydantic's name for it and tells the reader nothing.
        says = error.format_message().replace("Value error, ", "")
        raise CommandError(*says.splitlines(), code=error.exit_code) from error
    except Abort as error:
        raise KeyboardInterrupt from error
    return result if isinstance(result, int) else OK


def help_line(entry: EntryPoint) -> str:
    """Return the first docstring line of a sub-command's function, read without importing it.

    Args:
        entry: the sub-command.

    Returns:
        The line, or nothing when the function or its docstring cannot be found.
    """
    try:
        spec = find_spec(entry.module)
    except ModuleNotFoundError:
        return ""
    if spec is None or spec.origin is None:
        return ""
    tree = ast.parse(Path(spec.origin).read_text(encoding="utf-8"))
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name == entry.attr:
            return (ast.get_docstring(node) or "").partition("\n")[0]
    return ""


def print_lines(lines: Iterable[str]) -> None:
    """Print what a command was asked for on stdout; the one place of the project that does."""
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()


def _overview(commands: Mapping[str, EntryPoint]) -> list[str]:
    width = max((len(name) for name in commands), default=0)
    return [
        "Usage: paihao COMMAND ...",
        "",
        "Runs the queue of a government service hall. Commands:",
        "",
        *(f"  {name:{width}}  {help_line(commands[name])}".rstrip() for name in sorted(commands)),
        "",
        "paihao COMMAND --help says more; paihao --version names the version.",
    ]


def _run_one(entry: EntryPoint, argv: list[str]) -> int:
    try:
        command: Command = entry.load()
        return command(argv)
    except CommandError as error:
        _complain(f"paihao {entry.name}", error.lines)
        return error.code
    except ModuleNotFoundError as error:
        # A kiosk box has no server libraries; anything of our own missing is a fault to be seen.
        if error.name is None or error.name.startswith("paihao_"):
            raise
        _complain(f"paihao {entry.name}", [f"needs the Python package {error.name}"])
        return FAILED
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        if not _reader_has_gone():
            raise
        return FAILED


def _reader_has_gone() -> bool:
    """Return whether stdout is closed at its far end (`paihao ... | head`), and forget it then."""
    output = sys.stdout.fileno()
    poll = select.poll()
    poll.register(output, 0)
    gone = any(happened & select.POLLERR for _, happened in poll.poll(0))
    if gone:
        # The interpreter flushes once more when it ends, which would complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), output)
    return gone


def _complain(who: str, lines: Iterable[str]) -> None:
    sys.stderr.write("".join(f"{who}: {line}\n" for line in lines))
