"""A livestream on the shelf and who watches it, for `live`; run on a scratch database.

`DATABASE_URL=… python -m tests.bench.live_facts begin` prints where to send and what to open;
`… end` is the lecture's end.
"""

import json
import os
import sys
from datetime import timedelta

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")

import django

django.setup()

from django.conf import settings  # noqa: E402 - models need the set-up above
from django.test import Client  # noqa: E402

from lms.common.clock import database_now  # noqa: E402
from media.live import publishing, replay, services  # noqa: E402
from media.models import Livestream  # noqa: E402
from tests import world  # noqa: E402


def begin() -> dict:
    at = database_now()
    world.policy()
    livestream = services.announce(
        title="秋季学期第一讲", lecturer="徐建平", owner_unit=world.county(), starts_at=at,
        ends_at=at + timedelta(hours=2), by=None, at=at,
    )  # fmt: skip
    package = world.package()
    unit = package.units.get(kind="video")
    unit.video = livestream.video
    unit.save()
    package.refresh_from_db()
    package.save_revision().publish()
    client = Client()
    client.force_login(world.learner())
    name = settings.SESSION_COOKIE_NAME
    key = services.issue_key(livestream=livestream, by=None, at=database_now())
    return {
        "stream_key": f"{livestream.name}?key={key}",
        "page": f"/learn/{unit.key}/",
        "config": f"/learn/{unit.key}/config.json",
        "cookie": [name, client.cookies[name].value],
        "video": str(livestream.video.key),
    }


def end() -> dict:
    """As the button "结束直播" does."""
    livestream = Livestream.objects.select_related("video").get()
    services.close(livestream=livestream, by=None, at=database_now())
    publishing.write_playlist(livestream=livestream)
    return {}


def recording() -> dict:
    """The takes joined as a source, as the worker does a quarter of a minute after the end."""
    video = replay.make_source(livestream_id=Livestream.objects.get().pk, at=database_now())
    return {"bytes": video.source_bytes if video else 0}


if __name__ == "__main__":
    does = {"begin": begin, "end": end, "recording": recording}[sys.argv[1]]
    json.dump(does(), sys.stdout)
