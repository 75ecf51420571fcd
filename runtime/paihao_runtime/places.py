"""Where the files that come with Paihao are: sample halls, voice clips, service units.

In a clone they lie beside the source roots (``config/halls``, ``sounds``, ``systemd``); an
installed wheel puts them under ``share/paihao`` of its environment.
"""

import sysconfig
from pathlib import Path
from typing import Final, Literal

Kind = Literal["halls", "sounds", "systemd"]

_IN_CLONE: Final[dict[Kind, str]] = {
    "halls": "config/halls",
    "sounds": "sounds",
    "systemd": "systemd",
}


def shipped(kind: Kind) -> Path:
    """Return the folder that holds the shipped files of a kind.

    Args:
        kind: which files.

    Returns:
        An absolute path; it may be missing when the installation is damaged.
    """
    clone = Path(__file__).resolve().parents[2]
    if (clone / "pyproject.toml").is_file():
        return clone / _IN_CLONE[kind]
    return Path(sysconfig.get_path("data")) / "share" / "paihao" / kind
