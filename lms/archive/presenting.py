"""Packages as their pages show them: plain dictionaries after the contract in the templates."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.archive.models import ArchivePackage, PackageCheck

State = ArchivePackage.State


def package_facts(package: ArchivePackage) -> dict[str, Any]:
    """A package of the list and of its own page."""
    until = package.until
    return {
        "number": package.number,
        "label": package_label(package),
        "period": _("%(unit)s · 截至%(year)s年%(month)s月%(day)s日")
        % {"unit": package.unit.name, "year": until.year, "month": until.month, "day": until.day},
        "entries": package.entries,
        "hours": package.hours,
        "people": package.people,
        "bytes": package.bytes,
        "digest": package.digest,
        "until": min(package.created_at, package.sealed_at or package.created_at),
        "state": package.state,
        "progress": package.progress,
        "failure_sentence": package.failure_sentence,
        "sealed_at": package.sealed_at,
        "created_by": package.created_by.name if package.created_by else _("系统"),
        "url": reverse("archive:package", args=[package.pk]),
        "download_url": reverse("archive:download", args=[package.pk]),
        "progress_url": reverse("archive:progress", args=[package.pk]),
        "retry_url": reverse("archive:retry", args=[package.pk]),
        "verification": _short(newest_check(package)),
    }


def package_label(package: ArchivePackage) -> str:
    if package.number is None:
        return _("%(year)s 年新的一批") % {"year": package.year}
    return _("%(year)s 年第 %(number)s 批") % {"year": package.year, "number": package.number}


def newest_check(package: ArchivePackage) -> PackageCheck | None:
    return next(iter(package.checks.all()), None)


def check_facts(check: PackageCheck | None) -> dict[str, Any] | None:
    if check is None:
        return None
    problems = [
        {"path": problem["path"], "sentence": problem["message"]} for problem in check.problems
    ]
    return {
        "is_whole": check.is_whole,
        "checked_at": check.checked_at,
        "files_checked": check.files_checked,
        "problems": problems,
    }


def progress_facts(package: ArchivePackage) -> dict[str, Any]:
    """What the page asks for while a package is being sealed."""
    sentences = {
        State.QUEUED: _("排队等候，马上开始。"),
        State.SEALING: _("逐笔写入并计算摘要，已写到 %(percent)s%%。")
        % {"percent": package.progress},
        State.SEALED: _("已封装。"),
        State.EMPTY: _("没有新记录。"),
        State.FAILED: package.failure_sentence,
    }
    return {
        "state": package.state,
        "progress": package.progress,
        "sentence": sentences[State(package.state)],
    }


def next_label(last_number: int) -> str:
    return _("第 %(number)s 批") % {"number": last_number + 1}


def file_stamp(package: ArchivePackage) -> Any:
    return timezone.localtime(package.sealed_at)


def _short(check: PackageCheck | None) -> dict[str, Any] | None:
    if check is None:
        return None
    return {
        "is_whole": check.is_whole,
        "problem_count": check.problem_count,
        "checked_at": check.checked_at,
    }
