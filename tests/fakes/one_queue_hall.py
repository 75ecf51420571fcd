"""A hall file with one zone, one queue and as many windows as wanted: for loads and races."""

from pathlib import Path

_TEXT = """
version = 1
[hall]
id = "{hall}"
name = "一队大厅 | One queue"
[[zones]]
id = "Z"
name = "一区 | One"
floor = "1"
[[queues]]
id = "A"
prefix = "A"
name = "业务 | Business"
zone = "Z"
kind = "comprehensive"
[[services]]
id = "s"
name = "事项 | Service"
zone = "Z"
queue = "A"
[[windows]]
ids = "W{first}-W{windows}"
numbers = "1-{windows}"
zone = "Z"
kinds = ["comprehensive"]
serves = ["A"]
"""


def one_queue_hall(folder: Path, hall: str, windows: int) -> Path:
    """Write the file; service ``s``, windows ``W01`` … with as many digits as the last needs."""
    path = folder / f"{hall}.toml"
    first = f"{1:0{len(str(windows))}d}"
    path.write_text(_TEXT.format(hall=hall, windows=windows, first=first), encoding="utf-8")
    return path
