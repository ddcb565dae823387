"""Speech to captions: what a recogniser is, which one is configured, and one that runs whisper.cpp.

None is shipped. A place that has a model names the class in SPEECH_RECOGNISER; what it hears is only
ever offered for review.
"""

import tempfile
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from lms.common import confinement
from lms.common.confinement import GIGABYTE, Bounds, ProgramTimedOut
from lms.common.errors import Refusal
from media import captions, programs
from media.captions import Cue
from media.probe import SAFE_INPUT

WHISPER_LANGUAGES = {"zh-Hans": "zh", "en": "en"}
MAX_SECONDS = 6 * 3600


class RecognitionRefused(Refusal):
    code = "recogniser_missing"
    status = 409
    sentence = "没有配置语音识别。可以上传字幕文件，或者导入文稿。"


class Recogniser(Protocol):
    """Hears what is said in a local file. Raises RecognitionRefused."""

    def transcribe(self, path: Path, language: str) -> list[Cue]: ...


def is_configured() -> bool:
    return bool(settings.SPEECH_RECOGNISER)


def configured_recogniser() -> Recogniser:
    """An instance of the class SPEECH_RECOGNISER names. Raises RecognitionRefused."""
    if not is_configured():
        raise RecognitionRefused
    recogniser: Recogniser = import_string(settings.SPEECH_RECOGNISER)()
    return recogniser


class WhisperCpp:
    """The command-line program of whisper.cpp with a model on this machine: WHISPER_PROGRAM, WHISPER_MODEL."""

    def __init__(self) -> None:
        self.program, self.model = Path(settings.WHISPER_PROGRAM), Path(settings.WHISPER_MODEL)
        if not (self.program.is_file() and self.model.is_file()):
            raise RecognitionRefused(
                "找不到识别程序或模型。请系统管理员核对 WHISPER_PROGRAM 和 WHISPER_MODEL。",
                code="recogniser_not_found",
            )

    def transcribe(self, path: Path, language: str) -> list[Cue]:
        with tempfile.TemporaryDirectory(prefix="recognise-") as folder:
            sound = extract_sound(path, folder=Path(folder))
            written = self.run(sound, language=language, folder=Path(folder))
            return captions.read_captions(written.read_bytes(), seconds=None)

    def run(self, sound: Path, *, language: str, folder: Path) -> Path:
        """The SRT file the program wrote. Its own folder is readable: shared builds keep libraries there."""
        bounds = Bounds(
            seconds=MAX_SECONDS,
            reads=[sound, self.model, self.program.parent],
            writes=[folder],
            cpu_seconds=MAX_SECONDS * 4,
            memory_bytes=16 * GIGABYTE,
            file_bytes=captions.MAX_BYTES,
        )
        arguments = [
            *("-m", str(self.model), "-l", WHISPER_LANGUAGES.get(language, "auto")),
            *("-f", str(sound), "-osrt", "-of", str(folder / "heard"), "-np"),
        ]
        done = run(str(self.program), arguments, bounds=bounds)
        written = folder / "heard.srt"
        if done.status != 0 or not written.is_file():
            raise RecognitionRefused(
                "识别程序出错退出，没有识别成。可以再试一次；还不行，请联系系统管理员。",
                code="recognition_failed",
            )
        return written


def extract_sound(path: Path, *, folder: Path) -> Path:
    """What whisper.cpp reads: one channel, 16 kHz, 16 bit."""
    sound = folder / "sound.wav"
    bounds = Bounds(seconds=1800, reads=[path], writes=[folder], cpu_seconds=3600)
    arguments = [
        *("-nostdin", "-v", "error", *SAFE_INPUT, "-i", f"file:{path}", "-vn", "-sn", "-dn"),
        *("-ac", "1", "-ar", "16000", "-c:a", "pcm_s16le", "-f", "wav", str(sound)),
    ]
    done = run(programs.program_path("ffmpeg"), arguments, bounds=bounds)
    if done.status != 0 or not sound.is_file():
        raise RecognitionRefused(
            "取不出视频里的声音，没有识别成。请确认这个视频有声音。", code="recognition_no_sound"
        )
    return sound


def run(program: str, arguments: list[str], *, bounds: Bounds) -> confinement.Finished:
    try:
        return confinement.run_confined(program, arguments, bounds=bounds)
    except ProgramTimedOut as error:
        raise RecognitionRefused(
            "识别用时太久，已经停下。可以先导入文稿，再对时间。", code="recognition_timed_out"
        ) from error
