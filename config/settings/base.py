"""Settings every environment shares. Values that differ come from `config.env`."""

from datetime import timedelta
from typing import Any

from config import env

BASE_DIR = env.BASE_DIR
RUN_DIR = env.RUN_DIR

SECRET_KEY = env.secret_key()
DEBUG = False
ALLOWED_HOSTS: list[str] = env.words("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS: list[str] = env.words("CSRF_TRUSTED_ORIGINS")
BASE_URL = env.text("BASE_URL", "http://127.0.0.1:8000")

INSTALLED_APPS = [
    # Ours, lowest layer last (see pyproject's import contracts).
    "lms.portal",
    "lms.archive",
    "courses.learning",
    "courses.classroom",
    "courses.catalogue",
    "media",
    "lms.credits",
    "lms.attendance",
    "lms.journal",
    "lms.people",
    "lms.common",
    # Wagtail
    "wagtail.contrib.settings",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    # Sign-in
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    # Django
    "pgtrigger",
    "django_prometheus",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "lms.common.middleware.RefuseUnreadableInput",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "lms.people.guards.SessionRules",
    "lms.people.middleware.CurrentPosting",
    "lms.people.middleware.PrivateUnlessPublic",
    "lms.people.denials.DeniedWritesNoted",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "lms" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "lms.portal.context.shell",
            ],
        },
    },
]

DATABASES = {"default": env.database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

VALKEY_URL = env.valkey_url()
CACHES = {
    "default": {
        "BACKEND": "lms.common.cache.ForgivingRedisCache",
        "LOCATION": VALKEY_URL,
        "KEY_PREFIX": "qj",
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_SERIALIZER = "django.contrib.sessions.serializers.JSONSerializer"
SESSION_COOKIE_AGE = int(timedelta(hours=12).total_seconds())
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "SAMEORIGIN"  # Wagtail's preview panel frames our own pages
SECURE_REFERRER_POLICY = "same-origin"

# Files. The folder `media/` is a Django app, so uploads live under the run directory.
STORAGES = {
    **env.storages(),
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# The storage for sources nobody needs for watching; empty where there is none.
COLD_STORAGE = "cold" if "cold" in STORAGES else ""
MEDIA_ROOT = RUN_DIR / "uploads"
MEDIA_URL = "/uploads/"  # never served: files leave through media.delivery or a view with a policy
STATIC_URL = "/static/"
STATIC_ROOT = RUN_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "lms" / "static"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000  # a course package page with many units posts a large form

FFMPEG_PATH = env.ffmpeg_path()
# Dotted path of a `media.recognition.Recogniser`, e.g. media.recognition.WhisperCpp; none is shipped.
SPEECH_RECOGNISER = env.text("SPEECH_RECOGNISER")
WHISPER_PROGRAM = env.text("WHISPER_PROGRAM")  # whisper.cpp's command-line program
WHISPER_MODEL = env.text("WHISPER_MODEL")  # its ggml model file

# Language. The source language of every message is Chinese; English is a complete translation.
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "lms" / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

# People. Signing in goes through allauth alone (ADR 0016).
AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = ["lms.people.backends.AccountBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
# Figures are those of QIANGJI below.
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["staff_number", "name", "phone", "email"]},
    },
    {"NAME": "lms.people.passwords.LongEnough"},
    {"NAME": "lms.people.passwords.MixedKinds"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "lms.people.passwords.NotUsedBefore"},
]
PASSWORD_RESET_TIMEOUT = int(timedelta(hours=12).total_seconds())
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "lms.people.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "staff_number"
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_LOGIN_METHODS = {"username"}  # one field; AccountBackend finds the account
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "lms.people.passwords.ResetLinks"  # noqa: S105 - a class
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # nobody makes us write to strangers
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
ACCOUNT_FORMS = {
    "login": "lms.people.forms.signing_in.LoginForm",
    "change_password": "lms.people.forms.signing_in.ChangePasswordForm",
    "reset_password": "lms.people.forms.signing_in.ResetPasswordForm",
}
# Failures are counted by lms.people.throttle, in PostgreSQL. These only slow down the rest.
ACCOUNT_RATE_LIMITS = {
    "login": None,
    "login_failed": None,
    "reset_password": "60/m/ip,5/5m/key",
    "reset_password_from_key": "60/m/ip",
}
MFA_ADAPTER = "lms.people.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_RECOVERY_CODE_DIGITS = 10
MFA_TOTP_ISSUER = "强基"
MFA_TOTP_TOLERANCE = 1  # phones are half a minute off
MFA_ALLOW_UNVERIFIED_EMAIL = True  # addresses come from the roster, not from the person
MFA_RATE_LIMITS = {"webauthn_login": "120/m/ip"}  # a whole office stands behind one address
MFA_FORMS = {
    "authenticate": "lms.people.forms.signing_in.SecondFactorForm",
    "reauthenticate": "lms.people.forms.signing_in.SecondFactorAgainForm",
    "activate_totp": "lms.people.forms.signing_in.ActivateTOTPForm",
    "add_webauthn": "lms.people.forms.passkeys.AddPasskeyForm",
    "login_webauthn": "lms.people.forms.passkeys.PasskeyLoginForm",
    "authenticate_webauthn": "lms.people.forms.passkeys.PasskeyFactorForm",
    "reauthenticate_webauthn": "lms.people.forms.passkeys.PasskeyAgainForm",
}
OIDC: dict[str, Any] = env.oidc()
SOCIALACCOUNT_ADAPTER = "lms.people.oidc.SsoAdapter"
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [OIDC["app"]] if OIDC else []}}
SOCIALACCOUNT_LOGIN_ON_GET = False  # a link on some page must not sign anybody in
SOCIALACCOUNT_STORE_TOKENS = False

# Mail. Without a server nothing is sent; passwords are then reset by an administrator.
EMAIL_HOST = env.text("EMAIL_HOST")
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'dummy'}.EmailBackend"
EMAIL_PORT = env.number("EMAIL_PORT", 587)
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", default=True)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD")
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "qiangji@localhost")

# Wagtail
WAGTAIL_SITE_NAME = "强基"
WAGTAILADMIN_BASE_URL = BASE_URL
WAGTAILDOCS_SERVE_METHOD = "serve_view"  # security 4
WAGTAIL_FRONTEND_LOGIN_URL = "/accounts/login/"
WAGTAILADMIN_LOGIN_URL = "/accounts/login/"
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None  # intranet first: no call home
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_I18N_ENABLED = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False  # passwords are allauth's alone
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False  # addresses come from the roster
# Publishing is a role of its own; editorial review comes with the courses.
WAGTAIL_WORKFLOW_ENABLED = False
WAGTAILADMIN_EXTERNAL_LINK_CONVERSION = ""  # an address typed in must not tell a draft's title
WAGTAIL_USER_TIME_ZONES = [TIME_ZONE]  # one clock for everybody: dates decide hours
WAGTAILADMIN_PERMITTED_LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10 * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 40_000_000

# Jobs
CELERY_BROKER_URL = env.broker_url()
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {
    "media.tasks.transcode": {"queue": "transcode"},
    "media.tasks.recognise": {"queue": "transcode"},
    "media.tasks.archive_source": {"queue": "transcode"},
    "lms.archive.tasks.*": {"queue": "export"},
    "lms.people.tasks.import_queued": {"queue": "export"},
}
CELERY_TASK_SOFT_TIME_LIMIT = 6 * 3600
CELERY_TASK_TIME_LIMIT = 6 * 3600 + 120
CELERY_TIMEZONE = TIME_ZONE

# Content-Security-Policy: nothing inline, nothing from elsewhere. Wagtail's own admin needs inline
# styles and scripts; config.urls loosens the policy for that path only (security 7).
CONTENT_SECURITY_POLICY = {
    "EXCLUDE_URL_PREFIXES": ["/manage/"],
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "media-src": ["'self'", "blob:", *env.storage_origins()],
        "connect-src": ["'self'", *env.storage_origins()],
        "worker-src": ["'self'", "blob:"],
        "style-src": ["'self'"],
        "script-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        # Signing in elsewhere begins with a form of ours that is answered by a redirect there.
        "form-action": ["'self'", *OIDC.get("origins", [])],
        "frame-ancestors": ["'self'"],
    },
}

# Our own settings: numbers a place may change.
# Where encoders publish; shown on a livestream's page.
LIVE_INGEST_URL = env.text("LIVE_INGEST_URL", "rtmp://127.0.0.1:1935/live")

QIANGJI: dict[str, Any] = {
    "SITE_UNIT_CODE": env.text("SITE_UNIT_CODE", "331124"),
    "VIDEO_MAX_SECONDS": 4 * 3600,
    "VIDEO_MAX_BYTES": 20 * 1024**3,
    "UPLOAD_KEPT_DAYS": 7,  # an unfinished upload, counted from its last byte
    "UPLOADS_AT_ONCE": 20,  # unfinished ones of one person
    "DELIVERY_TOKEN_SECONDS": 4 * 3600,
    "VIEWING_TOKEN_SECONDS": 12 * 3600,
    "TRANSCODE_LEASE_SECONDS": 60,
    "TRANSCODE_MAX_ATTEMPTS": 3,
    "OFFLINE_PACK_DAYS": env.number("OFFLINE_PACK_DAYS", 14),
    "OFFLINE_RETURN_DAYS": 30,  # after the expiry; what was watched before it is still taken
    "LIVE_MAX_SECONDS": 8 * 3600,
    # Live, too, one picture a second and the sound alone for thin lines: about a third of a core a lecture.
    "LIVE_THIN": env.flag("LIVE_THIN", default=True),
    "ROLL_CALL_SECONDS": 90,  # how long an answer may take
    "ROLL_CALL_MORE_SECONDS": 600,  # the same for whoever asks for more time
    # Where nginx relays an encoder that may publish (ADR 0023).
    "LIVE_GATE": env.text("LIVE_GATE", "rtmp://127.0.0.1:1936/live/"),
    "LIVE_EARLY_MINUTES": 60,  # encoders may send so long before the announced time
    "MERGE_REVERSIBLE_DAYS": 30,
    "ROSTER_MAX_BYTES": 64 * 1024**2,
    "ROSTER_MAX_ROWS": 200_000,
    "ROSTER_KEPT_DAYS": 30,  # the file and its rejected rows; the counts stay
    "ROSTER_LEASE_SECONDS": 120,
    "ROSTER_MAX_ATTEMPTS": 3,
    # Signing in. Zero switches a rule about sessions or passwords off.
    "SECOND_FACTOR_REQUIRED": env.flag("SECOND_FACTOR_REQUIRED", default=True),
    "SESSION_IDLE_MINUTES": env.number("SESSION_IDLE_MINUTES", 20),
    "SESSION_WARNING_SECONDS": 120,
    "ONE_SESSION_PER_ACCOUNT": env.flag("ONE_SESSION_PER_ACCOUNT", default=True),
    "PASSWORD_MIN_LENGTH": env.number("PASSWORD_MIN_LENGTH", 10),
    "PASSWORD_CLASSES": env.number("PASSWORD_CLASSES", 3),
    "PASSWORD_HISTORY": env.number("PASSWORD_HISTORY", 5),
    "PASSWORD_EXPIRES_DAYS": env.number("PASSWORD_EXPIRES_DAYS", 90),
    "ACTIVATION_CODE_DAYS": env.number("ACTIVATION_CODE_DAYS", 14),
    "ACTIVATION_CODES_AT_ONCE": 500,
    "LOCK_AFTER_FAILURES": 5,
    "LOCK_SECONDS": [60, 300, 900, 1800, 3600],
    "ADDRESS_FAILURES": 300,
    "ADDRESS_WINDOW_SECONDS": 600,
    "KNOWN_DEVICE_DAYS": 180,
    # Months of the journal that nobody may take away; six at least (等保 2.0), checked at the start.
    "JOURNAL_KEPT_MONTHS": env.number("JOURNAL_KEPT_MONTHS", 60),
}

LOGGING_CONFIG = "lms.common.logs.configure"
LOGGING: dict[str, str] = {"level": env.text("LOG_LEVEL", "INFO")}
