"""The espeak engine says right Mandarin, gives up in time and comes back after a fault."""

import asyncio
from pathlib import Path

import pytest

from paihao_display import espeak
from paihao_display.build import build_from_espeak
from paihao_display.clips import check
from paihao_display.engines import VoiceError, free_text
from paihao_display.espeak import EspeakVoice
from paihao_display.sound import LOUDEST

PINYIN = {
    "请": "tS;h'i214N",
    "号": "X'Au51",
    "到": "t'Au51",
    "窗口": "ts.hwA55Nkh'ou214",
    "幺": "j'Au55",
    "零": "l'i35N",
    "一": "j'i55",
    "四": "s'i[51",
    "十": "s.'i.35",
    "百": "p'ai214",
}
"""Words and the syllables with tones that espeak-ng writes for them: qǐng, hào, dào, ..."""

LETTERS = {"A": "'eI", "H": "'eItS", "W": "d'Vb@Lj,u:", "X": "'Eks"}


async def test_words_are_right_mandarin_and_letters_keep_their_english_names() -> None:
    async with EspeakVoice(22050) as voice:
        for word, syllable in PINYIN.items():
            assert syllable in await voice.phonemes(word, "zh"), word
        for letter, name in LETTERS.items():
            assert f"(en){name}" in await voice.phonemes(letter, "zh"), letter


async def test_a_notice_becomes_sound_at_the_wanted_rate() -> None:
    async with EspeakVoice(8000) as voice:
        sound = await voice.synth(free_text("今天的号已经发完了，可以预约明天", "zh"))
        assert voice.health() == ""
    assert sound.rate_hz == 8000
    assert 2 < sound.seconds < 8
    assert 3000 < sound.peak <= LOUDEST


async def test_twenty_calls_at_once_are_all_answered_with_their_own_words() -> None:
    texts = ["好" * length for length in range(1, 21)]
    async with EspeakVoice(8000) as voice:
        sounds = await asyncio.gather(*(voice.synth(free_text(text, "zh")) for text in texts))
    lengths = [sound.seconds for sound in sounds]
    assert all(shorter < longer for shorter, longer in zip(lengths, lengths[2:], strict=False))


def worker(tmp_path: Path, code: str) -> Path:
    path = tmp_path / "worker.py"
    path.write_text(code, encoding="utf-8")
    return path


async def test_an_engine_that_hangs_is_ended_and_started_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(espeak, "TIME_LIMIT_S", 0.5)
    hangs_once = worker(
        tmp_path,
        f"""
import json, pathlib, sys, time
flag = pathlib.Path({str(tmp_path / "hung")!r})
for line in sys.stdin:
    if not flag.exists():
        flag.touch()
        time.sleep(60)
    print(json.dumps({{"phonemes": "ok"}}), flush=True)
""",
    )
    async with EspeakVoice(8000, worker=hangs_once) as voice:
        with pytest.raises(VoiceError, match="no answer"):
            await voice.phonemes("请", "zh")
        assert "no answer" in voice.health()
        assert await voice.phonemes("请", "zh") == "ok"


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("raise SystemExit(3)", "its process ended"),
        ('for line in open(0): print(\'{"error": "no voice cmn"}\', flush=True)', "no voice cmn"),
        ('for line in open(0): print(\'{"phonemes": ""}\', flush=True)', "No such file"),
    ],
    ids=["dies", "answers with an error", "writes nothing"],
)
async def test_a_broken_engine_is_an_error_that_says_why(
    tmp_path: Path, code: str, says: str
) -> None:
    async with EspeakVoice(8000, worker=worker(tmp_path, code)) as voice:
        with pytest.raises(VoiceError, match=says):
            await voice.synth(free_text("请", "zh"))


async def test_a_file_without_a_sample_is_asked_for_again_and_then_given_up(tmp_path: Path) -> None:
    empty = worker(
        tmp_path,
        """
import json, sys, wave
for line in sys.stdin:
    with wave.open(json.loads(line)["out"], "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(22050)
    print(json.dumps({"phonemes": ""}), flush=True)
""",
    )
    async with EspeakVoice(8000, worker=empty) as voice:
        with pytest.raises(VoiceError, match="no sound for '请' in 8 tries"):
            await voice.synth(free_text("请", "zh"))


async def test_a_voice_is_built_from_the_engine(tmp_path: Path) -> None:
    manifest = await build_from_espeak("zh", tmp_path / "zh")
    assert check(tmp_path / "zh") == []
    assert manifest.lang == "zh"
