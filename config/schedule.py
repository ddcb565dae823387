"""What runs by the clock. Each sweep finishes what a lost wake-up left behind (security 25)."""

from typing import Any

SCHEDULE: dict[str, dict[str, Any]] = {
    "seal-journal": {"task": "lms.journal.tasks.seal_new_rows", "schedule": 10.0},
    "add-journal-months": {"task": "lms.journal.tasks.add_coming_months", "schedule": 3600.0},
    "resume-stale-transcodes": {"task": "media.tasks.resume_stale_jobs", "schedule": 20.0},
    "settle-viewings": {"task": "courses.learning.tasks.settle_due_viewings", "schedule": 60.0},
    "resume-stale-packages": {
        "task": "lms.archive.tasks.resume_stale_packages",
        "schedule": 30.0,
        "options": {"queue": "default"},
    },
}
