import pytest
from django.conf import settings
from django.core.checks import run_checks

from lms.journal.checks import journal_is_kept_long_enough


@pytest.mark.parametrize(
    ("months", "errors"), [(60, []), (6, []), (5, ["journal.E001"]), (0, ["journal.E001"])]
)
def test_the_journal_is_kept_for_six_months_at_least(monkeypatch, months, errors):
    monkeypatch.setitem(settings.QIANGJI, "JOURNAL_KEPT_MONTHS", months)

    assert [error.id for error in journal_is_kept_long_enough()] == errors
    assert [e.id for e in run_checks() if (e.id or "").startswith("journal.")] == errors


def test_no_setting_switches_the_journal_off():
    """What there is about the journal is how long it is kept."""
    assert [name for name in settings.QIANGJI if "JOURNAL" in name] == ["JOURNAL_KEPT_MONTHS"]
    assert "lms.journal" in settings.INSTALLED_APPS
