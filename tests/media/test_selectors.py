"""What the player is told about a video's files and what they cost."""

import pytest

from media.models import Rendition
from media.selectors import data_per_hour, delivery_urls
from tests import world


def rendition(video, name: str, rate: int, size: int = 1000) -> Rendition:
    return Rendition.objects.create(
        video=video, build=video.build, name=name, bandwidth=rate, average_bandwidth=rate,
        codecs="", bytes=size,
    )  # fmt: skip


def urls(video) -> dict:
    video.refresh_from_db()
    return delivery_urls(video=video, captions=[], viewer=world.learner(), at=world.NOON)


def test_an_hour_costs_its_pictures_and_its_sound():
    costs = data_per_hour({"slow": 40_000, "720p": 900_000, "audio": 50_000, "slides": 9_000})

    assert costs == {"slow": 40, "720p": 428, "audio": 22, "slides": 27}


@pytest.mark.django_db
def test_slides_are_under_the_signed_prefix_of_the_build():
    video = world.video()
    rendition(video, "audio", 50_000)
    rendition(video, "slides", 9_000, size=123_456)

    told = urls(video)

    assert told["slides_url"] == told["manifest_url"].replace("master.m3u8", "slides.vtt")
    assert told["slides_bytes"] == 123_456
    assert told["data_per_hour"] == {"audio": 22, "slides": 27}


@pytest.mark.django_db
def test_a_video_made_before_there_were_slides_still_plays():
    video = world.video()
    rendition(video, "360p", 80_000)

    told = urls(video)

    assert told["manifest_url"].endswith("master.m3u8")
    assert (told["slides_url"], told["slides_bytes"]) == ("", 0)
