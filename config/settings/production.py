"""Production: every secret and address comes from the environment; TLS in front."""

from config import env
from config.settings.base import *  # noqa: F403
from config.settings.base import STORAGES

SECRET_KEY = env.required("SECRET_KEY")
# Keys of before: what they signed or encrypted is still read.
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS") or [
    env.required("BASE_URL").split("//")[1].split("/")[0]
]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = env.flag("SECURE_SSL_REDIRECT", default=True)
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# X_FRAME_OPTIONS is SAMEORIGIN, not DENY: Wagtail's preview panel frames our own pages.
SILENCED_SYSTEM_CHECKS = ["security.W019"]
