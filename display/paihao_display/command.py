"""The commands ``paihao display`` (a wall board or a speaker) and ``paihao voice``."""

import asyncio
import re
import signal
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final, get_args

import typer

from paihao_display.build import RATE_HZ, build_from_espeak, build_from_recordings
from paihao_display.clips import check as check_folder
from paihao_display.clips import read_manifest
from paihao_display.device import last_will
from paihao_display.engines import VoiceError
from paihao_display.outputs import CardOutput, NoCardError, Output, WavOutput, open_card
from paihao_display.sound import SoundError, write_wav
from paihao_display.speaker_app import SpeakerApp
from paihao_display.voices import ENGINES, open_voice, shipped_voices
from paihao_display.words import Lang
from paihao_hall.contract import ZoneCall
from paihao_hall.plan import DeviceKind, Text
from paihao_runtime.bus import Bus
from paihao_runtime.clock import RealClock
from paihao_runtime.command import CommandError, print_lines, run_app
from paihao_runtime.logs import LogForm, LogLevel, start_logs
from paihao_runtime.mqtt import BrokerUrl, BrokerUrlError, MqttBus

_NUMBER: Final = re.compile(r"[A-Za-z]{0,3}-?[0-9]{1,5}")

display_app: Final = typer.Typer(add_completion=False)
voice_app: Final = typer.Typer(
    help="Make, try and check voices.", no_args_is_help=True, add_completion=False
)


class LangChoice(StrEnum):
    """Languages of the announcer."""

    zh = "zh"
    en = "en"


def display(argv: list[str]) -> int:
    """Show the wall board of a zone, or be its speaker."""
    return run_app(display_app, argv, name="display")


def voice(argv: list[str]) -> int:
    """Make a voice from an engine or recordings, try it, check it."""
    return run_app(voice_app, argv, name="voice")


@display_app.command()
def _display(
    device: Annotated[str, typer.Option("--id", help="Id of this board or speaker.")],
    hall: Annotated[str, typer.Option(help="Id of the hall.")],
    mqtt: Annotated[str, typer.Option(help="mqtt://HOST:PORT or mqtts://HOST:PORT.")],
    secret_file: Annotated[
        Path | None, typer.Option(help="Holds the secret of this device's login.")
    ] = None,
    ca_file: Annotated[Path | None, typer.Option(help="Certificate of the signer.")] = None,
    speaker: Annotated[bool, typer.Option("--speaker", help="Speak calls, show nothing.")] = False,
    window: Annotated[bool, typer.Option("--window", help="In a window, not full screen.")] = False,
    headless: Annotated[bool, typer.Option("--headless", help="Without a screen.")] = False,
    frames: Annotated[
        Path | None, typer.Option(help="Folder for PNGs of each new picture (headless).")
    ] = None,
    reduced_motion: Annotated[
        bool, typer.Option("--reduced-motion", help="Nothing blinks or runs.")
    ] = False,
    wav: Annotated[
        Path | None, typer.Option(help="Folder for a WAV and a record of what is said.")
    ] = None,
    engines: Annotated[str, typer.Option(help="Voice engines, first choice first.")] = ",".join(
        ENGINES
    ),
    voice_folder: Annotated[
        list[Path] | None, typer.Option("--voice", help="Voice folder before those shipped.")
    ] = None,
    times: Annotated[int, typer.Option(min=1, max=5, help="How often a call is said.")] = 2,
    log_form: Annotated[str, typer.Option("--log", help="plain or json.")] = "plain",
    log_level: Annotated[str, typer.Option(help="debug, info, warning or error.")] = "info",
) -> None:
    """Show the wall board of a zone, or with --speaker be its speaker."""
    start_logs(_log_form(log_form), _log_level(log_level))
    try:
        url = BrokerUrl.parse(mqtt, secret_file)
    except BrokerUrlError as error:
        raise CommandError(str(error)) from error
    kind: DeviceKind = "speaker" if speaker else "board"
    try:
        will = last_will(hall, device, kind)
    except ValueError as error:
        raise CommandError(str(error), code=2) from error
    for folder in (frames, wav):
        if folder is not None:
            _make_folder(folder)

    async def main() -> None:
        bus = MqttBus(
            replace(url, name=url.name or device),
            device,
            will=will,
            persistent=speaker,
            ca_file=ca_file,
        )
        if speaker:
            names = tuple(name.strip() for name in engines.split(",") if name.strip())
            await _speak(
                bus, device, hall, wav=wav, engines=names, folders=voice_folder or (), times=times
            )
        else:
            await _show(
                bus,
                device,
                hall,
                in_window=window,
                headless=headless or frames is not None,
                frames=frames,
                reduced_motion=reduced_motion,
            )

    _run_until_stopped(main())


@voice_app.command()
def build(
    engine: Annotated[str, typer.Option(help="espeak, or a folder of recordings.")],
    out: Annotated[Path, typer.Option(help="Folder of the new voice.")],
    lang: Annotated[LangChoice, typer.Option(help="Language of the voice.")] = LangChoice.zh,
) -> None:
    """Make a voice folder from an engine or from recordings."""
    try:
        if engine == "espeak":
            manifest = asyncio.run(build_from_espeak(_lang(lang), out))
        else:
            manifest = build_from_recordings(Path(engine), _lang(lang), out)
    except (VoiceError, SoundError, OSError) as error:
        raise CommandError(str(error)) from error
    seconds = sum(clip.seconds for clip in manifest.clips)
    print_lines([f"{out}: {len(manifest.clips)} clips, {seconds:.1f} s, {manifest.engine}"])


@voice_app.command()
def say(
    words: Annotated[list[str], typer.Argument(help="NUMBER WINDOW, or a text.")],
    wav: Annotated[Path | None, typer.Option(help="Write a WAV file; else the card.")] = None,
    lang: Annotated[LangChoice, typer.Option(help="Language to speak.")] = LangChoice.zh,
    voice_folder: Annotated[
        list[Path] | None, typer.Option("--voice", help="Voice folder before those shipped.")
    ] = None,
    times: Annotated[int, typer.Option(min=1, max=5, help="How often a call is said.")] = 1,
) -> None:
    """Say a call (``say A017 3``) or a text on the sound card or into a WAV file."""
    try:
        heard = asyncio.run(_say(words, wav, _lang(lang), voice_folder or [], times))
    except (VoiceError, NoCardError, OSError) as error:
        raise CommandError(str(error)) from error
    print_lines([heard])


@voice_app.command()
def check(
    folders: Annotated[list[Path] | None, typer.Argument(help="Voice folders; else ours.")] = None,
) -> None:
    """Check voice folders against their manifests."""
    problems: list[str] = []
    for folder in folders or list(shipped_voices()):
        found = check_folder(folder)
        problems += found
        if not found:
            manifest = read_manifest(folder)
            print_lines([f"{folder}: {manifest.lang}, {len(manifest.clips)} clips, all good"])
    if problems:
        raise CommandError(*problems)


async def _show(
    bus: Bus,
    device: str,
    hall: str,
    *,
    in_window: bool,
    headless: bool,
    frames: Path | None,
    reduced_motion: bool,
) -> None:
    # Here, because a speaker and ``paihao voice`` need neither pygame nor fonts.
    from paihao_display.board_app import BoardApp
    from paihao_display.board_screen import SIZE
    from paihao_display.window import MemoryWindow, NoScreenError, PygameWindow, Window
    from paihao_look.fonts import FontMissingError, font

    try:
        font("bold")
        shown: Window = (
            MemoryWindow(SIZE, frames)
            if headless
            else PygameWindow(SIZE, f"Paihao {device}", full_screen=not in_window)
        )
    except (NoScreenError, FontMissingError) as error:
        raise CommandError(str(error)) from error
    app = BoardApp(device, hall, bus, RealClock(), shown, reduced_motion=reduced_motion)
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(bus.run(), name="bus")
        await app.run()
        running.cancel()


async def _speak(
    bus: Bus,
    device: str,
    hall: str,
    *,
    wav: Path | None,
    engines: tuple[str, ...],
    folders: list[Path] | tuple[Path, ...],
    times: int,
) -> None:
    clock = RealClock()
    output: Output = (
        open_card(clock) if wav is None else WavOutput(wav / f"{device}.wav", clock, clock.now())
    )
    record = None if wav is None else wav / f"{device}.jsonl"
    try:
        async with open_voice(output.rate_hz, engines=engines, folders=folders) as voice_:
            app = SpeakerApp(device, hall, bus, clock, voice_, output, times=times, record=record)
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(bus.run(), name="bus")
                tasks.create_task(app.run(), name="speaker")
    except VoiceError as error:
        raise CommandError(str(error)) from error


async def _say(
    words: list[str], wav: Path | None, lang: Lang, folders: list[Path], times: int
) -> str:
    clock = RealClock()
    output = CardOutput(clock) if wav is None else None
    rate_hz = RATE_HZ if output is None else output.rate_hz
    async with open_voice(rate_hz, folders=folders) as voice_:
        voice_.use((lang,), telephone_one=True)
        if len(words) == 2 and _NUMBER.fullmatch(words[0]):
            speech = await voice_.of_calls([_call(words[0], words[1])], times)
        else:
            text = " ".join(words)
            speech = await voice_.of_notice(Text(text) if lang == "zh" else Text("", text))
    if not speech.whole:
        raise VoiceError(lang, f"cannot say {' '.join(words)!r}; only the chime is left")
    if wav is not None:
        write_wav(wav, speech.sound)
    elif output is not None and not await output.play(speech.sound, clock.now()):
        raise VoiceError(lang, output.health())
    return f"{speech.text} ({speech.sound.seconds:.1f} s)"


def _call(number: str, window: str) -> ZoneCall:
    return ZoneCall(
        id="say", seq=1, zone="say", ticket="say", number=number.upper(), window="say",
        window_number=window, times=1, at=RealClock().now(),
    )  # fmt: skip


def _run_until_stopped(main: Coroutine[Any, Any, None]) -> None:
    """Run a process; SIGTERM ends it in order, as Ctrl-C does."""

    async def until_stopped() -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - a coroutine that runs is in a task
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
        await main

    with suppress(asyncio.CancelledError):
        asyncio.run(until_stopped())


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CommandError(f"{folder}: {error.strerror}") from error


def _lang(choice: LangChoice) -> Lang:
    return "zh" if choice is LangChoice.zh else "en"


def _log_form(words: str) -> LogForm:
    if words not in ("plain", "json"):
        raise CommandError(f"--log {words}: plain or json", code=2)
    return "json" if words == "json" else "plain"


def _log_level(words: str) -> LogLevel:
    levels: dict[str, LogLevel] = {level: level for level in get_args(LogLevel)}
    if words not in levels:
        raise CommandError(f"--log-level {words}: one of {', '.join(levels)}", code=2)
    return levels[words]
