"""Voice folders: the ones we ship are good, and a damaged one is found out."""

import asyncio
import shutil
from pathlib import Path

import pytest

from paihao_display.build import build_from_recordings
from paihao_display.clips import LOUDNESS_DB, ClipVoice, check, read_manifest
from paihao_display.engines import EngineChain, VoiceError, free_text, plug_in
from paihao_display.sound import (
    LOUDEST,
    Sound,
    SoundError,
    loudness_db,
    read_wav,
    resampled,
    write_wav,
)
from paihao_display.words import (
    BREATH_S,
    LIST_S,
    VOCABULARY,
    Lang,
    Phrase,
    Summons,
    call_phrase,
)
from paihao_runtime.places import shipped

SOUNDS = shipped("sounds")
ZH, EN = SOUNDS / "zh-espeak", SOUNDS / "en-espeak"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ZH, tmp_path / "zh"))


def pauses(sound: Sound, quiet: int = 60) -> list[float]:
    """Seconds of each stretch of near silence inside the sound."""
    found: list[float] = []
    run = 0
    for sample in sound.samples:
        if abs(sample) <= quiet:
            run += 1
            continue
        found.append(run / sound.rate_hz)
        run = 0
    return [seconds for seconds in found if seconds > 0.03]


@pytest.mark.parametrize("voice", [ZH, EN], ids=["zh", "en"])
def test_the_voices_that_come_with_paihao_are_whole(voice: Path) -> None:
    assert check(voice) == []
    size = sum(path.stat().st_size for path in voice.iterdir())
    assert size < 2_000_000


def test_all_words_are_equally_loud_and_nothing_is_louder_than_one_db_below_full() -> None:
    for folder in (ZH, EN):
        for clip in read_manifest(folder).clips:
            sound = read_wav(folder / clip.file)
            assert sound.peak <= LOUDEST
            if clip.text:
                assert loudness_db(sound) == pytest.approx(LOUDNESS_DB, abs=0.5), clip.text


def test_a_call_is_said_without_gaps_inside_and_with_one_breath() -> None:
    voice = ClipVoice((ZH,), 22050)
    sound = voice.join(call_phrase([Summons("A017", "12")]))
    assert 2.5 < sound.seconds < 5.5
    assert sound.peak <= LOUDEST
    breaths = [seconds for seconds in pauses(sound) if seconds >= BREATH_S * 0.9]
    assert len(breaths) == 1
    # Stops such as the t of 到 close the mouth for a moment; that is no gap between words.
    assert max((s for s in pauses(sound) if s not in breaths), default=0.0) < 0.12


def test_a_merged_call_breathes_between_the_items_of_its_lists() -> None:
    voice = ClipVoice((ZH,), 8000)
    sound = voice.join(call_phrase([Summons("A005", "3"), Summons("A006", "4")]))
    assert len([seconds for seconds in pauses(sound) if seconds >= BREATH_S * 0.9]) == 3
    assert max(pauses(sound)) < LIST_S + 0.1


def test_a_missing_clip_is_found(folder: Path) -> None:
    (folder / "7.wav").unlink()
    assert check(folder) == [f"{folder / '7.wav'}: missing"]
    assert "no clip for 7" in ClipVoice((folder,), 8000).health()


def test_an_altered_clip_is_found(folder: Path) -> None:
    write_wav(folder / "7.wav", read_wav(folder / "4.wav"))
    assert any("7.wav: altered" in problem for problem in check(folder))


def test_a_clip_left_out_of_the_manifest_and_a_stray_file_are_found(folder: Path) -> None:
    manifest = (folder / "manifest.json").read_text(encoding="utf-8")
    (folder / "manifest.json").write_text(
        manifest.replace('"token": "hao"', '"token": "how"'), encoding="utf-8"
    )
    write_wav(folder / "extra.wav", read_wav(folder / "4.wav"))
    problems = check(folder)
    assert f"{folder}: no clip for hao 号" in problems
    assert f"{folder / 'extra.wav'}: not in the manifest" in problems


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        ("", "malformed"),
        ('{"version": 1}', "missing required field"),
        (None, "No such file"),
    ],
)
def test_a_broken_manifest_is_one_clear_line(folder: Path, damage: str | None, says: str) -> None:
    if damage is None:
        (folder / "manifest.json").unlink()
    else:
        (folder / "manifest.json").write_text(damage, encoding="utf-8")
    (problem,) = check(folder)
    assert problem.startswith(str(folder / "manifest.json"))
    assert says.lower() in problem.lower() or "truncated" in problem


def test_a_manifest_cannot_name_a_file_outside_its_folder(folder: Path) -> None:
    path = folder / "manifest.json"
    path.write_text(
        path.read_text(encoding="utf-8").replace('"7.wav"', '"../7.wav"'), encoding="utf-8"
    )
    assert "not a file of this folder" in check(folder)[0]


def test_clips_do_not_guess_at_words_they_do_not_have(folder: Path) -> None:
    voice = ClipVoice((folder,), 8000)
    with pytest.raises(VoiceError, match="no voice folder for language en"):
        voice.join(call_phrase([Summons("A017", "3")], "en"))
    with pytest.raises(VoiceError, match="no clips for"):
        voice.join(free_text("今天的号已经发完了", "zh"))


class Reader:
    """An engine that reads anything and notes what it read."""

    name = "reader"

    def __init__(self, *langs: Lang) -> None:
        self.languages = langs
        self.read: list[Phrase] = []

    async def synth(self, phrase: Phrase) -> Sound:
        self.read.append(phrase)
        return read_wav(ZH / "4.wav")

    def health(self) -> str:
        return ""


async def test_the_next_engine_speaks_what_clips_cannot(folder: Path) -> None:
    reader = Reader("zh")
    chain = EngineChain([ClipVoice((folder,), 22050), reader])
    await chain.synth(call_phrase([Summons("A017", "3")]))
    assert reader.read == []
    unusual = call_phrase([Summons("A017", "东3")])
    assert (await chain.synth(unusual)).samples
    assert reader.read == [unusual]


async def test_no_engine_for_a_language_is_an_error_with_the_reason() -> None:
    with pytest.raises(VoiceError, match="no engine speaks en"):
        await EngineChain([Reader("zh")]).synth(free_text("closed", "en"))


def test_an_engine_nobody_offers_is_refused() -> None:
    with pytest.raises(VoiceError, match="no such engine"):
        plug_in("whisper", 8000)


@pytest.fixture
def recordings(tmp_path: Path) -> Path:
    """Recordings of all words: at another rate, quiet, half named by token, half by text."""
    folder = tmp_path / "mother"
    folder.mkdir()
    word = resampled(read_wav(ZH / "4.wav"), 16000)
    for index, (token, text) in enumerate(VOCABULARY["zh"].items()):
        name = token if index % 2 else text
        write_wav(folder / f"{name}.wav", word)
    return folder


def test_a_voice_is_built_from_a_persons_recordings(recordings: Path, tmp_path: Path) -> None:
    out = tmp_path / "zh-mother"
    build_from_recordings(recordings, "zh", out)
    assert check(out) == []
    spoken = asyncio.run(ClipVoice((out,), 8000).synth(call_phrase([Summons("A017", "3")])))
    assert spoken.seconds > 2


def test_missing_recordings_are_all_named(recordings: Path, tmp_path: Path) -> None:
    for name in ("号", "号窗口"):
        for path in (
            recordings / f"{name}.wav",
            recordings / "hao.wav",
            recordings / "haochuangkou.wav",
        ):
            path.unlink(missing_ok=True)
    with pytest.raises(SoundError, match=r"hao \(号\), haochuangkou \(号窗口\)"):
        build_from_recordings(recordings, "zh", tmp_path / "out")
