"""The door for encoders, or for the nginx they send to: RTMP in, ffmpeg behind, one take a connection.

ffmpeg's listener lets in whoever comes. So each connection is led to a listener of its own on the
loopback, and what the encoder says is read on the way: its `publish` command is held back until the
name and the key are found right, and a wrong one never reaches ffmpeg.
"""

import asyncio
import contextlib
import shutil
import socket
import uuid
from asyncio.subprocess import DEVNULL, Process
from pathlib import Path

import structlog
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import close_old_connections

from lms.common.clock import database_now
from lms.common.confinement import ENVIRONMENT, GIGABYTE, Bounds, jailed
from lms.common.origin import plain_address
from media.live import passes, places, publishing, services
from media.live.rtmp import NotRtmp, PublishReader
from media.live.thinning import Thinner
from media.models import Take
from media.programs import program_path

CONNECTIONS = 8
PUBLISH_WITHIN = 15.0  # seconds to say what is published
SILENCE = 20.0  # seconds without a byte end a take
TICK = 1.0
PIECE = 64 * 1024

log = structlog.get_logger(__name__)


class Gate:
    """Serve until cancelled: `await Gate(port).serve()`."""

    def __init__(self, port: int, host: str = "127.0.0.1") -> None:
        self.host, self.port = host, port
        self._free = asyncio.Semaphore(CONNECTIONS)

    async def serve(self) -> None:
        await _in_thread(finish_left_takes)
        server = await asyncio.start_server(self._connected, self.host, self.port)
        self.port = server.sockets[0].getsockname()[1]
        async with server:
            await server.serve_forever()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        address = plain_address((writer.get_extra_info("peername") or [""])[0])
        try:
            if self._free.locked():
                return
            async with self._free:
                await Session(reader, writer, address).run()
        except (NotRtmp, services.PublishingRefused, OSError, TimeoutError) as reason:
            log.info("encoder refused", reason=str(reason), address=address)
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()


class Session:
    """One encoder from connecting to dropping."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, address: str | None
    ) -> None:
        self.reader, self.writer, self.address = reader, writer, address
        self.key = uuid.uuid4()
        self.folder = places.take_folder(self.key)
        self.take: Take | None = None
        self.thinner: Thinner | None = None

    async def run(self) -> None:
        self.folder.mkdir(parents=True)
        port = _free_port()
        process = await self._listen(port)
        try:
            inner, outer = await _connect(port)
            back = asyncio.create_task(_copy(inner, self.writer))
            try:
                await self._admit(outer)
                if settings.QIANGJI["LIVE_THIN"]:
                    self.thinner = Thinner(self.folder)
                await self._relay(outer)
            finally:
                back.cancel()
                outer.close()
        finally:
            await _stop(process)
            if self.thinner is not None:
                await self.thinner.finish()
            if self.take is not None:
                await _in_thread(self._finish)
            shutil.rmtree(self.folder, ignore_errors=True)

    async def _listen(self, port: int) -> Process:
        return await asyncio.create_subprocess_exec(
            *confined_listener(port, self.folder), env=ENVIRONMENT,
            cwd=self.folder, stdin=DEVNULL, stdout=DEVNULL, stderr=DEVNULL,
        )  # fmt: skip

    async def _admit(self, outer: asyncio.StreamWriter) -> None:
        """Pass on what comes before the publish command; raises unless that is right."""
        said = PublishReader()
        async with asyncio.timeout(PUBLISH_WITHIN):
            while True:
                data = await self.reader.read(PIECE)
                if not data:
                    raise NotRtmp("gone before publishing")
                said.feed(data)
                if said.published is not None:
                    break
                outer.write(data)
                await outer.drain()
        self.take = await _in_thread(
            services.begin_take, shown=passes.shown_by(said.published, address=self.address),
            take=self.key, at=await _in_thread(database_now),
        )  # fmt: skip
        outer.write(data)

    async def _relay(self, outer: asyncio.StreamWriter) -> None:
        """Pictures and sound, until the encoder drops, falls silent, or may not send any more."""
        relay = asyncio.create_task(self._pass_on(outer))
        try:
            while not relay.done():
                await asyncio.wait({relay}, timeout=TICK)
                if not await _in_thread(self._publish):
                    break
        finally:
            relay.cancel()
            with contextlib.suppress(asyncio.CancelledError, OSError, TimeoutError):
                await relay

    async def _pass_on(self, outer: asyncio.StreamWriter) -> None:
        while data := await asyncio.wait_for(self.reader.read(PIECE), SILENCE):
            outer.write(data)
            await outer.drain()

    def _publish(self) -> bool:
        """Whether the take may go on: its lecture is not over and its key not taken back."""
        assert self.take is not None
        publishing.publish_fragments(take=self.take)
        open_takes = Take.objects.filter(pk=self.take.pk, ended_at__isnull=True)
        return open_takes.exclude(livestream__key_digest="").exists()

    def _finish(self) -> None:
        assert self.take is not None
        publishing.publish_fragments(take=self.take)
        services.end_take(take=self.take, at=database_now())
        publishing.write_playlist(livestream=self.take.livestream)


def confined_listener(port: int, folder: Path) -> list[str]:
    """In the jail of the transcodes, but for the one port it listens on. Copying takes little."""
    bounds = Bounds(
        seconds=0, writes=[folder], cpu_seconds=3600, memory_bytes=2 * GIGABYTE, listens_on=port
    )
    return jailed(program_path("ffmpeg"), listener_arguments(port), bounds=bounds)


def listener_arguments(port: int) -> list[str]:
    """Copy what comes into fragments that begin with key frames; the playlist keeps them all."""
    return [
        "-nostdin", "-v", "error", "-protocol_whitelist", "rtmp,tcp,file", "-listen", "1",
        "-f", "flv", "-i", f"rtmp://127.0.0.1:{port}/live/in",
        "-map", "0:v:0", "-map", "0:a:0?", "-c", "copy", "-map_metadata", "-1",
        "-f", "hls", "-hls_time", "2", "-hls_list_size", "0", "-hls_playlist_type", "event",
        "-hls_segment_type", "fmp4", "-hls_fmp4_init_filename", places.INIT,
        "-hls_segment_filename", "%05d.m4s", "-hls_flags", "independent_segments+temp_file",
        places.INDEX,
    ]  # fmt: skip


def finish_left_takes() -> None:
    """A gate that was killed leaves takes open: what they brought is kept, and they end."""
    for take in Take.objects.filter(ended_at__isnull=True).select_related("livestream__video"):
        publishing.publish_fragments(take=take)
        services.end_take(take=take, at=database_now())
        publishing.write_playlist(livestream=take.livestream)
        shutil.rmtree(places.take_folder(take.key), ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def _connect(port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    for _ in range(100):
        with contextlib.suppress(OSError):
            return await asyncio.open_connection("127.0.0.1", port)
        await asyncio.sleep(0.05)
    raise TimeoutError("the listener does not come up")


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(PIECE):
            writer.write(data)
            await writer.drain()


async def _stop(process: Process) -> None:
    """ffmpeg writes its last fragment when the connection ends; it is not waited for long."""
    try:
        async with asyncio.timeout(10):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()


async def _in_thread(function, /, *args, **kwargs):
    def with_fresh_connection():
        close_old_connections()
        return function(*args, **kwargs)

    return await sync_to_async(with_fresh_connection)()
