"""The commands ``paihao display`` (a wall board or a speaker) and ``paihao voice``."""

import asyncio
import re
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

import typer

from paihao_display.build import RATE_HZ, build_from_espeak, build_from_recordings
from paihao_display.clips import check as check_folder
from paihao_display.clips import read_manifest
from paihao_display.engines import VoiceError
from paihao_display.outputs import CardOutput, NoCardError, Output, WavOutput, open_card
from paihao_display.sound import SoundError, write_wav
from paihao_display.speaker_app import SpeakerApp
from paihao_display.voices import ENGINES, open_voice, shipped_voices
from paihao_display.words import Lang
from paihao_hall.contract import ZoneCall
from paihao_hall.plan import Text
from paihao_runtime.bus import Bus
from paihao_runtime.clock import RealClock
from paihao_runtime.command import CommandError, print_lines, run_app
from paihao_runtime.logs import start_logs
from paihao_runtime.process import (
    BrokerOption,
    CaFileOption,
    DeviceOption,
    FramesOption,
    HallIdOption,
    HeadlessOption,
    LogFormOption,
    LogLevelOption,
    SecretFileOption,
    WindowOption,
    check_device,
    device_bus,
    make_folder,
    run_until_stopped,
)

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
    device: DeviceOption,
    hall: HallIdOption,
    mqtt: BrokerOption,
    secret_file: SecretFileOption = None,
    ca_file: CaFileOption = None,
    speaker: Annotated[bool, typer.Option("--speaker", help="Speak calls, show nothing.")] = False,
    window: WindowOption = False,
    headless: HeadlessOption = False,
    frames: FramesOption = None,
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
    log_form: LogFormOption = "plain",
    log_level: LogLevelOption = "info",
) -> None:
    """Show the wall board of a zone, or with --speaker be its speaker."""
    start_logs(log_form, log_level)
    bus = device_bus(
        mqtt,
        hall=hall,
        device=device,
        kind="speaker" if speaker else "board",
        secret_file=secret_file,
        ca_file=ca_file,
        persistent=speaker,
    )
    for folder in (frames, wav):
        if folder is not None:
            make_folder(folder)

    async def main() -> None:
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

    run_until_stopped(main())


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
    from paihao_display.board_screen import SIZE, standing_texts
    from paihao_look.fonts import FontMissingError, font
    from paihao_look.window import MemoryWindow, NoScreenError, ScreenWindow, Window

    try:
        font("bold")
        shown: Window = (
            MemoryWindow(SIZE, frames, news=standing_texts)
            if headless
            else ScreenWindow(
                SIZE, f"Paihao {device}", full_screen=not in_window, escape_closes=True
            )
        )
    except (NoScreenError, FontMissingError) as error:
        raise CommandError(str(error)) from error
    app = BoardApp(device, hall, bus, RealClock(), shown, reduced_motion=reduced_motion)
    async with asyncio.TaskGroup() as tasks:
        running = [
            tasks.create_task(check_device(bus, hall=hall, device=device, kind="board")),
            tasks.create_task(bus.run(), name="bus"),
        ]
        await app.run()
        for task in running:
            task.cancel()


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
                tasks.create_task(check_device(bus, hall=hall, device=device, kind="speaker"))
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


def _lang(choice: LangChoice) -> Lang:
    return "zh" if choice is LangChoice.zh else "en"
