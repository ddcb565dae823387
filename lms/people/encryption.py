"""Secrets that must be read again (TOTP keys) rest encrypted: a stolen backup signs nobody in."""

from base64 import urlsafe_b64encode
from hashlib import sha256

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings

PURPOSE = b"lms.people.encryption:"


def encrypt(text: str) -> str:
    return _box().encrypt(text.encode()).decode("ascii")


def decrypt(sealed: str) -> str:
    """Raises cryptography.fernet.InvalidToken when no key of ours made it."""
    return _box().decrypt(sealed.encode("ascii")).decode()


def _box() -> MultiFernet:
    """The newest key encrypts; those of SECRET_KEY_FALLBACKS still decrypt."""
    keys = [str(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    digests = [sha256(PURPOSE + key.encode()).digest() for key in keys]
    return MultiFernet([Fernet(urlsafe_b64encode(digest)) for digest in digests])
