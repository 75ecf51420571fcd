"""The process that holds the one speech engine: pyttsx3 on the espeak-ng of espeakng-loader.

Started as ``python -m paihao_display.espeak_worker``; asks and answers are one line of JSON each::

    {"text": "请", "voice": "cmn", "rate": 160, "out": "/tmp/x.wav"}    speak into a WAV file
    {"text": "请", "voice": "cmn"}                                      only the phonemes
    <- {"phonemes": "tS;h'i214N_|"}        or        {"error": "..."}

A process of its own because the engine is not safe in threads, may hang, and is under the GPL.
pyttsx3 asks the system for ``libespeak-ng.so.1`` and would find Debian's 1.51, whose Mandarin is
wrong; the library of the wheel has the same name and is loaded first, so the loader gives it that.
"""

import contextlib
import ctypes
import json
import os
import sys
from typing import Any, Final

import espeakng_loader

_UTF8: Final = 1


class _Engine:
    """pyttsx3's engine and the library under it; one in a process."""

    def __init__(self) -> None:
        os.environ["ESPEAK_DATA_PATH"] = espeakng_loader.get_data_path()
        self._library = ctypes.CDLL(espeakng_loader.get_library_path() + ".1")
        import pyttsx3

        self._engine: Any = pyttsx3.init("espeak")
        self._library.espeak_TextToPhonemes.restype = ctypes.c_char_p

    def speak(self, text: str, voice: str, rate: int, out: str) -> None:
        """Write a WAV file; it is whole when this returns."""
        self._choose(voice)
        self._engine.setProperty("voice", voice)
        self._engine.setProperty("rate", rate)
        self._engine.save_to_file(text, out)
        self._engine.runAndWait()

    def phonemes(self, text: str, voice: str) -> str:
        """Return how the engine says the text, in its own notation."""
        self._choose(voice)
        buffer = ctypes.c_char_p(text.encode())
        rest = ctypes.pointer(ctypes.cast(buffer, ctypes.c_void_p))
        said: list[str] = []
        while rest.contents.value:
            clause = self._library.espeak_TextToPhonemes(rest, _UTF8, 0)
            said.append((clause or b"").decode())
        return " ".join(said)

    def _choose(self, voice: str) -> None:
        # pyttsx3 sets properties when it speaks, and an unknown voice then goes unnoticed.
        if self._library.espeak_SetVoiceByName(voice.encode()):
            raise ValueError(f"no voice {voice!r}")


def main() -> None:
    """Answer requests from stdin until it ends."""
    answers = sys.stdout
    # pyttsx3 prints "Audio saved to ..." on stdout, where our answers go.
    with contextlib.redirect_stdout(sys.stderr):
        engine = _Engine()
        for line in sys.stdin:
            answers.write(json.dumps(_answer(engine, json.loads(line))) + "\n")
            answers.flush()


def _answer(engine: _Engine, asked: dict[str, Any]) -> dict[str, str]:
    try:
        if "out" in asked:
            engine.speak(asked["text"], asked["voice"], asked["rate"], asked["out"])
        return {"phonemes": engine.phonemes(asked["text"], asked["voice"])}
    except (RuntimeError, ValueError, OSError) as error:
        return {"error": f"{type(error).__name__}: {error}"}


if __name__ == "__main__":
    main()
