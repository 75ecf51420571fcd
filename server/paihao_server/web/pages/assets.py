"""The static files of the pages: style, script, font.

Their address holds a short hash of all of them (``/static/{version}/console.css``), so a browser
keeps a file for a year and still takes the new one after an update; files refer to each other
by relative addresses and so carry the same version.
"""

import hashlib
from pathlib import Path
from typing import Final

from aiohttp import web

STATIC: Final = Path(__file__).parent / "static"
ROUTE: Final = "/static/{version}/{name:.+}"

_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".woff2": "font/woff2",
    ".svg": "image/svg+xml",
}
_FOREVER: Final = "public, max-age=31536000, immutable"
_BRIEFLY: Final = "no-cache"


def _version() -> str:
    """Hash names and contents of all files, in a fixed order."""
    digest = hashlib.sha256()
    for path in sorted(STATIC.rglob("*")):
        if path.suffix in _TYPES:
            digest.update(path.relative_to(STATIC).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


VERSION: Final = _version()


def url(name: str) -> str:
    """Return the address of a static file such as ``console.css``."""
    return f"/static/{VERSION}/{name}"


async def serve(request: web.Request) -> web.StreamResponse:
    """Answer ``GET`` of `ROUTE`; an old version gets the present file, not to be kept."""
    name = request.match_info["name"]
    if not name.isprintable():
        raise web.HTTPNotFound
    path = (STATIC / name).resolve()
    if not path.is_relative_to(STATIC.resolve()) or path.suffix not in _TYPES or not path.is_file():
        raise web.HTTPNotFound
    fresh = request.match_info["version"] == VERSION
    return web.FileResponse(
        path,
        headers={
            "Content-Type": _TYPES[path.suffix],
            "Cache-Control": _FOREVER if fresh else _BRIEFLY,
        },
    )
