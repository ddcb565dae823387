"""manage.py archive_sources --older-than DAYS [--dry-run]: move sources nobody needs to the cold storage."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from lms.common.clock import database_now
from media import cold, sources
from media.probe import VideoRefused


class Command(BaseCommand):
    help = "Move the sources of videos ready for so many days to COLD_STORAGE. Again: only what is new."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--older-than", type=int, required=True, metavar="DAYS")
        parser.add_argument("--dry-run", action="store_true", help="say what would move")

    def handle(self, *, older_than: int, dry_run: bool, **options: Any) -> None:
        if sources.cold_storage() is None:
            raise CommandError(cold.ColdRefused.sentence, returncode=2)
        if older_than < 0:
            raise CommandError("--older-than 要写 0 或更大的天数", returncode=2)
        at = database_now()
        moved, bytes_moved, damaged = 0, 0, 0
        for video in cold.archivable(older_than=at - timedelta(days=older_than)):
            try:
                done = dry_run or cold.archive_source(video=video, by=None, at=at)
            except VideoRefused as refusal:
                damaged += 1
                self.stderr.write(f"{video.title}：{refusal.sentence}")
                continue
            moved, bytes_moved = moved + done, bytes_moved + done * video.source_bytes
        verb = "可以移走" if dry_run else "移走了"
        self.stdout.write(f"{verb} {moved} 个源文件，{bytes_moved} 字节。")
        if damaged:
            raise CommandError(f"{damaged} 个源文件和上传时不一样，没有动。", returncode=1)
