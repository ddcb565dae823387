"""tus 1.0 as real requests through the address tree, on a local disk."""

import base64
import hashlib
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from lms.common.clock import database_now
from lms.journal.models import JournalEntry
from media.models import Upload
from tests import world
from tests.media.uploads.conftest import TUS, Sender

pytestmark = pytest.mark.django_db


def checksum(data: bytes, algorithm: str = "sha256") -> str:
    return f"{algorithm} {base64.b64encode(hashlib.new(algorithm, data).digest()).decode()}"


def test_what_the_server_can_do_is_told(sender):
    answer = sender.client.options(reverse("videos:uploads"))

    assert answer.status_code == 204
    assert answer.headers["Tus-Version"] == "1.0.0"
    assert answer.headers["Tus-Extension"] == "creation,expiration,checksum,termination"
    assert answer.headers["Tus-Checksum-Algorithm"] == "sha256,sha1"
    assert answer.headers["Tus-Max-Size"] == str(20 * 1024**3)


def test_a_file_arrives_in_pieces_and_waits_to_be_checked(sender, author, uploads):
    begun = sender.create(10)
    first, second = sender.patch(b"01234", 0), sender.patch(b"56789", 5)

    assert begun.status_code == 201
    assert "Upload-Expires" in begun.headers
    assert (first.status_code, first.headers["Upload-Offset"]) == (204, "5")
    assert (second.status_code, second.headers["Upload-Offset"]) == (204, "10")
    upload = sender.upload()
    assert (upload.state, upload.person) == (Upload.State.CHECKING, author)
    assert (uploads / "incoming" / str(upload.key)).read_bytes() == b"0123456789"


def test_a_head_tells_where_to_go_on(sender):
    sender.create(10)
    sender.patch(b"0123", 0)

    answer = sender.head()

    assert (answer.status_code, answer.headers["Upload-Offset"]) == (200, "4")
    assert answer.headers["Upload-Length"] == "10"
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_wrong_offset_is_refused_and_changes_nothing(sender):
    sender.create(10)
    sender.patch(b"0123", 0)

    behind, ahead = sender.patch(b"0123", 0), sender.patch(b"6789", 6)

    assert (behind.status_code, ahead.status_code) == (409, 409)
    assert behind.json()["code"] == "offset_moved"
    assert "不是从断开的地方接上的" in behind.json()["message"]
    assert sender.offset == 4


@pytest.mark.parametrize("algorithm", ["sha256", "sha1"])
def test_a_piece_is_taken_only_as_it_was_sent(sender, algorithm):
    sender.create(10)

    wrong = sender.patch(b"0123X", 0, Upload_Checksum=checksum(b"01234", algorithm))
    assert (wrong.status_code, wrong.json()["code"]) == (460, "checksum_mismatch")
    assert "在路上变了样" in wrong.json()["message"]
    assert sender.offset == 0

    right = sender.patch(b"01234", 0, Upload_Checksum=checksum(b"01234", algorithm))
    assert (right.status_code, sender.offset) == (204, 5)


@pytest.mark.parametrize(
    "headers",
    [
        {"Upload_Checksum": "md5 YQ=="},
        {"Upload_Checksum": "sha256 ***"},
        {"Upload_Offset": "-1"},
        {"Upload_Offset": "9" * 30},
        {"Upload_Offset": "²"},
    ],
)
def test_headers_nobody_can_read_are_refused(sender, headers):
    sender.create(10)

    answer = sender.patch(b"01234", 0, **headers)

    assert (answer.status_code, answer.json()["code"]) == (400, "header_unreadable")
    assert "读不懂" in answer.json()["message"]


def test_another_version_of_the_protocol_is_refused(sender):
    sender.create(10)

    answer = sender.client.head(sender.address, headers={"Tus-Resumable": "0.2.2"})

    assert (answer.status_code, answer.headers["Tus-Resumable"]) == (412, "1.0.0")


def test_another_kind_of_body_is_refused(sender):
    sender.create(10)

    answer = sender.client.patch(
        sender.address, b"01234", content_type="text/plain", headers=TUS | {"Upload-Offset": "0"}
    )

    assert answer.status_code == 415


def test_a_file_over_the_limit_is_refused_before_a_byte_is_sent(sender):
    answer = sender.create(20 * 1024**3 + 1)

    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert "超过了单个视频的上限" in answer.json()["message"]
    assert not Upload.objects.exists()


def test_more_bytes_than_were_announced_are_refused(sender):
    sender.create(4)

    answer = sender.patch(b"01234", 0)

    assert (answer.status_code, answer.json()["code"], sender.offset) == (413, "too_large", 0)
    assert "比说好的大" in answer.json()["message"]


def test_an_empty_file_is_refused(sender):
    answer = sender.create(0)

    assert (answer.status_code, answer.json()["code"]) == (400, "empty_file")
    assert "是空的" in answer.json()["message"]


def test_a_foreign_unit_or_no_title_is_refused(sender):
    city = world.county().parent

    assert sender.create(10, owner_unit=city.pk).status_code == 422
    assert sender.create(10, title="").status_code == 422
    assert not Upload.objects.exists()


def test_one_person_has_so_many_unfinished_uploads_and_no_more(sender, settings):
    settings.QIANGJI = settings.QIANGJI | {"UPLOADS_AT_ONCE": 1}
    sender.create(10)

    answer = sender.create(10)

    assert (answer.status_code, answer.json()["code"]) == (409, "too_many_uploads")
    assert "没传完的文件太多" in answer.json()["message"]


def test_anothers_upload_is_not_found_and_the_attempt_is_on_record(sender):
    sender.create(10)
    sender.patch(b"0123", 0)
    other, colleague = Client(), world.holder("course_author", name="沈静")
    other.force_login(colleague)
    theirs = Sender(other, sender.address)

    answers = [theirs.head(), theirs.patch(b"4567", 4), theirs.delete(), other.get(sender.address)]

    assert [answer.status_code for answer in answers] == [404] * 4
    assert sender.offset == 4
    rows = JournalEntry.objects.filter(action="access.object_refused", actor=colleague)
    assert rows.count() == 4


def test_a_learner_has_no_uploads(client, sender):
    sender.create(10)
    client.force_login(world.learner())

    assert (sender.head().status_code, sender.create(10).status_code) == (404, 404)


def test_an_expired_upload_is_gone(sender):
    sender.create(10)
    Upload.objects.update(expires_at=database_now() - timedelta(seconds=1))

    head, patch = sender.head(), sender.patch(b"0123", 0)

    assert (head.status_code, patch.status_code) == (410, 410)
    assert patch.json()["code"] == "upload_expired"
    assert "放了太久没有传完" in patch.json()["message"]


def test_an_upload_given_up_leaves_nothing(sender, uploads):
    sender.create(10)
    sender.patch(b"0123", 0)

    answer = sender.delete()

    assert (answer.status_code, sender.head().status_code) == (204, 404)
    assert list((uploads / "incoming").iterdir()) == []


def test_a_filter_that_knows_no_patch_is_passed_by_post(sender):
    sender.create(10)

    answer = sender.client.post(
        sender.address,
        b"0123",
        content_type="application/offset+octet-stream",
        headers=TUS | {"Upload-Offset": "0", "X-HTTP-Method-Override": "PATCH"},
    )

    assert (answer.status_code, sender.offset) == (204, 4)


def test_without_the_csrf_token_nothing_is_taken(sender, author):
    sender.create(10)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(author)

    assert Sender(strict, sender.address).patch(b"0123", 0).status_code == 403
    assert sender.offset == 0


def test_whoever_is_signed_out_is_told_so_and_not_led_to_the_sign_in_page(sender):
    sender.create(10)
    headers = TUS | {"X-Requested-With": "XMLHttpRequest"}

    assert Client().head(sender.address, headers=headers).status_code == 403
