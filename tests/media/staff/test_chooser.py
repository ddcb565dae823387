"""Choosing and uploading a video inside the page editor."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from courses.catalogue.models import CatalogueIndexPage
from media.models import Video
from media.staff.chooser import video_chooser
from tests import world

pytestmark = pytest.mark.django_db


def test_the_page_editor_offers_the_chooser_for_a_units_video(client, author):
    shelf = CatalogueIndexPage.objects.get()
    address = reverse("wagtailadmin_pages:add", args=["catalogue", "coursepackagepage", shelf.pk])

    html = client.get(address).content.decode()

    assert "选一个视频" in html
    assert reverse("video_chooser:choose") in html
    assert "media/staff.js" in html


def test_a_chosen_video_shows_its_state_and_where_to_ask_for_it(video):
    Video.objects.filter(pk=video.pk).update(state="transcoding", progress=42)

    html = video_chooser.widget_class().render("video", video.pk, {"id": "id_video"})

    assert "网格怎么走访（转码中 42%）" in html
    assert reverse("videos:states") in html


def test_only_own_videos_are_offered_and_can_be_chosen(client, author, video, foreign_video):
    offered = client.get(reverse("video_chooser:choose")).json()["html"]
    chosen = client.get(reverse("video_chooser:chosen", args=[video.pk])).json()["result"]

    assert offered.count("网格怎么走访") == 1
    assert "排队中" in offered
    assert chosen["id"] == str(video.pk)
    assert chosen["edit_url"] == reverse("videos:detail", args=[video.pk])
    assert client.get(reverse("video_chooser:chosen", args=[foreign_video.pk])).status_code == 404


def test_videos_are_found_by_title(client, author, video):
    found = client.get(reverse("video_chooser:choose_results"), {"q": "走访"}).content.decode()
    nothing = client.get(reverse("video_chooser:choose_results"), {"q": "防汛"}).content.decode()

    assert "网格怎么走访" in found
    assert "网格怎么走访" not in nothing


def upload(client, data: bytes):
    fields = {
        "title": "新一讲",
        "owner_unit": world.town().pk,
        "file": SimpleUploadedFile("a.mp4", data),
    }
    return client.post(reverse("video_chooser:create"), fields).json()


def test_a_video_uploaded_in_the_editor_is_chosen_at_once(client, author, uploads, short_film):
    answer = upload(client, short_film.read_bytes())

    assert answer["step"] == "chosen"
    assert answer["result"]["title"] == "新一讲（排队中）"


def test_a_refusal_in_the_editor_says_why(client, author, uploads):
    answer = upload(client, "讲稿".encode() * 50)

    assert answer["step"] == "reshow_creation_form"
    assert "其实不是视频" in answer["htmlFragment"]
