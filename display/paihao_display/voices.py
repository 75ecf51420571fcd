"""Puts a speaker's voice together from settings: engines in order, voice folders, output."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Final

from paihao_display.clips import MANIFEST, ClipVoice
from paihao_display.engines import EngineChain, VoiceEngine, plug_in
from paihao_display.espeak import EspeakVoice
from paihao_display.voice import Voice
from paihao_runtime.places import shipped

ENGINES: Final = ("clips", "espeak")
"""Engines used when nothing else is said, first choice first."""


def shipped_voices() -> tuple[Path, ...]:
    """Return the voice folders that come with Paihao."""
    return tuple(path.parent for path in sorted(shipped("sounds").glob(f"*/{MANIFEST}")))


@asynccontextmanager
async def open_voice(
    rate_hz: int, *, engines: Sequence[str] = ENGINES, folders: Sequence[Path] = ()
) -> AsyncIterator[Voice]:
    """Give a voice; what its engines hold is let go of afterwards.

    Args:
        rate_hz: of the output it is for.
        engines: names in order of preference.
        folders: voice folders before those that come with Paihao.

    Raises:
        VoiceError: there is no engine of a name.
    """
    clips: ClipVoice | None = None
    async with AsyncExitStack() as stack:
        chain: list[VoiceEngine] = []
        for name in engines:
            if name == "clips":
                clips = ClipVoice((*folders, *shipped_voices()), rate_hz)
                chain.append(clips)
            elif name == "espeak":
                chain.append(await stack.enter_async_context(EspeakVoice(rate_hz)))
            else:
                chain.append(plug_in(name, rate_hz))
        yield Voice(EngineChain(chain), clips, rate_hz)
