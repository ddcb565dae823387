"""The same protocol on an object store: parts there, what is too small for a part kept aside."""

import hashlib

import pytest
from django.core.files.storage import default_storage

from lms.common.clock import database_now
from media import jobs
from media.models import Upload, Video
from media.uploads import finishing, shelves
from tests.media import clips
from tests.media.uploads.conftest import Sender

pytestmark = pytest.mark.django_db
MEGABYTE = 1024**2


@pytest.fixture
def sender(client, author, on_object_store) -> Sender:
    return Sender(client)


@pytest.fixture(scope="session")
def noise(shelf) -> bytes:
    """A film of more than two parts: a picture that cannot be compressed."""
    path = clips.film(
        shelf / "noise.mp4", seconds=6, source="nullsrc",
        options=("-vf", "geq=random(1)*255:128:128", "-crf", "10"),
    )  # fmt: skip
    data = path.read_bytes()
    assert len(data) > 18 * MEGABYTE
    return data


def objects() -> list[str]:
    return sorted(found.key for found in default_storage.bucket.objects.all())


def open_multiparts() -> list:
    client = default_storage.bucket.meta.client
    answer = client.list_multipart_uploads(Bucket=default_storage.bucket.name)
    return answer.get("Uploads", [])


def test_pieces_of_any_size_become_parts_and_one_file_with_the_same_digest(sender, noise):
    sender.create(len(noise))
    offset = 0
    for size in (MEGABYTE, 3 * MEGABYTE, 9 * MEGABYTE, 300_000, len(noise)):
        answer = sender.patch(noise[offset : offset + size], offset)
        offset = int(answer.headers["Upload-Offset"])
    upload = sender.upload()
    assert (offset, upload.state) == (len(noise), Upload.State.CHECKING)
    assert min(part.bytes for part in upload.parts.exclude(number=0)) >= 5 * MEGABYTE
    assert not default_storage.exists(f"videos/{upload.key}/source")

    video = finishing.finish_upload(upload_id=upload.pk)

    assert video is not None
    assert video.source_sha256 == hashlib.sha256(noise).hexdigest()
    with video.source.open() as stored:
        assert hashlib.sha256(stored.read()).hexdigest() == video.source_sha256
    assert [name for name in objects() if name.startswith("incoming/")] == []
    assert open_multiparts() == []


def test_a_small_film_from_the_object_store_is_transcoded(sender, short_film):
    data = short_film.read_bytes()
    sender.create(len(data))
    sender.patch(data[:1000], 0)
    sender.patch(data[1000:], 1000)

    video = finishing.finish_upload(upload_id=sender.upload().pk)

    assert video is not None
    assert jobs.transcode_video(video_id=video.pk, worker="w1")
    assert Video.objects.get().is_ready


def test_a_worker_that_died_after_assembling_is_followed_by_another(
    sender, short_film, monkeypatch
):
    data = short_film.read_bytes()
    sender.create(len(data))
    sender.patch(data, 0)
    upload = sender.upload()
    shelves.ObjectShelf().assemble(Upload.objects.get(pk=upload.pk))

    assert finishing.finish_upload(upload_id=upload.pk) is not None


@pytest.mark.parametrize("ending", ["given up", "expired", "refused"])
def test_nothing_stays_of_what_does_not_become_a_video(sender, ending):
    before = objects()
    data = b"0" * (9 * MEGABYTE)
    sender.create(len(data) + (0 if ending == "refused" else 1))
    sender.patch(data[: 8 * MEGABYTE], 0)
    sender.patch(data[8 * MEGABYTE :], 8 * MEGABYTE)

    if ending == "given up":
        sender.delete()
    elif ending == "expired":
        Upload.objects.update(expires_at=database_now())
        finishing.tend_uploads(at=database_now())
    else:
        assert finishing.finish_upload(upload_id=sender.upload().pk) is None

    assert objects() == before
    assert open_multiparts() == []
