"""Production settings: complete, clean, and free of everything that belongs to the demo."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.management import call_command

from lms.people.models import Person

PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "config.settings.production",
    "SECRET_KEY": "a test key, long and with many different characters: 0123456789 ABCDEFGHIJK",
    "BASE_URL": "https://training.example.gov.cn",
    "DATABASE_URL": "postgresql://qiangji@db.example/qiangji",
    "VALKEY_URL": "redis://valkey.example:6379/0",
}
FACTS = """
import io, json, django
from django.conf import settings
from django.core.management import call_command, get_commands
django.setup()
said = io.StringIO()
call_command("check", deploy=True, fail_level="INFO", stdout=said, stderr=said)
values = {name: repr(getattr(settings, name)) for name in dir(settings) if name.isupper()}
print(json.dumps({"check": said.getvalue(), "commands": sorted(get_commands()), "values": values}))
"""


def run(code: str, **changes: str | None) -> subprocess.CompletedProcess[str]:
    wanted = {**os.environ, **PRODUCTION, **changes}
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=settings.BASE_DIR,
        env={name: value for name, value in wanted.items() if value is not None},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def production() -> dict:
    """What Django is under the production settings, asked once."""
    done = run(FACTS)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_deploy_check_of_the_production_settings_is_clean(production):
    assert production["check"].startswith("System check identified no issues")


def test_only_the_framing_check_is_silenced(production):
    # Wagtail's preview shows our own pages in a frame; CSP says the same: frame-ancestors 'self'.
    assert production["values"]["SILENCED_SYSTEM_CHECKS"] == "['security.W019']"


def test_demo_password_app_and_commands_are_absent_from_production(production):
    assert settings.DEMO_PASSWORD not in str(production["values"])
    assert "config.demo" not in production["values"]["INSTALLED_APPS"]
    assert "seed" not in production["commands"]
    assert "verify_ledger" in production["commands"]


def test_cookies_travel_by_tls_only_in_production(production):
    names = ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT")

    assert {production["values"][name] for name in names} == {"True"}


@pytest.mark.parametrize("name", ["SECRET_KEY", "BASE_URL"])
def test_production_does_not_start_without(name):
    done = run("import config.settings.production", **{name: None})

    assert done.returncode != 0
    assert f"{name} must be set" in done.stderr


@pytest.mark.django_db
def test_createsuperuser_makes_nobody():
    with pytest.raises(AttributeError, match="create_superuser"):
        call_command("createsuperuser", interactive=False, staff_number="root", name="root")

    assert not Person.objects.exists()
