"""Where the bytes of an upload lie: a growing file, or the parts of an object store's multipart upload."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any, Protocol

from botocore.exceptions import BotoCoreError, ClientError  # type: ignore[import-untyped]
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction

from lms.common.errors import Refusal
from media import places
from media.fullness import is_full
from media.models import Upload, UploadPart

# A part of an object store's multipart upload has at least 5 MiB, and there are at most 10,000.
PART_BYTES = 8 * 1024**2


class NoSpace(Refusal):
    code = "no_space"
    sentence = (
        "服务器的空间不够，暂时收不下。已经传到的都在，请告诉系统管理员；腾出空间后会接着传。"
    )
    status = 507


class StoreSilent(Refusal):
    code = "store_silent"
    sentence = "存储服务没有回应，这一段没有存下。已经传到的都在，过一会儿会接着传。"
    status = 503


class Shelf(Protocol):
    """Callers of `append` hold the upload's row lock: `upload.received` is where the bytes belong."""

    def begin(self, upload: Upload) -> None: ...
    def append(self, upload: Upload, data: bytes | bytearray) -> None: ...
    def assemble(self, upload: Upload) -> None:
        """Make one file of it. May be called again."""

    def whole(self, upload: Upload, on_piece: Callable[[], None]) -> Any:
        """Context: the path of the assembled file on this machine."""

    def place(self, upload: Upload) -> None:
        """Put it where the video's source lies. May be called again."""

    def discard(self, upload: Upload) -> None: ...
    def free_bytes(self) -> int | None: ...


def shelf() -> Shelf:
    return ObjectShelf() if hasattr(default_storage, "bucket") else LocalShelf()


@contextmanager
def fullness_said() -> Iterator[None]:
    """A full disk or store becomes NoSpace, a silent store StoreSilent."""
    try:
        yield
    except ClientError as error:
        raise (NoSpace if is_full(error) else StoreSilent) from error
    except BotoCoreError as error:
        raise StoreSilent from error
    except OSError as error:
        if is_full(error):
            raise NoSpace from error
        raise


class LocalShelf:
    def begin(self, upload: Upload) -> None:
        """The first bytes make the file."""

    def append(self, upload: Upload, data: bytes | bytearray) -> None:
        """Written and synced before it counts: a power cut loses nothing that was promised."""
        path = self.path(upload)
        with fullness_said():
            path.parent.mkdir(parents=True, exist_ok=True)
            file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
            try:
                write_at(file, data, upload.received)
                os.fdatasync(file)
            finally:
                os.close(file)

    def path(self, upload: Upload) -> Path:
        return Path(default_storage.path(places.incoming(upload.key)))

    def source(self, upload: Upload) -> Path:
        return Path(default_storage.path(places.destination_of(upload)))

    def assemble(self, upload: Upload) -> None:
        """It is one file all along; what a cut write left behind its end goes."""
        if self.path(upload).exists():
            os.truncate(self.path(upload), upload.bytes)

    @contextmanager
    def whole(self, upload: Upload, on_piece: Callable[[], None]) -> Iterator[Path]:
        on_piece()
        yield self.path(upload) if self.path(upload).exists() else self.source(upload)

    def place(self, upload: Upload) -> None:
        source = self.source(upload)
        if self.path(upload).exists():
            source.parent.mkdir(parents=True, exist_ok=True)
            self.path(upload).chmod(0o644)
            self.path(upload).replace(source)

    def discard(self, upload: Upload) -> None:
        for path in (self.path(upload), self.source(upload)):
            path.unlink(missing_ok=True)

    def free_bytes(self) -> int | None:
        root = Path(default_storage.path(""))
        root.mkdir(parents=True, exist_ok=True)
        return shutil.disk_usage(root).free


def write_at(file: int, data: bytes | bytearray, offset: int) -> None:
    """All of it: one call may write less than it was given."""
    rest = memoryview(data)
    while rest:
        written = os.pwrite(file, rest, offset)
        rest, offset = rest[written:], offset + written


class ObjectShelf:
    """What is too small for a part waits aside as an object of its own, so any machine can go on."""

    def __init__(self) -> None:
        self.bucket = default_storage.bucket  # type: ignore[attr-defined]
        self.client = self.bucket.meta.client

    def begin(self, upload: Upload) -> None:
        with fullness_said():
            answer = self.client.create_multipart_upload(**self.target(upload))
        upload.multipart_id = answer["UploadId"]
        upload.save(update_fields=["multipart_id"])

    def append(self, upload: Upload, data: bytes | bytearray) -> None:
        aside = list(upload.parts.filter(number=0).order_by("offset"))
        with fullness_said():
            if sum(piece.bytes for piece in aside) + len(data) >= PART_BYTES:
                self.add_part(upload, aside, data)
            else:
                self.put(self.name_aside(upload, upload.received), data)
                upload.parts.create(offset=upload.received, bytes=len(data))

    def add_part(self, upload: Upload, aside: list[UploadPart], data: bytes | bytearray) -> None:
        """One part of all that waited and `data`. The waiting objects go once the part is on record."""
        names = [self.name_aside(upload, piece.offset) for piece in aside]
        body = b"".join([*(self.bucket.Object(name).get()["Body"].read() for name in names), data])
        number = upload.parts.exclude(number=0).count() + 1
        answer = self.client.upload_part(
            **self.target(upload), UploadId=upload.multipart_id, PartNumber=number, Body=body
        )
        start = aside[0].offset if aside else upload.received
        upload.parts.filter(number=0).delete()
        upload.parts.create(number=number, offset=start, bytes=len(body), etag=answer["ETag"])
        transaction.on_commit(lambda: self.delete(names))

    def target(self, upload: Upload) -> dict[str, str]:
        return {"Bucket": self.bucket.name, "Key": self.name(places.destination_of(upload))}

    def name(self, name: str) -> str:
        """With the prefix this installation has in the bucket."""
        return str(default_storage._normalize_name(name))  # type: ignore[attr-defined]

    def name_aside(self, upload: Upload, offset: int) -> str:
        return self.name(f"{places.incoming(upload.key)}/{offset}")

    def put(self, name: str, data: bytes | bytearray) -> None:
        self.client.put_object(Bucket=self.bucket.name, Key=name, Body=BytesIO(data))

    def delete(self, names: list[str]) -> None:
        for name in names:
            self.bucket.Object(name).delete()

    def assemble(self, upload: Upload) -> None:
        with fullness_said(), transaction.atomic():
            if self.is_assembled(upload):
                return
            if aside := list(upload.parts.filter(number=0).order_by("offset")):
                self.add_part(upload, aside, b"")  # the last part may be small
            parts = upload.parts.exclude(number=0).order_by("number")
            self.client.complete_multipart_upload(
                **self.target(upload),
                UploadId=upload.multipart_id,
                MultipartUpload={
                    "Parts": [{"PartNumber": part.number, "ETag": part.etag} for part in parts]
                },
            )

    def is_assembled(self, upload: Upload) -> bool:
        """There, and as long as it must be: a multipart upload shows nothing before it is complete."""
        name = places.destination_of(upload)
        return default_storage.exists(name) and default_storage.size(name) == upload.bytes

    @contextmanager
    def whole(self, upload: Upload, on_piece: Callable[[], None]) -> Iterator[Path]:
        folder = Path(settings.RUN_DIR) / "checking"
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / str(upload.key)
        try:
            with fullness_said(), path.open("wb") as local:
                stored = self.client.get_object(**self.target(upload))["Body"]
                for piece in stored.iter_chunks(PART_BYTES):
                    local.write(piece)
                    on_piece()
            yield path
        finally:
            path.unlink(missing_ok=True)

    def place(self, upload: Upload) -> None:
        """It lies there already; what stood aside is not needed any more."""
        with fullness_said():
            self.clear_aside(upload)

    def clear_aside(self, upload: Upload) -> None:
        prefix = f"{self.name(places.incoming(upload.key))}/"
        self.bucket.objects.filter(Prefix=prefix).delete()

    def discard(self, upload: Upload) -> None:
        """Parts cost money until the multipart upload is aborted."""
        with fullness_said():
            if upload.multipart_id and not self.is_assembled(upload):
                self.abort(upload)
            self.bucket.Object(self.name(places.destination_of(upload))).delete()
            self.clear_aside(upload)
        upload.parts.all().delete()

    def abort(self, upload: Upload) -> None:
        try:
            self.client.abort_multipart_upload(**self.target(upload), UploadId=upload.multipart_id)
        except ClientError as error:
            if error.response["Error"]["Code"] != "NoSuchUpload":
                raise

    def free_bytes(self) -> int | None:
        """A store does not tell."""
        return None
