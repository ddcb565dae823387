"""Taking a file in: begun, appended to in order, given up. What arrived before a cut counts."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from lms.common.errors import Refusal
from lms.people.models import Person, Unit
from media import probe, replacing
from media.models import Upload, Video
from media.uploads.protocol import Checksum
from media.uploads.shelves import PART_BYTES, NoSpace, shelf

RECEIVING = Upload.State.RECEIVING
# A body with a checksum is held until it is proved, so it must be small.
MOST_CHECKED = 16 * 1024**2


class TooManyUploads(Refusal):
    code = "too_many_uploads"
    sentence = "你没传完的文件太多了。请先把它们传完，或者把不要的清掉。"
    status = 409


class PieceTooLarge(Refusal):
    code = "too_large"
    sentence = "这一段比说好的大，没有收下。请刷新页面，重新选文件接着传。"
    status = 413


class OffsetMoved(Refusal):
    """Another request was first, or what is asked for is not where the file ends."""

    code = "offset_moved"
    sentence = "这一段不是从断开的地方接上的，没有收下。请重新选文件接着传。"
    status = 409


class ChecksumMismatch(Refusal):
    code = "checksum_mismatch"
    sentence = "这一段在路上变了样，没有收下，会重新传这一段。"
    status = 460


class UploadExpired(Refusal):
    code = "upload_expired"
    sentence = "这个文件放了太久没有传完，已经清掉了。请重新选文件，从头再传。"
    status = 410


def begin_upload(
    *, title: str, owner_unit: Unit, file_name: str, fingerprint: str, size: int, by: Person,
    at: datetime, replaces: Video | None = None,
) -> Upload:  # fmt: skip
    """Raises probe.VideoRefused (empty, too large), TooManyUploads, NoSpace, ReplacementRefused."""
    if replaces is not None:
        replacing.refuse_busy(replaces)
    if size == 0:
        raise probe.VideoRefused("empty_file")
    if size > most_bytes():
        raise TooLarge
    unfinished = Upload.objects.filter(person=by, state=RECEIVING, expires_at__gt=at).count()
    if unfinished >= settings.QIANGJI["UPLOADS_AT_ONCE"]:
        raise TooManyUploads
    free = shelf().free_bytes()
    if free is not None and free < size:
        raise NoSpace("服务器的空间不够，收不下这个文件。请告诉系统管理员，腾出空间后再传。")
    with transaction.atomic():
        upload = Upload.objects.create(
            person=by, owner_unit=owner_unit, title=title, file_name=file_name[:255],
            fingerprint=fingerprint[:100], bytes=size, created_at=at, expires_at=kept_until(at),
            replaces=replaces,
        )  # fmt: skip
        shelf().begin(upload)
    return upload


class TooLarge(probe.VideoRefused):
    status = 413

    def __init__(self) -> None:
        super().__init__("too_large")


def most_bytes() -> int:
    return int(settings.QIANGJI["VIDEO_MAX_BYTES"])


def kept_until(at: datetime) -> datetime:
    return at + timedelta(days=settings.QIANGJI["UPLOAD_KEPT_DAYS"])


def is_expired(upload: Upload, *, at: datetime) -> bool:
    if upload.state == Upload.State.EXPIRED:
        return True
    return upload.state == RECEIVING and upload.expires_at <= at


def append(
    *, upload: Upload, offset: int, size: int, pieces: Iterable[bytes], at: datetime,
    checksum: Checksum | None = None, whole_digest: str = "",
) -> Upload:  # fmt: skip
    """Take `size` bytes at `offset` from `pieces`, or as many as come before the line is cut.

    Raises UploadExpired, OffsetMoved, PieceTooLarge, ChecksumMismatch, NoSpace, StoreSilent; what was
    appended before stays. Memory: one block, or one body that has a checksum.
    """
    if is_expired(upload, at=at):
        raise UploadExpired
    if upload.received != offset:
        raise OffsetMoved
    if offset + size > upload.bytes or (checksum and size > MOST_CHECKED):
        raise PieceTooLarge
    if whole_digest and upload.state == RECEIVING:
        Upload.objects.filter(pk=upload.pk, state=RECEIVING).update(expected_sha256=whole_digest)
    for block in blocks(pieces, of=size if checksum else PART_BYTES):
        # A body that was cut cannot be proved; it is kept, and the digest of the whole file covers it.
        if checksum and len(block) == size and not checksum.fits(block):
            raise ChecksumMismatch
        upload = append_block(upload_id=upload.pk, offset=offset, data=block, at=at)
        offset += len(block)
    return upload


def blocks(pieces: Iterable[bytes], *, of: int) -> Iterator[bytearray]:
    """Blocks of that many bytes, the last one shorter."""
    block = bytearray()
    for piece in pieces:
        block += piece
        if len(block) >= of:
            yield block
            block = bytearray()
    if block:
        yield block


@transaction.atomic
def append_block(*, upload_id: int, offset: int, data: bytearray, at: datetime) -> Upload:
    """Under the row's lock: of two who send the same bytes the second finds the offset moved."""
    upload = Upload.objects.select_for_update().get(pk=upload_id)
    if upload.state != RECEIVING or upload.received != offset:
        raise OffsetMoved
    shelf().append(upload, data)
    upload.received += len(data)
    upload.expires_at = kept_until(at)
    if upload.received == upload.bytes:
        upload.state = Upload.State.CHECKING
    upload.save(update_fields=["received", "expires_at", "state"])
    return upload


def discard_upload(*, upload: Upload) -> None:
    """Give an unfinished upload up, with all that arrived. One being checked runs on."""
    with transaction.atomic():
        locked = Upload.objects.select_for_update().filter(pk=upload.pk).first()
        if locked is None or locked.state in (Upload.State.CHECKING, Upload.State.KEPT):
            return
        shelf().discard(locked)
        locked.delete()
