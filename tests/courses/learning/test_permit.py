"""What nginx asks before it sends a segment, where the answer hangs on what this process has read."""

from uuid import uuid4

import pytest
from django.test import Client

from courses.learning.shelf import shelf
from lms.common.clock import database_now
from media import links
from media.models import Video
from tests import world

pytestmark = pytest.mark.django_db


def status_for(video: Video) -> int:
    learner = world.learner()
    client, build = Client(), uuid4()
    client.force_login(learner)
    at = links.signed_prefix(
        video_key=video.key, build=build, viewer_id=learner.pk, at=database_now()
    )
    token = at.removeprefix(links.PREFIX).split("/")[0]
    asked = {"X-Link-Token": token, "X-Link-Build": str(build)}
    return client.get("/videos/permit/", headers=asked).status_code


def unheard_of(page, *, live: bool) -> None:
    """Published or withdrawn by another process, of which this one will hear in half a second."""
    shelf()
    type(page).objects.filter(pk=page.pk).update(live=live)


def test_what_was_published_a_moment_ago_is_permitted_at_once():
    page = world.package()
    page.unpublish()
    unheard_of(page, live=True)

    assert status_for(page.units.get(kind="video").video) == 204


def test_what_is_on_no_shelf_is_not_permitted():
    page = world.package()
    page.unpublish()

    assert status_for(page.units.get(kind="video").video) == 403
