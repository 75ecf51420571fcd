"""Makes a voice folder: from an engine, or from a person's recordings of the words.

Recordings are WAV files named after the word's token or after what it says (``qing.wav`` or
``请.wav``), at any rate, 16-bit, mono or stereo. What comes out is the same either way: trimmed,
equally loud, one format, and a manifest.
"""

from pathlib import Path
from string import ascii_uppercase
from typing import Final

import msgspec

from paihao_display.clips import CHIME, LOUDNESS_DB, MANIFEST, Clip, Manifest, digest
from paihao_display.espeak import WORDS_PER_MINUTE, EspeakVoice
from paihao_display.sound import (
    Sound,
    SoundError,
    chime,
    levelled,
    loudness_db,
    read_wav,
    resampled,
    trim,
    write_wav,
)
from paihao_display.words import VOCABULARY, Lang

RATE_HZ: Final = 22050

_NAMED: Final = 8
"""How many missing words an error names."""

LETTERS_PER_MINUTE: Final = 120
"""Speed of letters: said alone they are short, and B, D, E, P are easily taken for another."""

ESPEAK: Final = "espeak-ng 1.52 (espeakng-loader) by pyttsx3"
ESPEAK_LICENCE: Final = (
    "Output of espeak-ng, a program under GPL-3.0-or-later that is no part of this folder;"
    " given under Paihao's own licence."
)
RECORDED_LICENCE: Final = "As agreed with the speaker."


async def build_from_espeak(lang: Lang, out: Path) -> Manifest:
    """Make a voice folder with the espeak engine.

    Raises:
        VoiceError: the engine fails.
        OSError: ``out`` cannot be written.
    """
    raw: dict[str, Sound] = {}
    async with EspeakVoice(RATE_HZ) as voice:
        for token, text in VOCABULARY[lang].items():
            speed = LETTERS_PER_MINUTE if token in ascii_uppercase else WORDS_PER_MINUTE
            raw[token] = await voice.say(text, lang, speed)
    return _save_voice(raw, lang, out, engine=ESPEAK, licence=ESPEAK_LICENCE)


def build_from_recordings(folder: Path, lang: Lang, out: Path) -> Manifest:
    """Make a voice folder from recordings.

    Raises:
        SoundError: words have no recording, or a file is not 16-bit PCM.
        OSError: ``out`` cannot be written.
    """
    found = {
        token: path
        for token, text in VOCABULARY[lang].items()
        for path in (folder / f"{text}.wav", folder / f"{token}.wav")
        if path.is_file()
    }
    missing = [
        f"{token} ({text})" for token, text in VOCABULARY[lang].items() if token not in found
    ]
    if missing:
        more = f" and {len(missing) - _NAMED} more" if len(missing) > _NAMED else ""
        raise SoundError(f"{folder}: no recording of {', '.join(missing[:_NAMED])}{more}")

    raw = {token: read_wav(path) for token, path in found.items()}
    return _save_voice(raw, lang, out, engine=f"recordings {folder.name}", licence=RECORDED_LICENCE)


def _save_voice(
    raw: dict[str, Sound], lang: Lang, out: Path, *, engine: str, licence: str
) -> Manifest:
    out.mkdir(parents=True, exist_ok=True)
    clips = [_save(CHIME, "", chime(RATE_HZ), out)]
    for token, text in VOCABULARY[lang].items():
        sound = levelled(trim(resampled(raw[token], RATE_HZ)), LOUDNESS_DB)
        if not sound.samples:
            raise SoundError(f"{token} ({text}): nothing but silence")
        clips.append(_save(token, text, sound, out))
    manifest = Manifest(
        voice=out.name,
        lang=lang,
        engine=engine,
        licence=licence,
        rate_hz=RATE_HZ,
        clips=tuple(clips),
    )
    encoded = msgspec.json.format(msgspec.json.encode(manifest), indent=1)
    (out / MANIFEST).write_bytes(encoded + b"\n")
    return manifest


def _save(token: str, text: str, sound: Sound, out: Path) -> Clip:
    path = out / f"{token}.wav"
    write_wav(path, sound)
    return Clip(
        token=token,
        text=text,
        file=path.name,
        sha256=digest(path),
        seconds=round(sound.seconds, 3),
        loudness_db=round(loudness_db(sound), 1),
    )
