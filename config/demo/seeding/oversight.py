"""What the journal of a living house holds: corrections, a number looked at, doors that stayed shut."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from datetime import datetime, timedelta

from django.http import Http404
from django.test import RequestFactory

from lms.archive.models import ArchivePackage
from lms.archive.services import note_download, note_samples_read
from lms.common.clock import local_date
from lms.common.origin import Origin, acting_from
from lms.journal.sealing import seal_journal
from lms.journal.services import record
from lms.people.access import note_refused_page, personal_data_read, visible_or_404
from lms.people.corrections import answer_correction, ask_correction
from lms.people.models import CorrectionRequest, Person
from lms.people.revealing import reveal_id_number
from lms.people.roles import Permission
from lms.people.selectors import persons_visible_to

# Made up: their check digits are wrong, so no number can be anybody's.
ID_NUMBERS = {
    "wuxiaoyun": "332524198806160021", "unit_admin": "332524197902030011",
    "mentor": "332524197109210031", "staff": "332524198504110041",
}  # fmt: skip
PHONES = {"wuxiaoyun": "13900000001", "unit_admin": "13900000002", "mentor": "13900000003"}


def seed_oversight(*, people: Mapping[str, Person], cadres: Sequence[Person], at: datetime) -> int:
    """Returns how many journal rows were sealed; nothing where corrections are already there."""
    if CorrectionRequest.objects.exists():
        return 0
    _complete(people)
    _correct(people, cadres, at)
    _look(people, at)
    _refuse(people, at)
    return seal_journal(at=at)


def _complete(people: Mapping[str, Person]) -> None:
    """As the roster would have brought them."""
    for number, person in people.items():
        person.id_number = person.id_number or ID_NUMBERS.get(number, "")
        person.phone = person.phone or PHONES.get(number, "")
        person.save(update_fields=["id_number", "phone"])


def _correct(people: Mapping[str, Person], cadres: Sequence[Person], at: datetime) -> None:
    """One answered, two waiting for the town's administrator."""
    learner, admin = people["wuxiaoyun"], people["unit_admin"]
    with _from(learner, "10.33.4.21"):
        first = ask_correction(
            about="posting", wrong="职务还是综合办公室干部", wished="党政综合办公室主任，2021 年底任",
            by=learner, at=at - timedelta(days=6),
        )  # fmt: skip
        ask_correction(
            about="id_number", wrong="出生月份那两位不对", wished="和身份证原件一致", by=learner,
            at=at - timedelta(hours=20),
        )  # fmt: skip
    with _from(admin, "10.33.4.8"):
        answer_correction(
            request=first, state="changed", answer="已按任职文件改好，之前的学时不受影响", by=admin,
            at=at - timedelta(days=5),
        )  # fmt: skip
    colleague = next(
        (c for c in cadres if c.postings.filter(to_date=None, unit__code="331124104").exists()),
        None,
    )
    if colleague is not None:
        with _from(colleague, "10.33.4.40"):
            ask_correction(
                about="contact", wrong="手机号是以前单位的", wished="13900000009", by=colleague,
                at=at - timedelta(hours=3),
            )  # fmt: skip


def _look(people: Mapping[str, Person], at: datetime) -> None:
    learner, admin, archivist = people["wuxiaoyun"], people["unit_admin"], people["archivist"]
    with _from(admin, "10.33.4.8"):
        reason = "核对本人提出的身份证号更正"
        personal_data_read(of=learner, by=admin, at=at - timedelta(hours=19), what="correction")
        reveal_id_number(person=learner, reason=reason, by=admin, at=at - timedelta(hours=19))
    package = ArchivePackage.objects.filter(state=ArchivePackage.State.SEALED).first()
    with _from(archivist, "10.33.2.15"):
        if package is not None:
            note_samples_read(package=package, by=archivist, at=at - timedelta(hours=5))
            note_download(package=package, by=archivist, at=at - timedelta(hours=5))
    auditor = people["audit_admin"]
    with _from(auditor, "10.33.2.31"):
        record(action="journal.read", by=auditor, at=at - timedelta(hours=2))


def _refuse(people: Mapping[str, Person], at: datetime) -> None:
    """A page without the permission, and a person of another town."""
    mentor, admin = people["mentor"], people["unit_admin"]
    with _from(mentor, "10.33.9.77"):
        request = RequestFactory().get("/archive/")
        request.user = mentor
        note_refused_page(request, permission=str(Permission.SEAL_PACKAGES))
    with _from(admin, "10.33.4.8"), suppress(Http404):
        visible = persons_visible_to(
            person=admin, permission=Permission.REVEAL_ID_NUMBER, on=local_date(at)
        )
        visible_or_404(visible, Person.objects.all(), by=admin, pk=people["staff"].pk)


def _from(person: Person, address: str) -> AbstractContextManager[None]:
    return acting_from(Origin(address, lambda: person, lambda: None))
