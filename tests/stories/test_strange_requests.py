"""Requests that no browser sends: each gets a plain no, and nobody learns anything by it."""

import asyncio
from pathlib import Path

import pytest

from tests.server.web_hall import WebHall, web_hall

PAGE = b"Host: hall\r\nConnection: close\r\nSec-Fetch-Site: same-origin\r\n"
TOKEN = b"Authorization: Bearer token-of-manager\r\n"
MACHINE = PAGE + TOKEN + b"Content-Type: application/json\r\n"
FORM = b"application/x-www-form-urlencoded"
PARTS = b"multipart/form-data; boundary=x"
OPEN = b"/api/v1/windows/w1/open"


def get(path: bytes, headers: bytes = b"") -> bytes:
    return b"GET %b HTTP/1.1\r\n%b%b\r\n" % (path, PAGE, headers)


def login(body: bytes, kind: bytes = FORM) -> bytes:
    head = b"%bContent-Type: %b\r\nContent-Length: %d\r\n" % (PAGE, kind, len(body))
    return b"POST /login HTTP/1.1\r\n%b\r\n%b" % (head, body)


def post(path: bytes, body: bytes, headers: bytes = b"") -> bytes:
    head = b"%b%bContent-Length: %d\r\n" % (MACHINE, headers, len(body))
    return b"POST %b HTTP/1.1\r\n%b\r\n%b" % (path, head, body)


STRANGE = {
    "token that is no text": (get(b"/api/v1/hall", b"Authorization: Bearer \xff\xfe\r\n"), 401),
    "cookie that is no text": (get(b"/api/v1/hall", b"Cookie: paihao_session=\xff\r\n"), 401),
    "another scheme": (get(b"/api/v1/hall", b"Authorization: Basic Zm9vOmJhcg==\r\n"), 401),
    "token in the address": (get(b"/api/v1/hall?token=token-of-manager"), 401),
    "phone page of no text": (get(b"/t/%ff%fe"), 404),
    "phone page of nothing": (get(b"/t/%00"), 404),
    "out of the phone pages": (get(b"/t/..%2f..%2fapi/v1/hall"), 404),
    "out of the static files": (get(b"/static/x/..%2f..%2fviews.py"), 404),
    "static file with a zero": (get(b"/static/x/%00.css"), 404),
    "static file with a long name": (get(b"/static/x/" + b"a" * 4000), 404),
    "wall of no text": (get(b"/wall/%ff"), 404),
    "form that is no text": (login(b"staff=a&password=\xff\xfe"), 400),
    "form in no encoding": (login(b"staff=a", FORM + b"; charset=foo"), 400),
    "parts without a boundary": (login(b"staff=a", b"multipart/form-data"), 400),
    "parts without an end": (login(b"--x\r\nContent-Disposition: form-data\r\n\r\na", PARTS), 400),
    "parts without a name": (login(b"--x\r\nA: b\r\n\r\na\r\n--x--\r\n", PARTS), 400),
    "form without an end": (login(b"a" * 70_000), 413),
    "packed body that is not packed": (post(OPEN, b"{}", b"Content-Encoding: gzip\r\n"), 400),
    "window of no text": (post(b"/api/v1/windows/%ff/open", b"{}", b"Idempotency-Key: k\r\n"), 404),
    "key of no text": (post(OPEN, b"{}", b"Idempotency-Key: \xff\r\n"), 400),
    "arrays without an end": (post(OPEN, b"[" * 60_000), 422),
    "objects in objects": (post(OPEN, b'{"clerk":' * 6000), 422),
    "not a number": (post(OPEN, b'{"takeover":NaN}'), 400),
    "half a character": (post(OPEN, b'{"clerk":"\\ud800"}'), 400),
    "number that never was": (get(b"/api/v1/events?after=-1", TOKEN), 400),
    "number of another log": (get(b"/api/v1/events?after=999", TOKEN), 400),
    "last event of another log": (get(b"/api/v1/events", TOKEN + b"Last-Event-ID: 999\r\n"), 400),
    "last event of no text": (get(b"/api/v1/events", TOKEN + b"Last-Event-ID: \xff\r\n"), 400),
}


@pytest.mark.parametrize("name", STRANGE)
async def test_strange_request_gets_a_plain_no_and_leaves_no_trace_of_a_fault(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    request, status = STRANGE[name]
    async with web_hall(tmp_path) as hall:
        answer = await send(hall, request)
    assert answer.startswith(b"HTTP/1.1 %d " % status), answer[:400]
    for secret in (b"Traceback", b"paihao_server", b"/site-packages", b"aiohttp", b"token-of"):
        assert secret not in answer
    assert [r.message for r in caplog.records if r.name.startswith("paihao")] == []


async def test_requests_sent_without_waiting_are_answered_in_their_order(tmp_path: Path) -> None:
    async with web_hall(tmp_path) as hall:
        body = b'{"service":"sA"}'
        more = post(b"/api/v1/tickets", body).replace(b"Connection: close", b"Connection: x")
        answer = await send(hall, more * 20 + post(b"/api/v1/tickets", body))
        numbers = [part.split(b'"')[0] for part in answer.split(b'"number":"')[1:]]
        assert numbers == [b"A%03d" % n for n in range(1, 22)]


async def send(hall: WebHall, request: bytes) -> bytes:
    """Send these very bytes and return all that comes back."""
    reader, writer = await asyncio.open_connection(hall.client.host, hall.client.port)
    writer.write(request)
    try:
        return await asyncio.wait_for(reader.read(-1), 5)
    finally:
        writer.close()
