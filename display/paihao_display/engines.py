"""Voice engines: what makes sound of a phrase, and the order in which they are tried.

An engine is anything with a name, languages, `synth` and `health`. ``clips`` joins recorded words
and is tried first; ``espeak`` reads any text. Another package offers one as an entry point of the
group ``paihao.voices``: a function that takes the rate in Hz and returns a `VoiceEngine`.
"""

import logging
from collections.abc import Sequence
from importlib.metadata import entry_points
from typing import Final, Protocol

from paihao_display.sound import Sound
from paihao_display.words import Lang, Phrase, Token, phrase_text

log = logging.getLogger(__name__)

GROUP: Final = "paihao.voices"


class VoiceError(Exception):
    """An engine cannot speak this now; another may.

    Attributes:
        engine: its name.
    """

    def __init__(self, engine: str, problem: str) -> None:
        super().__init__(f"voice {engine}: {problem}")
        self.engine = engine


class VoiceEngine(Protocol):
    """What speaks."""

    @property
    def name(self) -> str:
        """Its name in the settings."""
        ...

    @property
    def languages(self) -> tuple[Lang, ...]:
        """Languages it can speak."""
        ...

    async def synth(self, phrase: Phrase) -> Sound:
        """Return the phrase as sound, at the rate the engine was made for, peak <= -1 dBFS.

        Raises:
            VoiceError: it cannot.
        """
        ...

    def health(self) -> str:
        """Return what is wrong; empty when it can speak everything it is for."""
        ...


class EngineChain:
    """Engines in order of preference; each phrase is spoken by the first that can."""

    def __init__(self, engines: Sequence[VoiceEngine]) -> None:
        self._engines = tuple(engines)
        self._told: set[str] = set()

    async def synth(self, phrase: Phrase) -> Sound:
        """Return the phrase as sound.

        Raises:
            VoiceError: no engine can; the message holds the reason of each.
        """
        problems: list[str] = []
        tokens = [part for part in phrase if isinstance(part, Token)]
        langs = {token.lang for token in tokens}
        # That clips cannot read a text is no fault worth a line in the log.
        is_text = any(not token.name for token in tokens)
        for engine in self._engines:
            if not langs <= set(engine.languages):
                continue
            try:
                sound = await engine.synth(phrase)
            except VoiceError as error:
                problems.append(str(error))
                if not is_text:
                    self._tell(str(error))
                continue
            if sound.samples:
                return sound
            problems.append(f"voice {engine.name}: made no sound")
        reason = "; ".join(problems) or "no engine speaks " + "+".join(sorted(langs))
        raise VoiceError("chain", f"{phrase_text(phrase)!r}: {reason}")

    def health(self) -> str:
        """Return what is wrong with the engines, empty when nothing is."""
        return "; ".join(
            f"{engine.name}: {problem}" for engine in self._engines if (problem := engine.health())
        )

    def _tell(self, problem: str) -> None:
        """Log a problem the first time it shows; a missing clip would fill the log."""
        if problem not in self._told:
            self._told.add(problem)
            log.warning("%s", problem)


def free_text(text: str, lang: Lang) -> Phrase:
    """Return a phrase of words that have no clips, such as a notice."""
    return (Token(lang, "", text),)


def plug_in(name: str, rate_hz: int) -> VoiceEngine:
    """Return an engine that another package offers.

    Raises:
        VoiceError: no package offers one of that name.
    """
    for entry in entry_points(group=GROUP, name=name):
        engine: VoiceEngine = entry.load()(rate_hz)
        return engine
    raise VoiceError(name, "there is no such engine; clips and espeak come with Paihao")
