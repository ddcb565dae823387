"""The demo and a developer's machine: embedded services, demo accounts, one port on loopback."""

from config import env
from config.settings.base import *  # noqa: F403
from config.settings.base import INSTALLED_APPS, QIANGJI

DEBUG = False  # the demo shows the product, not Django's debug pages
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
INSTALLED_APPS = ["config.demo", *INSTALLED_APPS]
# Static files are served from where they lie; nothing is collected.
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
# Demo credentials exist only here and in the test settings.
DEMO_PASSWORD = "qiangji-demo-2026"  # noqa: S105 - shown on screen by `make demo`
# Mail is written to files below the run directory, so a demo's reset link can be looked at.
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = env.RUN_DIR / "mail"
# Scripts sign demo accounts in with the password alone; SECOND_FACTOR_REQUIRED=yes shows the real rule.
QIANGJI = {
    **QIANGJI,
    "SECOND_FACTOR_REQUIRED": env.flag("SECOND_FACTOR_REQUIRED", default=False),
    "ONE_SESSION_PER_ACCOUNT": env.flag("ONE_SESSION_PER_ACCOUNT", default=False),
    "PASSWORD_EXPIRES_DAYS": env.number("PASSWORD_EXPIRES_DAYS", 0),
}
