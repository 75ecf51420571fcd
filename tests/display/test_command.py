"""The commands: a board and a speaker as real processes on a real broker, and voices by hand."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from paihao_display.command import display, voice
from paihao_display.sound import read_wav, write_wav
from paihao_hall.contract import (
    BEAT,
    BOARD,
    CATALOGUE,
    DEVICE_ACK,
    DEVICE_STATUS,
    ZONE_CALL,
    Beat,
    Catalogue,
    DeviceAck,
    DeviceStatus,
    ZoneCall,
)
from paihao_hall.plan import Device
from paihao_runtime.bus import Faults, listen, send
from paihao_runtime.command import CommandError
from paihao_runtime.places import shipped
from tests.display.halls import PLAN, call, snapshot
from tests.fakes.brokers import HALL, RunningBroker, running_broker

WAIT_S = 30.0
PLAN_HERE = msgspec.structs.replace(
    PLAN,
    devices=(
        Device(id="board-1", kind="board", zones=("homes",)),
        Device(id="speaker-1", kind="speaker", zones=("homes",)),
    ),
)


@asynccontextmanager
async def paihao_display(
    broker: RunningBroker, device: str, folder: Path, *words: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run ``paihao display`` with the login of a device; it must end well when asked to."""
    secret = folder / f"{device}.secret"
    secret.write_text(broker.secrets[device], encoding="utf-8")
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "paihao_runtime", "display",
        "--id", device, "--hall", HALL, "--mqtt", f"mqtt://127.0.0.1:{broker.port}",
        "--secret-file", str(secret), *words,
        env={**os.environ, "SDL_VIDEODRIVER": "dummy"},
    )  # fmt: skip
    try:
        yield process
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), WAIT_S) == 0
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


@pytest.mark.real
async def test_board_and_speaker_run_as_processes_on_mosquitto(tmp_path: Path) -> None:
    acks: asyncio.Queue[DeviceAck] = asyncio.Queue()
    online: asyncio.Queue[tuple[str, DeviceStatus]] = asyncio.Queue()
    faults = Faults()
    speaks = ("--speaker", "--times", "1")
    frames, said = tmp_path / "frames", tmp_path / "said"
    async with running_broker("mosquitto", tmp_path) as broker, asyncio.TaskGroup() as tasks:
        server = broker.bus
        listen(server, DEVICE_ACK, lambda ack, _: acks.put_nowait(ack), faults, hall=HALL)
        listen(
            server,
            DEVICE_STATUS,
            lambda status, ids: online.put_nowait((ids["device"], status)),
            faults,
            hall=HALL,
        )
        running = tasks.create_task(server.run(), name="server")
        async with (
            paihao_display(broker, "board-1", tmp_path, "--frames", str(frames)),
            paihao_display(broker, "speaker-1", tmp_path, *speaks, "--wav", str(said)),
            asyncio.timeout(WAIT_S),
        ):
            now = datetime.now(UTC)
            send(server, CATALOGUE, Catalogue(seq=1, plan=PLAN_HERE), hall=HALL)
            there = {(await online.get())[0] for _ in range(2)}
            assert there == {"board-1", "speaker-1"}
            called = msgspec.structs.replace(call("B122", "12", 9), called_at=now)
            send(server, BEAT, Beat(seq=9, at=now, revision="1"), hall=HALL)
            send(server, BOARD, snapshot(called, at=now), hall=HALL, zone="homes")
            message = ZoneCall(
                id="t-B122-9", seq=9, zone="homes", ticket="t-B122", number="B122",
                window="1B12", window_number="12", times=1, at=now,
            )  # fmt: skip
            send(server, ZONE_CALL, message, hall=HALL, zone="homes")
            shown, spoken = await acks.get(), await acks.get()
            assert (shown.what, shown.seq) == ("shown", 9)
            assert (spoken.what, spoken.seq) == ("spoken", 9)
        async with asyncio.timeout(WAIT_S):
            gone: set[str] = set()
            while gone != there:
                device, status = await online.get()
                gone |= set() if status.online else {device}
        running.cancel()
    assert faults.total == 0
    assert len(list(frames.glob("frame-*.png"))) >= 2
    (turn,) = (said / "speaker-1.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(turn)["text"].startswith("请B幺二二号，到十二号窗口")
    assert read_wav(said / "speaker-1.wav").peak > 3000


def test_a_call_is_said_into_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert voice(["say", "A017", "12", "--wav", str(tmp_path / "a.wav")]) == 0
    assert "请A零幺七号，到十二号窗口" in capsys.readouterr().out
    assert read_wav(tmp_path / "a.wav").peak > 3000


def test_a_text_is_said_in_its_language(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["say", "No more numbers today", "--lang", "en", "--wav", str(tmp_path / "a.wav")]
    assert voice(words) == 0
    assert "No more numbers today" in capsys.readouterr().out


def test_the_voices_that_come_with_paihao_pass_the_check(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert voice(["check"]) == 0
    assert capsys.readouterr().out.count("all good") == 2


def test_a_damaged_voice_fails_the_check_with_one_line_for_each_fault(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text("{}", encoding="utf-8")
    with pytest.raises(CommandError) as failed:
        voice(["check", str(tmp_path)])
    assert len(failed.value.lines) == 1
    assert failed.value.code == 1


def test_recordings_become_a_voice(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    for path in (shipped("sounds") / "zh-espeak").glob("*.wav"):
        write_wav(mine / path.name, read_wav(path))
    assert voice(["build", "--engine", str(mine), "--out", str(tmp_path / "zh-mine")]) == 0
    assert "44 clips" in capsys.readouterr().out
    assert voice(["check", str(tmp_path / "zh-mine")]) == 0


@pytest.mark.parametrize(
    ("words", "says", "code"),
    [
        (["--mqtt", "nonsense"], "expected mqtt://", 1),
        (["--mqtt", "mqtt://127.0.0.1", "--log", "yaml"], "is not one of 'plain', 'json'", 2),
        (["--mqtt", "mqtt://127.0.0.1", "--secret-file", "/nowhere"], "/nowhere", 1),
        ([], "--mqtt", 2),
    ],
)
def test_wrong_use_is_one_clear_line(words: list[str], says: str, code: int) -> None:
    with pytest.raises(CommandError) as failed:
        display(["--id", "board-1", "--hall", "hall", *words])
    assert says in str(failed.value)
    assert failed.value.code == code
