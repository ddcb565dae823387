"""What counts as a usable video, and what is made of it. Plain Python: no Django, no files, no clock."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

SEGMENT_SECONDS = 6
MAX_PIXELS = 4096 * 2304
MIN_SIDE = 64
MAX_ASPECT = 8
MAX_STREAMS = 12
MAX_FRAME_RATE = 240


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Security 11: a playlist named .mp4 reads other files, so only containers that hold their own data.
CONTAINERS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,mpegts,flv,avi"
VIDEO_CODECS = _words(
    "h264 hevc av1 vp8 vp9 mpeg4 mpeg1video mpeg2video msmpeg4v2 msmpeg4v3 h263 flv1 vp6f wmv1 wmv2"
    " mjpeg prores dnxhd qtrle png theora rv40"
)
AUDIO_CODECS = _words(
    "aac mp1 mp2 mp3 ac3 eac3 opus vorbis flac alac amr_nb amr_wb wmav1 wmav2 nellymoser speex"
    " pcm_s16le pcm_s16be pcm_s24le pcm_s24be pcm_s32le pcm_f32le pcm_u8 pcm_alaw pcm_mulaw adpcm_ms"
    " adpcm_ima_wav"
)
# Decoders do not always carry the codec's name.
DECODERS = ",".join(
    sorted(
        VIDEO_CODECS
        | AUDIO_CODECS
        | {"flv", "libdav1d", "mp3float", "mp2float", "mp1float", "amrnb", "amrwb"}
    )
)

SENTENCES = {
    "empty_file": "这个文件是空的，里面没有内容。请确认原文件能播放，再重新上传。",
    "too_large": "文件太大，超过了单个视频的上限。请把视频压缩或分成几段再上传。",
    "playlist_file": "这个文件是播放清单，里面没有视频本身。请上传视频文件（MP4、MOV、MKV 等）。",
    "not_a_video": "文件名像视频，里面其实不是视频。请用播放器打开原文件看一看，再上传能播放的那一个。",
    "truncated": "视频不完整，后面一段丢了，多半是拷贝或下载中断。请重新拷贝原文件再上传。",
    "no_video": "这个文件只有声音，没有画面。请上传带画面的视频；只有录音时，可以配一张封面图导出成视频。",
    "codec_refused": "视频的编码方式不常见，平台不处理。请导出成 H.264 编码的 MP4 再上传。",
    "container_refused": "平台不收这种格式的文件。请导出成 MP4 再上传。",
    "picture_too_large": "画面尺寸太大，超过 4096×2304。请导出成 1080p 再上传。",
    "picture_too_small": "画面太小或太窄，看不清内容。请检查导出时的画面尺寸。",
    "frame_rate_refused": "视频每秒的画面太多，超过 240 幅，不像正常的录像。请导出成每秒 25 或 30 幅的 MP4 再上传。",
    "too_many_streams": "文件里的音轨、字幕轨太多。请只保留一条画面和一条声音再上传。",
    "duration_unknown": "读不出视频有多长，多半是录制没有正常结束。请用播放器另存或重新导出一次再上传。",
    "too_long": "视频太长，超过了单个视频的时长上限。请按课时剪成几段再上传。",
    "too_short": "视频不到 1 秒。请检查是不是导出时选错了范围。",
    "check_timed_out": "检查这个文件用时太久，已经停下。请重新导出视频再上传。",
    "digest_mismatch": "传到的内容和你电脑上的对不上，没有收下。请重新传一次；再这样，请换一台电脑或换一条网络。",
    "check_crashed": "检查程序读这个文件时出错退出。请把视频重新导出成 MP4 再上传。",
    "transcode_failed": "转码时出错，没有做完。可以先重试一次；再失败就请重新导出视频。",
    "transcode_timed_out": "转码用时太久，已经停下。可以重试；再失败就请把视频导出成 1080p 的 MP4。",
    "renditions_incomplete": "转码后的文件不完整，没有启用。请重试一次。",
    "worker_lost": "转码几次都被中断，没有做完。原文件还在，请稍后重试。",
    "source_damaged": "存着的原文件和上传时不一样，多半是存储坏了。没有动它，请联系系统管理员。",
    "replacement_too_short": "有人看过的时间已经超过新文件的长度，没有换上，学员看的还是原来的。请换一个不短于它的文件。",
    "no_space": "服务器的空间不够，转码停在排队。原文件还在；请系统管理员腾出空间，腾出后会自动接着转，不用重新上传。",
}


@dataclass(frozen=True)
class Picture:
    """The chosen picture track: its place in the file and its size as shown (rotation, pixel shape)."""

    index: int
    codec: str
    width: int
    height: int
    frame_rate: Fraction


@dataclass(frozen=True)
class SourceFacts:
    """What ffprobe found out about an upload. Seconds count from the first picture or sound."""

    container: str
    seconds: float
    picture: Picture
    audio_index: int | None

    @property
    def has_audio(self) -> bool:
        return self.audio_index is not None


@dataclass(frozen=True)
class Rung:
    """One step of the ladder. Rates in kbit/s, media.md: lecture slides need far less than the cap."""

    name: str
    width: int
    height: int
    frame_rate: Fraction
    crf: int
    max_rate: int
    preset: str
    # Seconds of the cap that one picture may use up: a slide of small print is one large key frame.
    buffer_seconds: int = 4
    segment_seconds: int = SEGMENT_SECONDS

    @property
    def frame_seconds(self) -> float:
        return float(1 / self.frame_rate)


# (name, long side, short side, crf, cap kbit/s, x264 preset)
STEPS = (
    ("360p", 640, 360, 28, 300, "medium"),
    ("720p", 1280, 720, 26, 900, "veryfast"),
    ("1080p", 1920, 1080, 26, 1800, "veryfast"),
)
AUDIO_RATE = 48
# ADR 0024: on the thinnest lines one sharp picture a second says more than many blurred ones, and
# most of its bytes are key frames. x264 quantises a picture of a second finer than its crf says:
# 42 looks like 31 at 25 pictures a second.
SLOW = "slow"
SLOW_STEP = (SLOW, 1280, 720, 42, 100, "medium")
SLOW_SEGMENT_SECONDS = 12


def ladder(*, width: int, height: int, frame_rate: Fraction) -> list[Rung]:
    """The rungs for a source of this size, lightest first; never larger than the source.

    The slow one and 360p always; 720p when the source is larger than 360p; 1080p only when the source
    has it. A portrait source stands its boxes upright.
    """
    long, short = max(width, height), min(width, height)
    rungs = [slow_rung(width, height)]
    for step in STEPS:
        name = step[0]
        if name == "720p" and long <= 640 and short <= 360:
            break
        if name == "1080p" and long < 1920 and short < 1080:
            break
        rate = rung_frame_rate(frame_rate, is_smallest=name == "360p")
        rungs.append(rung_of(step, width, height, rate))
    return rungs


def slow_rung(width: int, height: int) -> Rung:
    rung = rung_of(SLOW_STEP, width, height, Fraction(1))
    return replace(rung, segment_seconds=SLOW_SEGMENT_SECONDS, buffer_seconds=12)


def rung_of(
    step: tuple[str, int, int, int, int, str], width: int, height: int, rate: Fraction
) -> Rung:
    name, box_long, box_short, crf, cap, preset = step
    long, short = max(width, height), min(width, height)
    scale = min(Fraction(box_long, long), Fraction(box_short, short), Fraction(1))
    return Rung(name, even(width * scale), even(height * scale), rate, crf, cap, preset)


def even(value: Fraction) -> int:
    """4:2:0 needs even sides; rounding down never upscales."""
    return max(2, int(value) // 2 * 2)


def rung_frame_rate(source: Fraction, *, is_smallest: bool) -> Fraction:
    """A rate at which six seconds are a whole number of frames, so that all rungs cut at the same instant.

    The smallest rung runs at half the rate: on slow lines media.md found frame rate worth less than sharpness.
    """
    nearest = min((24, 25, 30), key=lambda rate: abs(rate - source))
    if source > 31:
        nearest = 25 if source == 50 else 30
    rate = nearest if source >= 20 else max(2, -(-source.numerator // source.denominator))
    return Fraction(rate, 2) if is_smallest and rate >= 20 else Fraction(rate)


def sprite_interval(seconds: float) -> int:
    """Seconds between thumbnails: every segment, but at most 300 pictures however long the video is."""
    return SEGMENT_SECONDS * max(1, -(-int(seconds) // (SEGMENT_SECONDS * 300)))


def time_allowed(seconds: float) -> int:
    """Wall-clock seconds a transcode may take: about real time on two busy cores, so six times that."""
    return int(300 + 6 * seconds)


def picture_problem(width: int, height: int) -> str | None:
    if width * height > MAX_PIXELS or max(width, height) > 8192:
        return "picture_too_large"
    if min(width, height) < MIN_SIDE or max(width, height) > MAX_ASPECT * min(width, height):
        return "picture_too_small"
    return None


def duration_problem(seconds: float | None, *, max_seconds: int) -> str | None:
    if seconds is None:
        return "duration_unknown"
    if seconds > max_seconds:
        return "too_long"
    return "too_short" if seconds < 1 else None


def is_cut_short(*, declared: float, ends: Sequence[float]) -> bool:
    """Whether the last packets end well before the length the header promises: a copy that broke off."""
    return not ends or max(ends) < declared - max(2.0, declared * 0.02)


def refused_codec(*, video: str, audio: str | None) -> bool:
    return video not in VIDEO_CODECS or (audio is not None and audio not in AUDIO_CODECS)
