"""What becomes of an upload: checked and kept as a video, refused with a reason, or cleared when it expired.

A whole upload waits as a row for whoever takes its lease. A worker may die between any two steps:
each can be done again.
"""

import hashlib
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from django.db import transaction
from django.db.models import F, Q

from lms.common.clock import database_now
from lms.common.errors import Refusal
from media import places, probe, replacing, rules, services
from media.models import Upload, Video
from media.uploads.receiving import RECEIVING
from media.uploads.shelves import NoSpace, StoreSilent, shelf

CHECKING = Upload.State.CHECKING
LEASE = timedelta(minutes=3)  # longer than ffprobe may take between two signs of life
TRY_AGAIN = timedelta(minutes=1)
MOST_ATTEMPTS = 3
# How long one can still be told what became of an upload.
TOLD_DAYS = timedelta(days=14)
PIECE_BYTES = 8 * 1024**2

log = structlog.get_logger(__name__)


def finish_upload(*, upload_id: int) -> Video | None:
    """The video made of the upload, by this call alone; None where it proposes a source for one that is
    there. Runs twice without harm."""
    upload = claim(upload_id=upload_id, at=database_now())
    if upload is None:
        return None
    try:
        shelf().assemble(upload)
        with shelf().whole(upload, lambda: renew(upload)) as path:
            digest = digest_of(path, upload)
            if upload.expected_sha256 not in ("", digest):
                raise probe.VideoRefused("digest_mismatch", detail=digest)
            facts = services.checked(path, size=upload.bytes)
        if upload.replaces is not None:
            replacing.refuse_short(upload.replaces, int(facts.seconds))
        shelf().place(upload)
        return keep(upload, facts=facts, digest=digest, at=database_now())
    except (NoSpace, StoreSilent) as trouble:
        wait(upload, trouble, at=database_now())
    except (probe.VideoRefused, replacing.ReplacementRefused) as refusal:
        why = getattr(refusal, "detail", "")
        log.info("upload_refused", upload=str(upload.key), code=refusal.code, why=why)
        refuse(upload, refusal, at=database_now())
    return None


def claim(*, upload_id: int, at: datetime) -> Upload | None:
    free = Q(lease_until=None) | Q(lease_until__lt=at)
    taken = Upload.objects.filter(free, pk=upload_id, state=CHECKING).update(
        lease_until=at + LEASE, attempts=F("attempts") + 1
    )
    if not taken:
        return None
    upload = Upload.objects.select_related("person", "owner_unit", "replaces").get(pk=upload_id)
    if upload.attempts > MOST_ATTEMPTS:
        refuse(upload, probe.VideoRefused("check_crashed"), at=at)
        return None
    return upload


def renew(upload: Upload) -> None:
    Upload.objects.filter(pk=upload.pk).update(lease_until=database_now() + LEASE)


def digest_of(path: Path, upload: Upload) -> str:
    """SHA-256 of the file as it lies on our side, not as it came by."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(PIECE_BYTES):
            digest.update(piece)
            if file.tell() % (64 * PIECE_BYTES) == 0:
                renew(upload)
    renew(upload)
    return digest.hexdigest()


@transaction.atomic
def keep(upload: Upload, *, facts: rules.SourceFacts, digest: str, at: datetime) -> Video | None:
    """Video, job and journal, or the proposal, in one transaction with the upload's end."""
    by = upload.person
    if upload.replaces is not None:
        replacing.keep_proposal(
            replacing.proposal_of(
                upload.replaces, facts=facts, digest=digest, at=at, name=upload.file_name,
                size=upload.bytes, stored_as=places.destination_of(upload),
            ),
            by=by, at=at,
        )  # fmt: skip
        end(upload, state=Upload.State.KEPT, at=at)
        return None
    video = Video(key=upload.key, title=upload.title, owner_unit=upload.owner_unit, uploaded_by=by,
                  source_name=upload.file_name)  # fmt: skip
    video.source.name = places.source_of(upload.key)
    services.described(video, facts=facts, size=upload.bytes, digest=digest, at=at)
    services.keep_video(video, by=by, at=at)
    end(upload, state=Upload.State.KEPT, at=at)
    return video


def refuse(upload: Upload, refusal: Refusal, *, at: datetime) -> None:
    name, by = upload.file_name, upload.person
    with transaction.atomic():
        if upload.replaces is None:
            services.note_refused(refusal, name=name, size=upload.bytes, by=by, at=at)
        else:
            replacing.note_refused(upload.replaces, refusal, name=name, by=by, at=at)
        upload.failure_code = refusal.code
        upload.failure_sentence = str(refusal.sentence)[:200]
        end(upload, state=Upload.State.REFUSED, at=at)
    shelf().discard(upload)


def end(upload: Upload, *, state: Upload.State, at: datetime) -> None:
    upload.state, upload.lease_until, upload.expires_at = state, None, at + TOLD_DAYS
    if state == Upload.State.KEPT:
        upload.failure_code = upload.failure_sentence = ""
    upload.save()


def wait(upload: Upload, trouble: NoSpace | StoreSilent, *, at: datetime) -> None:
    """No fault of the file's: it is looked at again, and the attempt does not count."""
    Upload.objects.filter(pk=upload.pk).update(
        lease_until=at + TRY_AGAIN, attempts=F("attempts") - 1,
        failure_code=trouble.code, failure_sentence=trouble.sentence,
    )  # fmt: skip


def tend_uploads(*, at: datetime) -> list[int]:
    """Clear what expired. Returns the uploads to be checked that nobody is checking."""
    for upload in Upload.objects.filter(state=RECEIVING, expires_at__lt=at):
        expire(upload, at=at)
    for upload in Upload.objects.filter(state=Upload.State.REFUSED, expires_at__lt=at):
        shelf().discard(upload)  # again, should the store have been silent then
    told = [Upload.State.KEPT, Upload.State.REFUSED, Upload.State.EXPIRED]
    Upload.objects.filter(state__in=told, expires_at__lt=at).delete()
    idle = Q(lease_until=None) | Q(lease_until__lt=at)
    return list(Upload.objects.filter(idle, state=CHECKING).values_list("pk", flat=True))


@transaction.atomic
def expire(upload: Upload, *, at: datetime) -> None:
    """Its bytes go, the row stays a while to say so. Nothing happens when it went on meanwhile."""
    locked = Upload.objects.select_for_update(skip_locked=True).filter(
        pk=upload.pk, state=RECEIVING, expires_at__lt=at
    )
    for found in locked:
        shelf().discard(found)
        found.state, found.expires_at = Upload.State.EXPIRED, at + TOLD_DAYS
        found.save(update_fields=["state", "expires_at"])
