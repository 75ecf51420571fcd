"""The engine for any text: espeak-ng 1.52 by pyttsx3, in one process of its own.

Used for notices, for numbers without clips and to build clips. One call at a time; a call that
takes too long ends the process and the next call starts a new one.
"""

import asyncio
import json
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from paihao_display.clips import LOUDNESS_DB
from paihao_display.engines import VoiceError
from paihao_display.sound import Sound, SoundError, levelled, read_wav, resampled, trim
from paihao_display.words import LANGS, Lang, Phrase, Token, phrase_text

TIME_LIMIT_S: Final = 10.0
"""For one call, the start of the process included; usual is 0.02 s."""

WORDS_PER_MINUTE: Final = 160

VOICES: Final[dict[Lang, str]] = {"zh": "cmn", "en": "en-us"}

_TRIES: Final = 8
"""pyttsx3 writes about one file in ten without a sample and says nothing; asking again helps."""

_WORKER: Final = Path(__file__).with_name("espeak_worker.py")


class EspeakVoice:
    """Speaks any text; an async context, so that its process ends with it."""

    name = "espeak"
    languages = LANGS

    def __init__(self, rate_hz: int, *, worker: Path = _WORKER) -> None:
        self._rate_hz = rate_hz
        self._worker = worker
        self._process: asyncio.subprocess.Process | None = None
        self._one_at_a_time = asyncio.Lock()
        self._folder = tempfile.TemporaryDirectory(prefix="paihao-voice-")
        self._problem = ""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        await self._stop()
        self._folder.cleanup()

    def health(self) -> str:
        """Return why the last call failed or what is not installed; empty when all is well."""
        missing = [name for name in ("espeakng_loader", "pyttsx3") if find_spec(name) is None]
        return f"needs the Python package {missing[0]}" if missing else self._problem

    async def synth(self, phrase: Phrase) -> Sound:
        """Return the phrase as sound, as loud as the clips are.

        Raises:
            VoiceError: the process cannot start, answers with an error, or not in time.
        """
        lang: Lang = next((part.lang for part in phrase if isinstance(part, Token)), "zh")
        sound = trim(await self.say(phrase_text(phrase), lang))
        return resampled(levelled(sound, LOUDNESS_DB), self._rate_hz)

    async def say(self, text: str, lang: Lang, words_per_minute: int = WORDS_PER_MINUTE) -> Sound:
        """Return text as the engine says it, untrimmed, at the engine's rate.

        Raises:
            VoiceError: as `synth`.
        """
        out = Path(self._folder.name) / "said.wav"
        asked = {
            "text": text, "voice": VOICES[lang], "rate": words_per_minute, "out": str(out),
        }  # fmt: skip
        async with self._one_at_a_time:
            for _ in range(_TRIES):
                out.unlink(missing_ok=True)
                await self._ask(asked)
                try:
                    sound = read_wav(out)
                except SoundError as error:
                    raise self._failed(str(error)) from error
                if sound.peak:
                    self._problem = ""
                    return sound
        raise self._failed(f"no sound for {text!r} in {_TRIES} tries")

    async def phonemes(self, text: str, lang: Lang) -> str:
        """Return how the engine would say text, in its own notation.

        Raises:
            VoiceError: as `synth`.
        """
        async with self._one_at_a_time:
            return await self._ask({"text": text, "voice": VOICES[lang]})

    async def _ask(self, asked: dict[str, Any]) -> str:
        try:
            async with asyncio.timeout(TIME_LIMIT_S):
                process = await self._running()
                assert process.stdin is not None and process.stdout is not None  # noqa: S101, PT018
                process.stdin.write(json.dumps(asked).encode() + b"\n")
                await process.stdin.drain()
                line = await process.stdout.readline()
        except TimeoutError as error:
            await self._stop()
            raise self._failed(f"no answer in {TIME_LIMIT_S:.0f} s") from error
        except (OSError, asyncio.CancelledError) as error:
            # A call cut short leaves an answer behind that would be taken for the next one's.
            await self._stop()
            if isinstance(error, OSError):
                raise self._failed(str(error)) from error
            raise
        if not line:
            await self._stop()
            raise self._failed(self.health() or "its process ended")
        answer: dict[str, str] = json.loads(line)
        if "error" in answer:
            raise self._failed(answer["error"])
        return answer["phonemes"]

    async def _running(self) -> asyncio.subprocess.Process:
        if self._process is None or self._process.returncode is not None:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-P", str(self._worker),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
            )  # fmt: skip
        return self._process

    async def _stop(self) -> None:
        process, self._process = self._process, None
        if process is not None and process.returncode is None:
            process.kill()
        if process is not None:
            await process.wait()

    def _failed(self, problem: str) -> VoiceError:
        self._problem = problem
        return VoiceError(self.name, problem)
