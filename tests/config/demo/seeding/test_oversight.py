import pytest

from config.demo.seeding.oversight import seed_oversight
from lms.common.clock import database_now
from lms.journal.models import JournalEntry
from lms.journal.verification import verify_journal
from lms.people.models import CorrectionRequest
from lms.people.roles import Role
from tests import world

pytestmark = pytest.mark.django_db


def test_the_demos_journal_holds_readings_refusals_and_corrections_and_verifies():
    people = {
        "wuxiaoyun": world.learner(),
        "unit_admin": world.holder(Role.UNIT_ADMIN, unit=world.town()),
        "archivist": world.holder(Role.ARCHIVIST),
        "audit_admin": world.holder(Role.AUDIT_ADMIN),
        "mentor": world.holder(Role.MENTOR),
        "staff": world.learner(unit=world.county()),
    }

    assert seed_oversight(people=people, cadres=[], at=database_now()) == 1
    assert seed_oversight(people=people, cadres=[], at=database_now()) == 0

    actions = set(JournalEntry.objects.values_list("action", flat=True))
    assert {
        "people.correction_asked", "people.correction_answered", "people.id_number_revealed",
        "people.data_read", "access.page_refused", "access.object_refused", "journal.read",
    } <= actions  # fmt: skip
    assert JournalEntry.objects.filter(address__isnull=False).count() > 5
    assert {c.state for c in CorrectionRequest.objects.all()} == {"waiting", "changed"}
    assert verify_journal().broken == []
