"""Small pages beside the console and the phone page: first page, windows, password, wall board.

Values first, HTML from them; the templates extend those of `paihao_server.web.pages`.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from paihao_hall.contract import Board, QueueLine, WindowMode
from paihao_hall.plan import HallPlan, Text
from paihao_server.accounts_db import Role
from paihao_server.web.pages import assets, render
from paihao_server.web.pages.views import WindowChoice
from paihao_server.web.pages.words import KINDS, STATES

ROLES: Final[dict[Role, str]] = {
    "clerk": "窗口人员",
    "guide": "导办",
    "manager": "大厅主管",
    "auditor": "审计员",
    "admin": "账号管理员",
}
WEAK_PASSWORDS: Final[dict[str, str]] = {
    "short": "新密码至少 10 个字符",
    "simple": "新密码太简单：大写、小写、数字、符号至少用三种，或写到 16 个字符",
    "name": "新密码里不能有工号",
    "same": "新密码不能和原来的一样",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeWindow:
    """A window on the first page; ``ticket`` is the number at it."""

    id: str
    number: str
    state: WindowMode
    clerk: str
    ticket: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeZone:
    """A zone on the first page."""

    id: str
    name: str
    floor: str
    waiting: int
    windows: tuple[HomeWindow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HomePage:
    """The hall at a glance; ``console`` says whether this person may open consoles."""

    hall: str
    staff: str
    role: Role
    zones: tuple[HomeZone, ...]
    console: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowsPage:
    """Choosing a window after the login; ``mine`` is the one that this person has open."""

    hall: str
    staff: str
    role: Role
    csrf: str
    mine: str
    choices: tuple[WindowChoice, ...]
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordPage:
    """Setting one's own password; ``first`` says that it must be done now."""

    staff: str
    first: bool
    csrf: str
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WallRow:
    """A queue on the wall: ``says`` is the wait, or why there is none."""

    name: str
    waiting: int
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WallPage:
    """The board of a zone in a browser; times are local."""

    zone: Text
    floor: str
    board: Board
    at: datetime
    rows: tuple[WallRow, ...]
    stream_url: str


def home(page: HomePage) -> str:
    """Return the first page."""
    return _ENVIRONMENT.get_template("home.html").render(page=page)


def windows(page: WindowsPage) -> str:
    """Return the choice of a window."""
    return _ENVIRONMENT.get_template("windows.html").render(page=page)


def password(page: PasswordPage) -> str:
    """Return the password page."""
    return _ENVIRONMENT.get_template("password.html").render(page=page)


def wall(page: WallPage) -> str:
    """Return the whole wall board."""
    return _ENVIRONMENT.get_template("wall.html").render(page=page)


def wall_region(page: WallPage) -> str:
    """Return the part of the wall board that changes."""
    return _ENVIRONMENT.get_template("wall_board.html").render(page=page)


def wall_row(plan: HallPlan, line: QueueLine) -> WallRow:
    """Return what the wall says of a queue."""
    name = plan.queue_by_id[line.queue].name.zh
    match line.state:
        case "closed":
            says = "今日不办"
        case "full":
            says = "今日号已满"
        case "paused":
            says = f"暂停至 {line.until}" if line.until else "暂停"
        case _:
            wait = line.wait
            says = f"约 {render.minutes_range((wait.low_s, wait.high_s))} 分钟" if wait else ""
    return WallRow(name=name, waiting=line.waiting, says=says)


def _environment() -> Environment:
    here = Path(__file__).parent
    environment = Environment(
        loader=FileSystemLoader([here / "templates", here / "pages" / "templates"]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        asset=assets.url,
        states=STATES,
        kinds=KINDS,
        roles=ROLES,
        wall_region=wall_region,
        by_zone=render.by_zone,
    )
    return environment


_ENVIRONMENT: Final = _environment()
