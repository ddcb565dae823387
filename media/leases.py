"""A worker's hold on a job, kept alive by its signs of life."""

from datetime import datetime, timedelta

from lms.common.clock import database_now
from media.models import TranscodeJob, Video
from media.queueing import RUNNING, lease_end


class LeaseLost(Exception):
    """Another worker has, or may have, this job now."""


class Lease:
    """A worker's hold on a job. `show_life` is cheap to call often."""

    def __init__(self, job: TranscodeJob) -> None:
        self.job, self.percent = job, -1
        self.renewed_at: datetime | None = None

    def show_life(self, percent: int) -> None:
        """Renew at most once a second and tell how far the work is. Raises LeaseLost."""
        at = database_now()
        if self.renewed_at and at - self.renewed_at < timedelta(seconds=1):
            return
        held = self.held().update(lease_until=lease_end(at))
        if not held:
            raise LeaseLost(str(self.job))
        self.renewed_at = at
        if percent != self.percent:
            Video.objects.filter(pk=self.job.video_id).update(progress=percent)
            self.percent = percent

    def held(self):  # noqa: ANN201, RUF100 - a queryset of TranscodeJob
        return TranscodeJob.objects.filter(
            pk=self.job.pk, state=RUNNING, worker=self.job.worker, attempts=self.job.attempts
        )
