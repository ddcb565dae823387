"""Pages of the archivist: what is pending, what was sealed, and whether it is still whole."""

from datetime import date, datetime
from typing import cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    JsonResponse,
    StreamingHttpResponse,
)
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from lms.archive.contents import listed_files, sample_rows
from lms.archive.models import ArchivePackage
from lms.archive.presenting import (
    check_facts,
    file_stamp,
    newest_check,
    next_label,
    package_facts,
    progress_facts,
)
from lms.archive.selectors import (
    last_number,
    packages_visible_to,
    pending_entries,
    unit_archived_by,
)
from lms.archive.services import (
    OPEN,
    PackageGone,
    note_download,
    note_samples_read,
    request_package,
    sealed_folder,
    verify_package,
)
from lms.archive.tasks import seal_queued
from lms.archive.zipping import zip_stream
from lms.common.clock import database_now, local_date
from lms.common.errors import Refusal
from lms.people.access import requires, visible_or_404
from lms.people.models import Person, Unit
from lms.people.roles import Permission

PAGE_SIZE = 10


class SignedInRequest(HttpRequest):
    """What a view behind `requires` receives."""

    user: Person


@requires(Permission.SEAL_PACKAGES)
@require_GET
def packages_page(request: SignedInRequest) -> HttpResponse:
    today = local_date(database_now())
    unit = _unit(request, today)
    found = packages_visible_to(person=request.user, on=today)
    running = found.filter(state__in=OPEN).first()
    page_obj = Paginator(found.exclude(state__in=OPEN), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(
        request,
        "archive/packages.html",
        {
            "section": "pack",
            "title": _("封装包"),
            "pending": pending_entries(unit=unit, until=today),
            "next_label": next_label(last_number(unit=unit, year=today.year)),
            "create_url": reverse("archive:new"),
            "running": package_facts(running) if running else None,
            "packages": [package_facts(package) for package in page_obj],
            "page_obj": page_obj,
            "page_query": "",
        },
    )


@requires(Permission.SEAL_PACKAGES)
@require_POST
def request_new(request: SignedInRequest) -> HttpResponse:
    at = database_now()
    _queue(request, _unit(request, local_date(at)), at)
    return redirect("archive:packages")


@requires(Permission.SEAL_PACKAGES)
@require_POST
def retry(request: SignedInRequest, package_id: int) -> HttpResponse:
    at = database_now()
    _queue(request, _package(request, package_id).unit, at)
    return redirect("archive:packages")


@requires(Permission.SEAL_PACKAGES)
@require_GET
def package_page(request: SignedInRequest, package_id: int) -> HttpResponse:
    package = _package(request, package_id)
    check = newest_check(package)
    files, samples = [], []
    try:
        folder = sealed_folder(package)
        bad = {problem["path"] for problem in check.problems} if check else set()
        files, samples = listed_files(folder, bad), sample_rows(folder)
    except PackageGone as gone:
        messages.error(request, gone.sentence)
    except Refusal:
        pass  # not sealed yet: the page shows how far it is
    if samples:
        note_samples_read(package=package, by=request.user, at=database_now())
    return render(
        request,
        "archive/package_detail.html",
        {
            "section": "pack",
            "title": str(package),
            "package": package_facts(package),
            "files": files,
            "file_count": package.files,
            "samples": samples,
            "verify_url": reverse("archive:verify", args=[package.pk]),
            "verification": check_facts(check),
        },
    )


@requires(Permission.SEAL_PACKAGES)
@require_GET
def progress(request: SignedInRequest, package_id: int) -> HttpResponse:
    return JsonResponse(progress_facts(_package(request, package_id)))


@requires(Permission.SEAL_PACKAGES)
@require_POST
def verify(request: SignedInRequest, package_id: int) -> HttpResponse:
    package = _package(request, package_id)
    try:
        verify_package(package=package, by=request.user, at=database_now())
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    return redirect("archive:package", package_id)


@requires(Permission.SEAL_PACKAGES)
@require_GET
def download(request: SignedInRequest, package_id: int) -> HttpResponse:
    package = _package(request, package_id)
    try:
        note_download(package=package, by=request.user, at=database_now())
        folder = sealed_folder(package)
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        return redirect("archive:packages")
    stream = StreamingHttpResponse(
        zip_stream(folder, at=file_stamp(package)),
        content_type="application/zip",
        headers={
            "Content-Disposition": f'attachment; filename="{package.path}.zip"',
            "Cache-Control": "private, no-store",
        },
    )
    return cast(HttpResponse, stream)


def _unit(request: SignedInRequest, on: date) -> Unit:
    unit = unit_archived_by(person=request.user, on=on)
    if unit is None:
        raise Http404
    return unit


def _package(request: SignedInRequest, package_id: int) -> ArchivePackage:
    visible = packages_visible_to(person=request.user, on=local_date(database_now()))
    everything = ArchivePackage.objects.exclude(state=ArchivePackage.State.EMPTY)
    return visible_or_404(visible, everything, by=request.user, pk=package_id)


def _queue(request: SignedInRequest, unit: Unit, at: datetime) -> None:
    """Save the intent; the worker is woken once it is committed."""
    with transaction.atomic():
        package = request_package(unit=unit, until=local_date(at), by=request.user, at=at)
        seal_queued.delay_on_commit(package.pk)
