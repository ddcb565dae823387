import io
import zipfile

import bagit
import pytest
from django.urls import reverse

from lms.archive.models import ArchivePackage
from lms.archive.tasks import resume_stale_packages, seal_queued
from lms.journal.models import JournalEntry
from lms.people.services import add_unit
from tests.world import county, entry, holder, learner

pytestmark = pytest.mark.django_db
MEMBER_VIEWS = ["package", "progress", "download"]
MEMBER_ACTIONS = ["retry", "verify"]


@pytest.fixture
def archivist(client):
    person = holder("archivist")
    client.force_login(person)
    return person


@pytest.fixture
def sealed(seal):
    entry(learner(name="=cmd|' /C calc'!A0"), title="<script>alert(1)</script>")
    return seal()[0]


def test_the_list_says_how_much_is_pending(client, archivist):
    entry(learner(), "7.5")

    page = client.get("/archive/").content.decode()

    assert "有 1 笔还没有归档" in page
    assert "7.5 学时" in page


def test_asking_for_a_package_queues_it_and_the_page_follows_it(
    client, archivist, django_capture_on_commit_callbacks, monkeypatch
):
    entry(learner())
    woken = []
    monkeypatch.setattr(seal_queued, "delay", woken.append)

    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(reverse("archive:new"), follow=True)

    package = ArchivePackage.objects.get()
    assert woken == [package.pk]
    assert package.created_by == archivist
    assert f"/archive/{package.pk}/progress.json" in answer.content.decode()
    progress = client.get(reverse("archive:progress", args=[package.pk])).json()
    assert (progress["state"], progress["progress"]) == ("queued", 0)


def test_the_task_seals_and_may_run_twice(client, archivist, monkeypatch):
    entry(learner())
    monkeypatch.setattr(seal_queued, "delay_on_commit", lambda pk: None)
    client.post(reverse("archive:new"))
    package = ArchivePackage.objects.get()

    seal_queued(package.pk)
    seal_queued(package.pk)

    package.refresh_from_db()
    assert (package.state, package.attempts) == ("sealed", 1)
    assert resume_stale_packages() == 0


def test_the_download_is_a_bag_that_an_independent_tool_accepts(
    client, archivist, sealed, tmp_path
):
    answer = client.get(reverse("archive:download", args=[sealed.pk]))

    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Content-Disposition"] == f'attachment; filename="{sealed.path}.zip"'
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as packed:
        assert packed.testzip() is None
        packed.extractall(tmp_path / "out")
    assert bagit.Bag(str(tmp_path / "out" / sealed.path)).validate(processes=1)
    assert JournalEntry.objects.get(action="archive.package_downloaded").actor == archivist


def test_the_page_of_a_package_shows_its_rows_as_text(client, archivist, sealed):
    page = client.get(reverse("archive:package", args=[sealed.pk])).content.decode()

    assert sealed.digest in page
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert(1)" not in page


def test_a_check_says_whole_and_after_a_changed_byte_says_where(
    client, archivist, sealed, archive_folder
):
    url = reverse("archive:verify", args=[sealed.pk])
    whole = client.post(url, follow=True).content.decode()
    with (archive_folder / sealed.path / "data" / "说明.txt").open("ab") as file:
        file.write(b" ")

    changed = client.post(url, follow=True).content.decode()

    assert "三种摘要和清单都相符" in whole
    assert "data/说明.txt" in changed
    assert "被改动" in changed
    assert sealed.checks.count() == 2


def test_a_package_whose_files_are_gone_says_so(client, archivist, sealed, archive_folder):
    (archive_folder / sealed.path).rename(archive_folder / "elsewhere")

    page = client.get(reverse("archive:package", args=[sealed.pk])).content.decode()

    assert "不在磁盘上" in page


def test_a_failed_package_says_why_and_can_be_sealed_again(client, archivist, sealed, monkeypatch):
    woken = []
    monkeypatch.setattr(seal_queued, "delay_on_commit", woken.append)
    ArchivePackage.objects.update(state="failed", failure_sentence="写入磁盘没有成功。")

    page = client.get("/archive/").content.decode()
    client.post(reverse("archive:retry", args=[sealed.pk]))

    assert "写入磁盘没有成功" in page
    assert woken == [sealed.pk]


@pytest.mark.parametrize("name", MEMBER_VIEWS)
def test_another_countys_archivist_finds_nothing(client, sealed, name):
    elsewhere = add_unit(code="331123", name="遂昌县", level="county", parent=county().parent)
    client.force_login(holder("archivist", unit=elsewhere))

    assert client.get(reverse(f"archive:{name}", args=[sealed.pk])).status_code == 404
    assert sealed.path not in client.get("/archive/").content.decode()
    assert not JournalEntry.objects.filter(action="archive.package_downloaded").exists()


@pytest.mark.parametrize("name", MEMBER_ACTIONS)
def test_another_countys_archivist_changes_nothing(client, sealed, name):
    elsewhere = add_unit(code="331123", name="遂昌县", level="county", parent=county().parent)
    client.force_login(holder("archivist", unit=elsewhere))

    assert client.post(reverse(f"archive:{name}", args=[sealed.pk])).status_code == 404
    sealed.refresh_from_db()
    assert (sealed.state, sealed.checks.count()) == ("sealed", 0)


@pytest.mark.parametrize("role", ["learner", "unit_admin", "auditor", "system_admin"])
def test_who_is_no_archivist_does_not_learn_that_the_page_exists(client, sealed, role):
    client.force_login(holder(role))

    assert client.get("/archive/").status_code == 404
    assert client.post(reverse("archive:new")).status_code == 404
    assert client.get(reverse("archive:download", args=[sealed.pk])).status_code == 404


def test_without_signing_in_the_way_leads_to_the_sign_in_page(client, sealed):
    answer = client.get(reverse("archive:download", args=[sealed.pk]))

    assert answer.status_code == 302
    assert answer.url.startswith("/accounts/login/")
