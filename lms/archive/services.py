"""Writers: asking for a package, sealing it, checking it. Each step may be killed and begun again."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

from django.db import IntegrityError, connection, transaction
from django.db.models import F, Q

from lms.archive.bag import BagWriter, digest_of_bag, payload_oxum
from lms.archive.models import ArchivePackage, PackageCheck
from lms.archive.places import archive_root, package_folder, package_name
from lms.archive.sealing import bag_info, fill_bag
from lms.archive.selectors import end_of, last_number
from lms.archive.verification import Problem, verify_bag
from lms.common.clock import database_now, local_date
from lms.common.errors import Refusal
from lms.journal.services import record
from lms.people.models import Person, Unit

State = ArchivePackage.State
OPEN = (State.QUEUED, State.SEALING)
LEASE = timedelta(seconds=30)
# Closing the workbook and flushing to disk report nothing in between.
LONG_LEASE = timedelta(seconds=180)
MAX_ATTEMPTS = 5
KEPT_PROBLEMS = 100

# Taken from the ledger in one statement; the unique entry makes a second package of one impossible.
MEMBERS = """
INSERT INTO archive_archivedentry (entry_id, package_id)
SELECT e.id, %s FROM credits_ledgerentry e
JOIN people_posting t ON t.id = e.posting_id
JOIN people_unit u ON u.id = t.unit_id
WHERE starts_with(u.path, %s) AND e.posted_at < %s
  AND NOT EXISTS (SELECT 1 FROM archive_archivedentry a WHERE a.entry_id = e.id)
"""
TOTALS = """
SELECT coalesce(sum(e.hours), 0), count(DISTINCT e.person_id)
FROM archive_archivedentry a JOIN credits_ledgerentry e ON e.id = a.entry_id
WHERE a.package_id = %s
"""
# Two packages of overlapping units wait for each other here, and only here.
# Before the first package the planner takes the members' table for empty and would scan it again for
# every entry, growing as it is filled: 100,000 entries took six minutes instead of a second.
BY_HASH, AS_BEFORE = "SET LOCAL enable_nestloop = off", "SET LOCAL enable_nestloop = on"
MEMBERSHIP_LOCK = "SELECT pg_advisory_xact_lock(hashtext('lms.archive.membership'))"


class PackageBusy(Refusal):
    code = "package_busy"
    sentence = "这一批正在封装，完成后再来。"
    status = 409


class PackageNotSealed(Refusal):
    code = "package_not_sealed"
    sentence = "这一批还没有封装好，不能下载或核验。"
    status = 409


class PackageGone(Refusal):
    code = "package_gone"
    sentence = "封装包的文件不在磁盘上了，请联系系统管理员从备份恢复。"
    status = 409


class StorageFailed(Refusal):
    code = "storage_failed"
    sentence = "写入磁盘没有成功。请系统管理员检查磁盘空间，再重新封装。"
    status = 409


class SealInterrupted(Refusal):
    code = "seal_interrupted"
    sentence = "封装中断了几次，已经停下。请系统管理员检查后重新封装。"
    status = 409


class SealTakenOver(Refusal):
    """Another process holds the lease now; this one must write nothing more."""

    code = "seal_taken_over"
    sentence = "这一批已由另一个进程接着封装。"
    status = 409


OnProgress = Callable[[int, int], None]


def request_package(*, unit: Unit, until: date, by: Person | None, at: datetime) -> ArchivePackage:
    """The open package of the unit, or a new one. A failed one is taken up before a new one begins.

    `until` is the last day of posting that counts; later than today means today.
    """
    until = min(until, local_date(at))
    with transaction.atomic():
        known = (
            ArchivePackage.objects.select_for_update()
            .filter(unit=unit, state__in=[*OPEN, State.FAILED])
            .order_by("created_at")
            .first()
        )
        if known is not None and known.state != State.FAILED:
            return known
        package = known or ArchivePackage(unit=unit, created_by=by, created_at=at)
        if package.number is None:
            package.until, package.year = until, until.year
        package.state, package.lease_until = State.QUEUED, None
        package.failure_code = package.failure_sentence = ""
        try:
            with transaction.atomic():
                package.save()
        except IntegrityError:
            # Asked twice at the same moment: the other request's package is ours too.
            return ArchivePackage.objects.get(unit=unit, state__in=OPEN)
        record(
            action="archive.package_requested", by=by, at=at, obj=package,
            detail={"unit": unit.code, "until": until.isoformat()},
        )  # fmt: skip
        return package


def seal_package(
    *, package: ArchivePackage, at: datetime, on_progress: OnProgress | None = None
) -> ArchivePackage:
    """Seal what is new, or end in the state `empty`. Calling it again for a sealed package is harmless.

    Raises PackageBusy while another process is at it; LedgerBroken and StorageFailed are kept with
    the package and raised.
    """
    attempt = _claim(package, at)
    if attempt is None:
        return package
    try:
        if not package.number and not _take_members(package, at):
            return package
        _build(package, attempt, on_progress or (lambda done, total: None))
    except SealTakenOver:
        raise
    except OSError as error:
        refusal = StorageFailed()
        _fail(package, refusal, detail={"error": str(error.strerror), "errno": error.errno})
        raise refusal from error
    except Refusal as refusal:
        _fail(package, refusal)
        raise
    return package


def packages_to_resume(*, at: datetime) -> list[int]:
    """Packages whose wake-up was lost or whose process died; those that died too often have failed."""
    left = ArchivePackage.objects.filter(
        Q(state=State.QUEUED, created_at__lt=at - LEASE)
        | Q(state=State.SEALING, lease_until__lt=at)
    )
    for package in left.filter(state=State.SEALING, attempts__gte=MAX_ATTEMPTS):
        _fail(package, SealInterrupted())
    return list(left.values_list("pk", flat=True))


def verify_package(*, package: ArchivePackage, by: Person | None, at: datetime) -> PackageCheck:
    """Check every byte, and that the package is the one that was sealed; keep what was found."""
    folder = sealed_folder(package)
    problems = verify_bag(folder)
    if not problems and digest_of_bag(folder) != package.digest:
        problems = [Problem("another_package", "", "文件自身相符，但不是当初封装的那一个包。")]
    with transaction.atomic():
        check = PackageCheck.objects.create(
            package=package,
            checked_at=at,
            checked_by=by,
            files_checked=package.files,
            problem_count=len(problems),
            problems=[problem.as_json() for problem in problems[:KEPT_PROBLEMS]],
        )
        record(
            action="archive.package_verified", by=by, at=at, obj=package,
            detail={"problems": len(problems)},
        )  # fmt: skip
    return check


def note_download(*, package: ArchivePackage, by: Person, at: datetime) -> None:
    """Reading a whole package is a privileged read: it is journalled before the first byte leaves."""
    sealed_folder(package)
    record(action="archive.package_downloaded", by=by, at=at, obj=package)


def note_samples_read(*, package: ArchivePackage, by: Person, at: datetime) -> None:
    """The page of a package shows the first persons' rows."""
    record(action="archive.samples_read", by=by, at=at, obj=package)


def sealed_folder(package: ArchivePackage) -> Path:
    """Folder of a sealed package. Raises PackageNotSealed or PackageGone."""
    if package.state != State.SEALED:
        raise PackageNotSealed
    folder = archive_root() / package.path
    if not folder.is_dir():
        raise PackageGone
    return folder


def _claim(package: ArchivePackage, at: datetime) -> int | None:
    """Take the lease and count the attempt. None where there is nothing left to do."""
    free = Q(state=State.QUEUED) | Q(state=State.SEALING, lease_until__lt=at)
    taken = ArchivePackage.objects.filter(free, pk=package.pk).update(
        state=State.SEALING, attempts=F("attempts") + 1, lease_until=at + LEASE, progress=0
    )
    package.refresh_from_db()
    if taken:
        return package.attempts
    if package.state == State.SEALING:
        raise PackageBusy
    return None


def _take_members(package: ArchivePackage, at: datetime) -> bool:
    """Decide once what the package holds and number it. False, and `empty`, where nothing is new."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(MEMBERSHIP_LOCK)
        # The locked row keeps a second process from claiming while this statement runs long.
        held = ArchivePackage.objects.select_for_update().get(pk=package.pk)
        if held.attempts != package.attempts:
            raise SealTakenOver
        cursor.execute(BY_HASH)
        cursor.execute(MEMBERS, [package.pk, package.unit.path, end_of(package.until)])
        package.entries = cursor.rowcount
        if not package.entries:
            cursor.execute(AS_BEFORE)
            package.state, package.sealed_at = State.EMPTY, at
            package.save(update_fields=["state", "sealed_at"])
            record(action="archive.nothing_new", by=package.created_by, at=at, obj=package)
            return False
        cursor.execute(TOTALS, [package.pk])
        package.hours, package.people = cursor.fetchone()
        cursor.execute(AS_BEFORE)
        package.number = last_number(unit=package.unit, year=package.year) + 1
        package.lease_until = database_now() + LEASE
        package.save(update_fields=["entries", "hours", "people", "number", "lease_until"])
    with connection.cursor() as cursor:
        # A million new rows the planner has not heard of would be read by nested loops.
        cursor.execute("ANALYZE archive_archivedentry")
    return True


def _build(package: ArchivePackage, attempt: int, on_progress: OnProgress) -> None:
    target = package_folder(package)

    def advance(done: int, total: int) -> None:
        is_last = done >= total
        _renew(
            package, attempt, progress=done * 98 // total, lease=LONG_LEASE if is_last else LEASE
        )
        on_progress(done, total)

    if not target.exists():
        with BagWriter(target, attempt=attempt) as bag:
            fill_bag(bag, package, advance)
            _renew(package, attempt, progress=99, lease=LONG_LEASE)
            bag.seal(bag_info(package))
    # A folder under the final name is complete, also when it was left by a process that died.
    _finish(package, attempt)


def _renew(package: ArchivePackage, attempt: int, *, progress: int, lease: timedelta) -> None:
    kept = ArchivePackage.objects.filter(
        pk=package.pk, attempts=attempt, state=State.SEALING
    ).update(progress=progress, lease_until=database_now() + lease)
    if not kept:
        raise SealTakenOver


def _finish(package: ArchivePackage, attempt: int) -> None:
    folder = package_folder(package)
    digest, (size, files) = digest_of_bag(folder), payload_oxum(folder)
    at = database_now()
    with transaction.atomic():
        kept = ArchivePackage.objects.filter(
            pk=package.pk, attempts=attempt, state=State.SEALING
        ).update(
            state=State.SEALED, progress=100, path=package_name(package), digest=digest, bytes=size,
            files=files, sealed_at=at, lease_until=None,
        )  # fmt: skip
        if not kept:
            raise SealTakenOver
        package.refresh_from_db()
        record(
            action="archive.package_sealed", by=package.created_by, at=at, obj=package,
            detail={"entries": package.entries, "hours": f"{package.hours:.2f}", "digest": digest},
        )  # fmt: skip


def _fail(package: ArchivePackage, refusal: Refusal, detail: dict | None = None) -> None:
    at = database_now()
    with transaction.atomic():
        ArchivePackage.objects.filter(
            pk=package.pk, state=State.SEALING, attempts=package.attempts
        ).update(
            state=State.FAILED, failure_code=refusal.code, failure_sentence=refusal.sentence[:200],
            lease_until=None,
        )  # fmt: skip
        package.refresh_from_db()
        record(
            action="archive.package_failed", by=package.created_by, at=at, obj=package,
            outcome="refused", code=refusal.code, reason=refusal.sentence, detail=detail,
        )  # fmt: skip
