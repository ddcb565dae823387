"""Tests: like the demo, with a fast password hasher."""

from config import env
from config.settings.dev import *  # noqa: F403
from config.settings.dev import CACHES

# Beside a demo in the same run directory, never in it.
VALKEY_URL = env.valkey_url(8)
CACHES = {"default": {**CACHES["default"], "LOCATION": VALKEY_URL}}
CELERY_BROKER_URL = env.broker_url(9)
MEDIA_ROOT = env.RUN_DIR / "test-uploads"

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ACCOUNT_RATE_LIMITS = False  # many tests ask in a minute what a person asks in a day
