"""A voice as a folder of recorded words, and the engine that speaks by joining them.

A folder holds one WAV file for each word of one language and ``manifest.json``, which names for
each its file, SHA-256, length and loudness. All files are 16-bit mono at one rate, trimmed and
equally loud, so that joining them needs no listening. `paihao voice build` makes such a folder.
"""

import hashlib
from pathlib import Path
from typing import Final

import msgspec

from paihao_display.engines import VoiceError
from paihao_display.sound import (
    LOUDEST,
    Sound,
    SoundError,
    joined,
    loudness_db,
    peak_db,
    read_wav,
    resampled,
    silence,
)
from paihao_display.words import VOCABULARY, Lang, Pause, Phrase, Token, phrase_text

MANIFEST: Final = "manifest.json"
CHIME: Final = "chime"
"""Name of the clip that sounds before a call; not a word of any language."""

LOUDNESS_DB: Final = -18.0
"""Loudness of every word, dBFS."""

TOLERANCE_DB: Final = 1.0
"""How far a word may be from that."""


class Clip(msgspec.Struct, frozen=True):
    """One file of a voice: ``token`` is the word's name, ``text`` what it says."""

    token: str
    text: str
    file: str
    sha256: str
    seconds: float
    loudness_db: float


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a voice folder holds and where it came from."""

    version: int = 1
    voice: str
    lang: Lang
    engine: str
    licence: str
    rate_hz: int
    clips: tuple[Clip, ...]


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest of a voice folder.

    Raises:
        SoundError: there is none, or it is not one we know.
    """
    path = folder / MANIFEST
    try:
        manifest = msgspec.json.decode(path.read_bytes(), type=Manifest)
    except (OSError, msgspec.DecodeError) as error:
        raise SoundError(f"{path}: {error}") from error
    if manifest.version != 1:
        raise SoundError(f"{path}: version {manifest.version}; this is for version 1")
    for clip in manifest.clips:
        if Path(clip.file).name != clip.file:
            raise SoundError(f"{path}: {clip.file!r} is not a file of this folder")
    return manifest


def check(folder: Path) -> list[str]:
    """Return what is wrong with a voice folder, one line for each; nothing when it is good."""
    try:
        manifest = read_manifest(folder)
    except SoundError as error:
        return [str(error)]
    problems: list[str] = []
    for clip in manifest.clips:
        problems += _check_clip(folder / clip.file, clip, manifest.rate_hz)
    there = {clip.token for clip in manifest.clips}
    wanted = {**VOCABULARY[manifest.lang], CHIME: ""}
    problems += [f"{folder}: no clip for {name} {wanted[name]}" for name in wanted.keys() - there]
    listed = {clip.file for clip in manifest.clips}
    problems += [
        f"{path}: not in the manifest"
        for path in sorted(folder.glob("*.wav"))
        if path.name not in listed
    ]
    return problems


class ClipVoice:
    """Speaks phrases from voice folders, one for each language; reads each clip once."""

    name = "clips"

    def __init__(self, folders: tuple[Path, ...], rate_hz: int) -> None:
        """Make a voice.

        Args:
            folders: voice folders; of two with one language the first is used.
            rate_hz: of the sound to make; clips of another rate are converted when first used.
        """
        self._rate_hz = rate_hz
        self._folders: dict[Lang, tuple[Path, dict[str, str]]] = {}
        self._sounds: dict[tuple[Lang, str], Sound] = {}
        self._problems: list[str] = []
        for folder in folders:
            try:
                manifest = read_manifest(folder)
            except SoundError as error:
                self._problems.append(str(error))
                continue
            files = {clip.token: clip.file for clip in manifest.clips}
            self._folders.setdefault(manifest.lang, (folder, files))

    @property
    def languages(self) -> tuple[Lang, ...]:
        """Languages there is a folder for."""
        return tuple(self._folders)

    def health(self) -> str:
        """Return what is wrong with the folders; empty when nothing is."""
        missing = [
            f"{folder}: no clip for {name}"
            for lang, (folder, files) in self._folders.items()
            for name in VOCABULARY[lang]
            if not (folder / files.get(name, name)).is_file()
        ]
        return "; ".join([*self._problems, *missing])

    async def synth(self, phrase: Phrase) -> Sound:
        """Return the phrase as sound.

        Raises:
            VoiceError: a word has no clip, or its file cannot be read.
        """
        return self.join(phrase)

    def join(self, phrase: Phrase) -> Sound:
        """Return the phrase as sound; see `synth`."""
        parts: list[Sound] = []
        for part in phrase:
            match part:
                case Pause(seconds=seconds):
                    parts.append(silence(seconds, self._rate_hz))
                case Token(lang=lang, name=name) if name:
                    parts.append(self.clip(lang, name))
                case Token():
                    raise VoiceError(self.name, f"no clips for {phrase_text(phrase)!r}")
        return joined(parts, self._rate_hz)

    def clip(self, lang: Lang, name: str) -> Sound:
        """Return one clip at our rate.

        Raises:
            VoiceError: there is none, or its file cannot be read.
        """
        sound = self._sounds.get((lang, name))
        if sound is None:
            sound = self._sounds[lang, name] = self._read(lang, name)
        return sound

    def _read(self, lang: Lang, name: str) -> Sound:
        if lang not in self._folders:
            raise VoiceError(self.name, f"no voice folder for language {lang}")
        folder, files = self._folders[lang]
        if name not in files:
            raise VoiceError(self.name, f"{folder}: no clip for {name}")
        try:
            return resampled(read_wav(folder / files[name]), self._rate_hz)
        except SoundError as error:
            raise VoiceError(self.name, str(error)) from error


def digest(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _check_clip(path: Path, clip: Clip, rate_hz: int) -> list[str]:
    if not path.is_file():
        return [f"{path}: missing"]
    if digest(path) != clip.sha256:
        return [f"{path}: altered; its SHA-256 is not that of the manifest"]
    try:
        sound = read_wav(path)
    except SoundError as error:
        return [str(error)]
    problems: list[str] = []
    if sound.rate_hz != rate_hz:
        problems.append(f"{path}: {sound.rate_hz} Hz; the voice has {rate_hz} Hz")
    if sound.peak > LOUDEST:
        problems.append(f"{path}: peak {peak_db(sound):.1f} dBFS; at most -1.0")
    level_db = loudness_db(sound)
    if clip.token != CHIME and abs(level_db - LOUDNESS_DB) > TOLERANCE_DB:
        problems.append(f"{path}: loudness {level_db:.1f} dBFS; {LOUDNESS_DB:.1f} expected")
    return problems
