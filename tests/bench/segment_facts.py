"""Makes one lecture on the shelf and its signed-in viewers, and prints whom to send what.

Run on a scratch database: `DATABASE_URL=… python -m tests.bench.segment_facts VIEWERS SEGMENTS BYTES`.
"""

import json
import os
import sys
from pathlib import Path
from uuid import uuid4

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")

import django

django.setup()

from django.conf import settings  # noqa: E402 - models need the set-up above
from django.test import Client  # noqa: E402

from lms.common.clock import database_now  # noqa: E402
from lms.people.services import add_person  # noqa: E402
from media.links import signed_prefix  # noqa: E402
from media.models import Video  # noqa: E402
from tests import world  # noqa: E402


def facts(viewers: int, segments: int, size: int) -> dict:
    unit = world.package().units.get(kind="video")
    Video.objects.filter(pk=unit.video_id).update(build=uuid4())
    video = Video.objects.get(pk=unit.video_id)
    folder = Path(settings.MEDIA_ROOT) / f"videos/{video.key}/{video.build}"
    folder.mkdir(parents=True)
    names = [f"720p-{number:05}.m4s" for number in range(segments)]
    for name in names:
        (folder / name).write_bytes(os.urandom(size))
    return {
        "folder": str(folder),
        "build": str(video.build),
        "names": names,
        "viewers": [_viewer(video, number) for number in range(viewers)],
    }


def _viewer(video: Video, number: int) -> dict:
    person = add_person(staff_number=f"viewer{number}", name="学员")
    client = Client()
    client.force_login(person)
    name = settings.SESSION_COOKIE_NAME
    prefix = signed_prefix(
        video_key=video.key, build=video.build, viewer_id=person.pk, at=database_now()
    )
    return {"cookie": f"{name}={client.cookies[name].value}", "prefix": prefix}


if __name__ == "__main__":
    json.dump(facts(*(int(given) for given in sys.argv[1:])), sys.stdout)
