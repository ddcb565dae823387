"""`manage.py run_ingest [--port N]`: let encoders in by RTMP where no nginx does."""

import asyncio
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from media.live.gate import Gate


class Command(BaseCommand):
    help = "Let encoders publish livestreams by RTMP (rtmp://HOST:PORT/live, stream key NAME?key=SECRET)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=1935)
        parser.add_argument("--host", default="127.0.0.1")

    def handle(self, *args: Any, **options: Any) -> None:
        asyncio.run(Gate(options["port"], options["host"]).serve())
