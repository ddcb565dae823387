"""Who asked for what they may not have is in the journal; visitors are not."""

import pytest
from django.http import Http404
from django.urls import reverse

from lms.common.clock import database_now
from lms.journal.models import JournalEntry
from lms.people.access import personal_data_read, visible_or_404
from lms.people.models import Person
from lms.people.roles import Role
from tests import world

pytestmark = pytest.mark.django_db


def refusals():
    return JournalEntry.objects.filter(outcome="refused")


def test_a_page_without_the_permission_is_refused_and_noted_with_address_and_posting(client):
    person = world.learner()
    client.force_login(person)

    answer = client.get(
        "/archive/?page=2", REMOTE_ADDR="::ffff:10.0.0.8", HTTP_X_FORWARDED_FOR="1.1.1.1"
    )

    assert answer.status_code == 404
    row = refusals().get()
    assert (row.action, row.code) == ("access.page_refused", "permission_missing")
    assert (row.actor, row.posting) == (person, person.postings.get())
    assert row.address == "10.0.0.8"
    assert row.detail == {"permission": "seal_packages", "method": "GET", "path": "/archive/"}


def test_the_admin_refuses_and_notes_too(client):
    client.force_login(world.learner())

    assert client.get("/manage/").status_code == 404

    assert refusals().get().detail["permission"] == "wagtailadmin.access_admin"


@pytest.mark.parametrize(
    "address", ["/archive/", "/manage/", "/no-such-page/", "/archive/7/", "/record/"]
)
def test_a_visitor_writes_no_rows(client, address):
    client.get(address)

    assert not JournalEntry.objects.exists()


def test_a_missing_page_writes_no_rows(client):
    client.force_login(world.learner())

    client.get("/no-such-page/")

    assert not JournalEntry.objects.exists()


def test_an_object_out_of_reach_is_refused_and_noted_and_one_that_is_not_there_is_only_missing():
    reader, other = world.learner(), world.learner()
    own, everybody = Person.objects.filter(pk=reader.pk), Person.objects.all()

    assert visible_or_404(own, everybody, by=reader, pk=reader.pk) == reader
    with pytest.raises(Http404):
        visible_or_404(own, everybody, by=reader, pk=0)
    assert not refusals().exists()
    with pytest.raises(Http404):
        visible_or_404(own, everybody, by=reader, pk=other.pk)

    row = refusals().get()
    assert (row.action, row.code) == ("access.object_refused", "not_visible")
    assert (row.actor, row.subject, row.object_unit) == (reader, other, other.postings.get().unit)


def test_seeing_another_persons_data_is_noted_and_seeing_ones_own_is_not():
    reader, other = world.learner(), world.learner()

    personal_data_read(of=reader, by=reader, at=database_now(), what="profile")
    personal_data_read(of=other, by=reader, at=database_now(), what="profile", reason="核对")

    row = JournalEntry.objects.get()
    assert (row.action, row.subject, row.reason) == ("people.data_read", other, "核对")
    assert row.detail == {"what": "profile"}


def test_another_countys_draft_package_is_refused_and_noted(client):
    package = world.package()
    package.unpublish()
    client.force_login(world.holder(Role.LEARNER))

    assert client.get(reverse("study", args=[package.units.first().key])).status_code == 404

    assert refusals().get().object_type == "catalogue.CoursePackagePage"
