"""What runs by the clock. Each sweep finishes what a lost wake-up left behind (security 25)."""

from typing import Any

from celery.schedules import crontab

SCHEDULE: dict[str, dict[str, Any]] = {
    "seal-journal": {"task": "lms.journal.tasks.seal_new_rows", "schedule": 10.0},
    "add-journal-months": {"task": "lms.journal.tasks.add_coming_months", "schedule": 3600.0},
    # A minute past each hour: a grant that begins today counts from its first minutes.
    "sync-groups": {
        "task": "lms.people.tasks.sync_groups_by_date",
        "schedule": crontab(minute=1),
        "options": {"queue": "default"},
    },
    "resume-stale-transcodes": {"task": "media.tasks.resume_stale_jobs", "schedule": 20.0},
    "record-replays": {
        "task": "media.tasks.record_replays",
        "schedule": 20.0,
        "options": {"queue": "transcode"},
    },
    "resume-stale-recognitions": {
        "task": "media.tasks.resume_stale_recognitions",
        "schedule": 300.0,
    },
    "archive-wanted-sources": {"task": "media.tasks.archive_wanted_sources", "schedule": 600.0},
    "discard-past-builds": {"task": "media.tasks.discard_past_builds", "schedule": 1800.0},
    "tend-uploads": {"task": "media.tasks.tend_uploads", "schedule": 30.0},
    "settle-viewings": {"task": "courses.learning.tasks.settle_due_viewings", "schedule": 60.0},
    "resume-stale-packages": {
        "task": "lms.archive.tasks.resume_stale_packages",
        "schedule": 30.0,
        "options": {"queue": "default"},
    },
    "resume-stale-rosters": {
        "task": "lms.people.tasks.resume_stale_rosters",
        "schedule": 30.0,
        "options": {"queue": "default"},
    },
    "discard-old-rosters": {
        "task": "lms.people.tasks.discard_old_rosters",
        "schedule": 3600.0,
        "options": {"queue": "default"},
    },
    "sweep-sign-ins": {"task": "lms.people.tasks.sweep_sign_ins", "schedule": 24 * 3600.0},
}
