"""Queue `export`: sealing asked for by a row."""

from celery import shared_task

from lms.archive.models import ArchivePackage
from lms.archive.services import packages_to_resume, seal_package
from lms.common.clock import database_now


@shared_task
def seal_queued(package_id: int) -> None:
    """Seal one package. A refusal is kept with the package and shown on its page."""
    package = ArchivePackage.objects.select_related("unit", "created_by").get(pk=package_id)
    seal_package(package=package, at=database_now())


@shared_task
def resume_stale_packages() -> int:
    """Wake what a lost message or a killed process left behind. Returns how many."""
    left = packages_to_resume(at=database_now())
    for package_id in left:
        seal_queued.delay(package_id)
    return len(left)
