"""A lecture for thin lines while it is spoken: fragments of a take in, a slow picture and the sound out.

A process of its own, fed with what the encoder's own fragments bring: however slowly it encodes, and
should it die, the take goes on untouched.
"""

import asyncio
import contextlib
from asyncio.subprocess import DEVNULL, PIPE, Process
from pathlib import Path

import structlog
from django.conf import settings

from lms.common.confinement import Bounds, jailed
from media import rules
from media.live import timeline
from media.live.places import AUDIO, INDEX, INIT, SLOW
from media.programs import program_path

TICK = 1.0
ENDS_WITHIN = 15.0
# Live there are short segments: who follows shall not wait for the slide that is shown.
SEGMENT_SECONDS = 6

log = structlog.get_logger(__name__)


class Thinner:
    """Feeds itself from a take's folder until `finish`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._process: Process | None = None
        self._fed = 0
        self._is_over = asyncio.Event()
        self._work = asyncio.create_task(self._run())

    async def finish(self) -> None:
        """Pass on the last fragments and wait for what comes of them, not for long."""
        self._is_over.set()
        await self._work

    async def cancel(self) -> None:
        self._work.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._work

    async def _run(self) -> None:
        try:
            is_last = False
            while not is_last:
                is_last = self._is_over.is_set()
                await self._feed()
                if not is_last:
                    with contextlib.suppress(TimeoutError):
                        await asyncio.wait_for(self._is_over.wait(), TICK)
            await self._end()
        except (OSError, TimeoutError) as reason:
            # The lecture itself goes on; its playlists fall back to what the encoder sends.
            log.warning("live_thinning_stopped", folder=self.folder.name, reason=str(reason))
        finally:
            if self._process is not None and self._process.returncode is None:
                self._process.kill()
                await self._process.wait()

    async def _feed(self) -> None:
        listed = await asyncio.to_thread(_listed, self.folder)
        for name in listed[self._fed :]:
            if self._process is None:
                self._process = await self._start()
                await self._pass_on(INIT)
            await self._pass_on(name)
            self._fed += 1

    async def _start(self) -> Process:
        init = await asyncio.to_thread((self.folder / INIT).read_bytes)
        for name in (SLOW, AUDIO):
            await asyncio.to_thread((self.folder / name).mkdir)
        bounds = Bounds(
            seconds=0, writes=[self.folder], cpu_seconds=settings.QIANGJI["LIVE_MAX_SECONDS"] * 2
        )
        arguments = thinning_arguments(self.folder, has_sound=b"soun" in init)
        return await asyncio.create_subprocess_exec(
            *jailed(program_path("ffmpeg"), arguments, bounds=bounds),
            stdin=PIPE, stdout=DEVNULL, stderr=DEVNULL, env={"LC_ALL": "C.UTF-8", "PATH": ""},
        )  # fmt: skip

    async def _pass_on(self, name: str) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.write(await asyncio.to_thread((self.folder / name).read_bytes))
        await self._process.stdin.drain()

    async def _end(self) -> None:
        if self._process is None:
            return
        assert self._process.stdin is not None
        self._process.stdin.close()
        async with asyncio.timeout(ENDS_WITHIN):
            await self._process.wait()


def thinning_arguments(folder: Path, *, has_sound: bool) -> list[str]:
    """One sharp picture a second with the sound as it came, and the sound alone.

    Without looking ahead: at a picture a second x264 would otherwise look 40 seconds ahead.
    """
    name, width, height, crf, cap, _preset = rules.SLOW_STEP
    sound = ["-map", "0:a:0", "-c:a", "copy"] if has_sound else []
    alone = [*sound, *_hls(folder / AUDIO)] if has_sound else []
    return [
        "-v", "error", "-protocol_whitelist", "pipe,file", "-max_pixels", str(rules.MAX_PIXELS),
        "-f", "mov", "-i", "pipe:0",
        "-map", "0:v:0", "-vf",
        f"fps=1:start_time=0,scale=w='min({width},iw)':h='min({height},ih)'"
        ":force_original_aspect_ratio=decrease:force_divisible_by=2,setsar=1",
        "-c:v", "libx264", "-preset", "veryfast", "-tune", "stillimage", "-crf", str(crf),
        "-maxrate", f"{cap}k", "-bufsize", f"{cap * 12}k", "-pix_fmt", "yuv420p", "-bf", "0",
        "-x264-params", "rc-lookahead=0:sync-lookahead=0:mbtree=0:threads=1",
        "-g", str(SEGMENT_SECONDS), "-keyint_min", str(SEGMENT_SECONDS), "-sc_threshold", "0",
        *sound, *_hls(folder / name), *alone,
    ]  # fmt: skip


def _hls(folder: Path) -> list[str]:
    return [
        "-map_metadata", "-1", "-f", "hls", "-hls_time", str(SEGMENT_SECONDS),
        "-hls_list_size", "0", "-hls_playlist_type", "event", "-hls_segment_type", "fmp4",
        "-hls_fmp4_init_filename", INIT, "-hls_segment_filename", str(folder / "%05d.m4s"),
        "-hls_flags", "independent_segments+temp_file", str(folder / INDEX),
    ]  # fmt: skip


def _listed(folder: Path) -> list[str]:
    try:
        return [each.name for each in timeline.fragments_listed((folder / INDEX).read_text())]
    except FileNotFoundError:
        return []
