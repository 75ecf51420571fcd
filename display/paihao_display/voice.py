"""What a speaker says in full: chime, sentence in each language, again, with pauses between."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from paihao_display.clips import CHIME, ClipVoice
from paihao_display.engines import EngineChain, VoiceError, free_text
from paihao_display.sound import Sound, chime, joined, silence
from paihao_display.words import (
    LANGS,
    Lang,
    Pause,
    Phrase,
    Summons,
    Token,
    call_phrase,
    phrase_text,
)
from paihao_hall.contract import ZoneCall
from paihao_hall.plan import Text

log = logging.getLogger(__name__)

AFTER_CHIME_S: Final = 0.1
BETWEEN_S: Final = 0.5
"""Pause between a sentence and the next or its repetition."""

SYNTH_LIMIT_S: Final = 15.0
"""For one sentence, whichever engine makes it; then the voice goes on without it."""

WORD_S: Final = 0.4
"""Length of a word that has no clip, for the estimate of the backlog."""


@dataclass(frozen=True, slots=True)
class Speech:
    """What a turn sounds like.

    Attributes:
        sound: all of it, chime included; never empty.
        phrases: what is said, repetitions included; empty when only the chime sounds.
        whole: False when a language, or everything, could not be spoken.
    """

    sound: Sound
    phrases: tuple[Phrase, ...]
    whole: bool

    @property
    def text(self) -> str:
        """What is said, as text."""
        return " / ".join(phrase_text(phrase) for phrase in self.phrases)

    @property
    def words(self) -> tuple[str, ...]:
        """The words said, as ``language/token``; a word without clip as its text."""
        return tuple(
            f"{part.lang}/{part.name or part.text}"
            for phrase in self.phrases
            for part in phrase
            if isinstance(part, Token)
        )


class Voice:
    """Turns calls and notices into sound."""

    def __init__(
        self,
        engines: EngineChain,
        clips: ClipVoice | None,
        rate_hz: int,
        *,
        langs: Sequence[str] = ("zh",),
        telephone_one: bool = True,
    ) -> None:
        """Make a voice.

        Args:
            engines: speak the phrases, at ``rate_hz``.
            clips: tell how long phrases take, and hold the chime; None when there are none.
            rate_hz: of the sound.
            langs: see `use`.
            telephone_one: see `use`.
        """
        self.rate_hz = rate_hz
        self._engines = engines
        self._clips = clips
        self._chime = self._find_chime()
        self.use(langs, telephone_one=telephone_one)

    def use(self, langs: Sequence[str], *, telephone_one: bool) -> None:
        """Speak as a hall wants it from the next sentence on.

        Args:
            langs: languages in the order they are spoken; others than ours are left out.
            telephone_one: say 1 as 幺.
        """
        self._langs: tuple[Lang, ...] = tuple(ours for lang in langs for ours in _ours(lang))
        self._telephone_one = telephone_one

    def seconds(self, calls: Sequence[ZoneCall], times: int) -> float:
        """Return about how long a turn with these calls takes."""
        once_s = sum(
            self._phrase_s(phrase) + BETWEEN_S for phrase in self._call_phrases(calls).values()
        )
        return self._chime.seconds + AFTER_CHIME_S + times * once_s

    async def of_calls(self, calls: Sequence[ZoneCall], times: int) -> Speech:
        """Return the speech that calls these tickets; a fallback chime when nothing can be said."""
        return await self._speech(self._call_phrases(calls), times)

    async def of_notice(self, text: Text) -> Speech:
        """Return a notice, read once in each language it has."""
        texts: dict[Lang, str] = {"zh": text.zh, "en": text.en}
        phrases = {lang: free_text(texts[lang], lang) for lang in self._langs if texts[lang]}
        return await self._speech(phrases, 1)

    def health(self) -> str:
        """Return what is wrong with the engines; empty when nothing is."""
        return self._engines.health()

    async def _speech(self, phrases: dict[Lang, Phrase], times: int) -> Speech:
        made: list[tuple[Phrase, Sound]] = []
        for phrase in phrases.values():
            try:
                async with asyncio.timeout(SYNTH_LIMIT_S):
                    made.append((phrase, await self._engines.synth(phrase)))
            except VoiceError as error:
                log.warning("cannot speak: %s", error)
            except TimeoutError:
                log.warning("cannot speak %r: no sound in %.0f s", phrase, SYNTH_LIMIT_S)
        parts = [self._chime, silence(AFTER_CHIME_S, self.rate_hz)]
        if not made:
            # Nobody hears a number, but everybody hears that there is something on the board.
            return Speech(joined([*parts, self._chime], self.rate_hz), (), whole=False)
        pause = silence(BETWEEN_S, self.rate_hz)
        for index in range(times):
            for which, (_, sound) in enumerate(made):
                parts += [pause, sound] if index or which else [sound]
        said = tuple(phrase for phrase, _ in made) * times
        return Speech(joined(parts, self.rate_hz), said, whole=len(made) == len(phrases))

    def _call_phrases(self, calls: Sequence[ZoneCall]) -> dict[Lang, Phrase]:
        summons = [Summons(call.number, call.window_number) for call in calls]
        return {
            lang: call_phrase(summons, lang, telephone_one=self._telephone_one)
            for lang in self._langs
        }

    def _phrase_s(self, phrase: Phrase) -> float:
        total_s = 0.0
        for part in phrase:
            total_s += part.seconds if isinstance(part, Pause) else self._word_s(part)
        return total_s

    def _word_s(self, token: Token) -> float:
        if self._clips is None or not token.name:
            return WORD_S
        try:
            return self._clips.clip(token.lang, token.name).seconds
        except VoiceError:
            return WORD_S

    def _find_chime(self) -> Sound:
        if self._clips is not None:
            for lang in self._clips.languages:
                try:
                    return self._clips.clip(lang, CHIME)
                except VoiceError as error:
                    log.warning("the built-in chime serves: %s", error)
        return chime(self.rate_hz)


def _ours(lang: str) -> tuple[Lang, ...]:
    return tuple(ours for ours in LANGS if ours == lang)
