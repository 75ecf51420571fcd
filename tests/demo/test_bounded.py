"""A demo that ends by itself leaves results that agree: slips, voices, pictures, log, figures."""

import subprocess
import sys
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from PIL import Image

from paihao_server.log.verify import verify
from tests.demo.evidence import SIX, Evidence, loud_spans
from tests.fakes.brokers import free_port

pytestmark = pytest.mark.real

ROOT = Path(__file__).resolve().parents[2]
LIMIT_S = 180.0
PAUSE_S = 1.0
"""Longer than any pause inside a sentence."""

SLACK_S = 0.3


def run_demo(out: Path, hall: str, *more: str, minutes: float = 0.25) -> Evidence:
    """Run the command to its end; it must succeed, and complain of nothing but faults."""
    words = [sys.executable, "-m", "paihao_runtime", "demo", "--hall",
             str(ROOT / "config" / "halls" / f"{hall}.toml"), "--minutes", str(minutes),
             "--speed", "60", "--headless", "--out", str(out), "--busy", "rush",
             "--http", f"127.0.0.1:{free_port()}", "--log-level", "error", *more]  # fmt: skip
    done = subprocess.run(words, capture_output=True, text=True, timeout=LIMIT_S, check=False)
    assert done.returncode == 0, done.stderr
    assert "--fault" in more or not done.stderr
    return Evidence(out)


@pytest.fixture(scope="module", params=["jiyuan-town", "zhengzhou"])
def evidence(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    return run_demo(tmp_path_factory.mktemp("demo") / "out", request.param)


def test_all_counts_agree_with_the_log(evidence: Evidence) -> None:
    summary = evidence.summary
    assert all(isinstance(summary[name], int) for name in SIX)
    assert (
        summary["counted_at_the_far_end"] | {name: summary[name] for name in SIX}
        == (summary["counted_at_the_far_end"])
    )
    assert summary["equal"]
    assert summary["settled"]
    assert summary["issued"] == summary["printed"] == len(evidence.events("TicketIssued")) > 0
    calls = {seq for seq, _ in evidence.events("TicketCalled")}
    spoken = {ack["seq"] for _, ack in evidence.events("AckRecorded") if ack["what"] == "spoken"}
    assert summary["called"] == summary["announced"] == len(calls) > 0
    assert calls <= spoken
    assert summary["missed"] == len(evidence.events("TicketMissed"))
    assert summary["completed"] == len(evidence.events("ServiceCompleted"))
    assert verify(evidence.folder / "hall.db").events == summary["events"]


def test_every_printed_number_exists_once(evidence: Evidence) -> None:
    issued = {event["number"]: event["token"] for _, event in evidence.events("TicketIssued")}
    slips = dict(evidence.slips())
    # A printer that a busy machine kept from answering in time is asked for a copy, marked so.
    numbers = {name.partition("-copy-")[0] for name in slips}
    assert numbers == issued.keys()
    for name, code in slips.items():
        assert code.endswith(f"/t/{issued[name.partition('-copy-')[0]]}"), name
    assert len(set(slips.values())) == len(numbers)
    written = {path.stem for path in (evidence.folder / "tickets").glob("*.bin")}
    assert written == slips.keys()


def test_no_two_voices_overlap_at_a_speaker(evidence: Evidence) -> None:
    said: set[int] = set()
    for wav, turns in evidence.speakers():
        for before, after in pairwise(turns):
            assert before.end <= after.start, wav.name
        opened = datetime.fromisoformat(evidence.summary["from"])
        spans = loud_spans(wav, PAUSE_S)
        assert len(spans) <= len(turns)
        for begin, end in spans:
            # Turns may follow each other without a pause, so a span may hold several of them.
            inside = [
                turn
                for turn in turns
                if turn.start >= opened + timedelta(seconds=begin - SLACK_S)
                and turn.end <= opened + timedelta(seconds=end + PAUSE_S + SLACK_S)
            ]
            assert inside, f"{wav.name}: a sound at {begin:.1f} s that nobody made"
            spoken_s = sum((one.end - one.start).total_seconds() for one in inside)
            assert spoken_s <= end - begin + PAUSE_S + SLACK_S
        said.update(seq for turn in turns for seq in turn.covered)
    calls = {seq for kind in ("TicketCalled", "TicketRecalled") for seq, _ in evidence.events(kind)}
    assert said == calls


def test_pictures_of_boards_and_kiosks_are_there_and_not_blank(evidence: Evidence) -> None:
    zones = {path.stem.removesuffix("-end") for path in evidence.folder.glob("boards/*-end.png")}
    kinds = {path.stem for path in evidence.folder.glob("kiosk/*.png")}
    assert zones
    assert {"home", "confirm", "printed"} <= kinds
    for path in [*evidence.folder.glob("boards/*.png"), *evidence.folder.glob("kiosk/*.png")]:
        with Image.open(path) as picture:
            assert picture.size in ((1920, 1080), (1080, 1920))
            assert len(picture.convert("RGB").getcolors(1_000_000) or []) > 20, path.name


def test_paper_that_ends_a_cable_and_a_killed_server_leave_figures_that_agree(
    tmp_path: Path,
) -> None:
    evidence = run_demo(
        tmp_path / "out",
        "jiyuan-town",
        "--fault", "paper:kiosk-1@4+3", "--fault", "kill@10", "--fault", "cable:board-H@16+2",
        minutes=0.4,
    )  # fmt: skip
    summary = evidence.summary
    assert summary["equal"]
    assert summary["settled"]
    assert summary["server_lives"] == 2
    assert summary["faults"] == ["paper:kiosk-1", "kill", "cable:board-H"]
    numbers = [event["number"] for _, event in evidence.events("TicketIssued")]
    assert len(numbers) == len(set(numbers)) == summary["issued"]
    assert summary["printed"] <= summary["issued"]
    assert verify(evidence.folder / "hall.db").events == summary["events"]


def test_a_folder_with_results_of_another_run_is_refused(tmp_path: Path) -> None:
    (tmp_path / "hall.db").touch()
    hall = str(ROOT / "config" / "halls" / "jiyuan-town.toml")
    words = ["-m", "paihao_runtime", "demo", "--hall", hall, "--out", str(tmp_path)]
    done = subprocess.run(
        [sys.executable, *words], capture_output=True, text=True, timeout=LIMIT_S, check=False
    )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "not empty" in done.stderr
