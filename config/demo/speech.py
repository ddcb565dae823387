"""The sound of a demo lecture: Mandarin from eSpeak NG where its wheel is installed, else a soft tone."""

import ctypes
import math
from array import array
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from threading import Lock

RATE = 22_050  # samples a second, 16 bit, mono: what eSpeak NG produces
WORDS_A_MINUTE = 170
CHARACTERS_A_SECOND = 4.4  # of the spoken voice; the tone keeps the same pace
SYNCHRONOUS, KEEP_RUNNING, UTF_8, BY_RATE = 2, 0x8000, 1, 1
ONE_AT_A_TIME = Lock()
SAMPLES = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p
)


class Voice:
    """The one eSpeak NG engine of the process: the library keeps its state in globals."""

    def __init__(self, folder: Path) -> None:
        self.library = ctypes.CDLL(str(folder / "libespeak-ng.so"))
        self.spoken = bytearray()
        self.callback = SAMPLES(self._collect)
        # Without KEEP_RUNNING the library ends the process when it cannot read its data.
        rate = self.library.espeak_Initialize(SYNCHRONOUS, 0, str(folder).encode(), KEEP_RUNNING)
        if rate != RATE or self.library.espeak_SetVoiceByName(b"cmn"):
            raise OSError("eSpeak NG found no Mandarin voice")
        self.library.espeak_SetSynthCallback(self.callback)
        self.library.espeak_SetParameter(BY_RATE, WORDS_A_MINUTE, 0)
        self.library.espeak_Synth.argtypes = [
            ctypes.c_char_p, ctypes.c_size_t, ctypes.c_uint, ctypes.c_int,
            ctypes.c_uint, ctypes.c_uint, ctypes.c_void_p, ctypes.c_void_p,
        ]  # fmt: skip

    def _collect(self, samples: object, count: int, _events: object) -> int:
        if samples and count > 0:
            self.spoken += ctypes.string_at(samples, count * 2)  # type: ignore[arg-type]
        return 0

    def say(self, text: str) -> bytes:
        self.spoken.clear()
        encoded = text.encode()
        self.library.espeak_Synth(encoded, len(encoded) + 1, 0, 0, 0, UTF_8, None, None)
        self.library.espeak_Synchronize()
        return bytes(self.spoken)


@cache
def installed_voice() -> Voice | None:
    found = find_spec("espeakng_loader")
    if found is None or found.origin is None:
        return None
    try:
        return Voice(Path(found.origin).parent)
    except OSError:
        return None


def spoken(text: str, *, pitch: int) -> bytes:
    """`text` as samples: in words, or as a swelling tone of the same length."""
    with ONE_AT_A_TIME:
        voice = installed_voice()
        words = voice.say(text) if voice else b""
    return words or tone(len(text) / CHARACTERS_A_SECOND, pitch=pitch)


def silence(seconds: float) -> bytes:
    return bytes(2 * int(seconds * RATE))


def tone(seconds: float, *, pitch: int) -> bytes:
    second = _swell(pitch)
    return (second * (int(seconds) + 1))[: 2 * int(seconds * RATE)]


@cache
def _swell(pitch: int) -> bytes:
    """One second that swells and fades, so repeats join without a click."""
    turn = 2 * math.pi / RATE
    return array(
        "h",
        (int(2600 * math.sin(turn * n / 2) ** 2 * math.sin(turn * pitch * n)) for n in range(RATE)),
    ).tobytes()
