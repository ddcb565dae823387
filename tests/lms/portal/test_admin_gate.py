"""Wagtail's admin attacked: every address of it, with another county's ids in path, query and body."""

import json
import re
from dataclasses import dataclass
from datetime import date

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.test import Client
from wagtail.admin.models import EditingSession
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Collection, PageLogEntry, Revision, Site
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text

from courses.catalogue.models import CatalogueIndexPage, CoursePackagePage
from lms.journal.models import JournalEntry
from lms.people.models import Person, Unit
from lms.people.services import add_unit, grant_role
from lms.portal.admin_gate import ASKED_FOR, BELOW, OF_A_PACKAGE, OPEN
from media.models import Video
from tests import world
from tests.architecture.routes import Route, every_route

pytestmark = pytest.mark.django_db
DRAFT, IMAGE, DOCUMENT, VIDEO, AUTHOR = "外县草稿", "外县图片", "外县文档", "外县视频", "欧阳外县"
SECRETS = (DRAFT, IMAGE, DOCUMENT, VIDEO, AUTHOR)
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
SIGNS_OUT = {"manage/logout/"}


@dataclass(frozen=True)
class Foreign:
    """What belongs to the county of Songyang; whoever attacks serves in Jinyun."""

    page: CoursePackagePage
    revision: Revision
    image: Image
    document: Document
    video: Video
    author: Person
    session: EditingSession

    @property
    def ids(self) -> dict[str, object]:
        """A value for every parameter Wagtail's addresses have."""
        page, image, document = self.page.pk, self.image.pk, self.document.pk
        return {
            **dict.fromkeys(
                ("page_id", "parent_page_id", "page_to_move_id", "page_pk", "object_id"), page
            ),
            "revision_id": self.revision.pk,
            "destination_id": CatalogueIndexPage.objects.get().pk,
            "image_id": image, "document_id": document, "doc_id": document, "uploaded_file_id": 1,
            "pk": self.video.pk, "track_pk": 1, "session_id": self.session.pk,
            "collection_id": Collection.get_first_root_node().pk,
            **dict.fromkeys(("workflow_pk", "task_id", "task_state_id", "workflow_state_id"), 1),
            "app_label": "wagtailcore", "model_name": "page", "app_name": "catalogue",
            "content_type_app_name": "catalogue",
            "content_type_model_name": "coursepackagepage",
            "action": "delete", "action_name": "approve", "filter_spec": "width-100",
            "uidb64": "MQ", "token": "x-y",
        }  # fmt: skip

    def state(self) -> list:
        """Everything an attack could have changed."""
        tables = (CoursePackagePage, Image, Document, Video, Revision, PageLogEntry, EditingSession)
        rows = [list(model.objects.order_by("pk").values()) for model in tables]
        rows.append(list(self.author.groups.values()))
        rows.append(list(Person.objects.order_by("pk").values("pk", "is_active", "password")))
        rows.append(list(Site.objects.values()))
        return rows


@pytest.fixture
def foreign(settings, tmp_path) -> Foreign:
    settings.MEDIA_ROOT = tmp_path
    author = world.holder("course_author")
    author.name = AUTHOR
    author.save()
    video = world.video(title=VIDEO)
    page = world.package(DRAFT, summary=DRAFT, owner=author)
    page.units.filter(kind="video").update(video=video)
    page.unpublish()
    revision = page.save_revision(user=author, log_action=True)
    session = EditingSession.objects.create(
        user=author, content_type=ContentType.objects.get_for_model(page), object_id=str(page.pk),
        last_seen_at=world.NOON,
    )  # fmt: skip
    return Foreign(
        page=page,
        revision=revision,
        image=Image.objects.create(
            title=IMAGE, file=get_test_image_file(), uploaded_by_user=author
        ),
        document=Document.objects.create(
            title=DOCUMENT, file=ContentFile(DOCUMENT.encode(), "a.txt"), uploaded_by_user=author
        ),
        video=video,
        author=author,
        session=session,
    )


@pytest.fixture
def jinyun(foreign) -> Unit:
    return add_unit(code="331122", name="缙云县", level="county", parent=world.county().parent)


@pytest.fixture
def attacker(jinyun) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(world.holder("publisher", unit=jinyun))
    return client


def admin_routes() -> list[Route]:
    return [r for r in every_route() if r.path.startswith("manage/") and r.path not in SIGNS_OUT]


def address_of(route: Route, ids: dict[str, object]) -> str:
    """The route with a foreign id in each place; a parameter nobody foresaw fails here."""
    path = PARAMETER.sub(lambda found: str(ids[found[1]]), route.path)
    page, revision = ids["page_id"], ids["revision_id"]
    compare = f"{page}/revisions/compare/live...{revision}/"
    path = re.sub(r"\^\(\\d\+\)/revisions/compare/.*", lambda found: compare, path)
    return "/" + path.replace("^.*/$", "no-such-room/").replace("^", "").replace("$", "")


def fields_of(foreign: Foreign) -> dict[str, object]:
    page, author = foreign.page, foreign.author.pk
    return {
        "id": [page.pk, foreign.image.pk, foreign.document.pk, foreign.video.pk],
        "target_pages[]": page.pk, "user_perms": "copy_to", "q": "外县", "search_all": "1",
        "owner": author, "edited_by": author, "user": author, "person": author,
        "parent_page_id": page.pk, "new_parent_page": page.pk, "childOf": page.pk,
        "page_type": "catalogue.CoursePackagePage", "content_type": "catalogue.coursepackagepage",
        "revision_id": foreign.revision.pk, "object_id": page.pk, "owner_unit": page.owner_unit_id,
        "title": "改掉了", "new_title": "改掉了", "new_slug": "gai-diao", "action-publish": "1",
        "url": page.get_full_url() or "", "external-link-chooser-url": page.get_full_url() or "",
        "groups": 1, "is_superuser": "on", "staff_number": foreign.author.staff_number,
    }  # fmt: skip


def told(answer) -> list[str]:
    """Secrets in an answer, as they are or as JSON spells them. The search box repeats 外县 alone."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    text = body.decode(errors="replace")
    return [secret for secret in SECRETS if secret in text or json.dumps(secret)[1:-1] in text]


def test_no_address_of_the_admin_tells_or_changes_anything_of_another_county(attacker, foreign):
    before, leaks, crashes = foreign.state(), [], []
    fields, query = fields_of(foreign), "&".join(f"{k}={v}" for k, v in flat(fields_of(foreign)))
    for route in admin_routes():
        address = f"{address_of(route, foreign.ids)}?{query}"
        for answer in (attacker.get(address), attacker.post(address, fields)):
            leaks += [f"{route.name or route.path} tells {secret}" for secret in told(answer)]
            if answer.status_code >= 500:
                crashes.append(f"{route.name or route.path} {answer.status_code}")

    assert leaks == []
    assert crashes == []
    assert foreign.state() == before


def flat(fields: dict) -> list[tuple[str, object]]:
    return [
        (name, each)
        for name, value in fields.items()
        for each in (value if isinstance(value, list) else [value])
    ]


def test_every_address_with_an_id_of_another_county_is_missing(attacker, foreign):
    """Those that answer have no id in their path, or one of nothing that belongs to a county."""
    open_to_attacker = {
        route.name or route.path
        for route in admin_routes()
        if attacker.get(address_of(route, foreign.ids)).status_code != 404
    }

    named_in_the_query_only = {"wagtailadmin_choose_page_chosen_multiple"}
    about_oneself = {
        "manage/login/", "manage/account/", "wagtailadmin_account", "wagtailadmin_login",
    }  # fmt: skip
    assert open_to_attacker <= OPEN | named_in_the_query_only | about_oneself
    assert not open_to_attacker & {"videos:detail", "video_chooser:chosen"}


def test_each_denied_write_of_the_walk_is_on_record(attacker, foreign):
    for name in ("edit", "delete", "unpublish", "lock"):
        assert attacker.post(f"/manage/pages/{foreign.page.pk}/{name}/").status_code == 404

    paths = JournalEntry.objects.filter(action="access.write_refused").order_by("pk")
    assert [row.detail["path"].split("/")[-2] for row in paths] == [
        "edit", "delete", "unpublish", "lock",
    ]  # fmt: skip
    assert {row.outcome for row in paths} == {"refused"}


def test_every_listed_address_exists():
    names = {route.name for route in admin_routes()}

    assert OPEN | BELOW | set(OF_A_PACKAGE) | set(ASKED_FOR) <= names


@pytest.mark.parametrize(
    "path",
    [
        "images/", "images/add/", "images/chooser/", "documents/", "documents/chooser/", "users/",
        "users/new/", "groups/", "groups/new/", "sites/", "collections/", "snippets/", "workflows/list/",
        "reports/site-history/", "api/main/pages/", "tag-autocomplete/", "pages/search/",
        "pages/usage/catalogue/coursepackagepage/",
    ],
)  # fmt: skip
def test_rooms_that_know_no_units_are_closed_to_everybody(attacker, path):
    assert attacker.get(f"/manage/{path}").status_code == 404


@pytest.mark.parametrize("role", ["system_admin", "security_admin", "audit_admin", "unit_admin"])
def test_an_administrator_has_no_way_into_the_admin(client, role):
    client.force_login(world.holder(role))

    assert client.get("/manage/").status_code == 404


def test_the_shelf_itself_is_nobodys_to_change(client):
    world.package()
    shelf = CatalogueIndexPage.objects.get()
    client.force_login(world.holder("publisher"))

    answers = {
        client.post(f"/manage/pages/{shelf.pk}/{name}/").status_code
        for name in ("edit", "delete", "unpublish", "lock", "move", "copy", "privacy")
    }

    assert answers == {404}
    assert CatalogueIndexPage.objects.get().live


# Somebody who publishes for their own county and only edits for another.


@pytest.fixture
def both(jinyun) -> Person:
    person = world.holder("publisher", unit=jinyun)
    grant_role(
        person=person, role="course_author", unit=world.county(), from_date=date(2020, 1, 1),
        by=None, at=world.NOON,
    )  # fmt: skip
    return person


@pytest.fixture
def as_both(client, both) -> Client:
    client.force_login(both)
    return client


def form_of(unit: Unit, **changes) -> dict:
    fields = {
        "title": "新课",
        "slug": "",
        "summary": "给驻村干部。",
        "topic": "people",
        "lecturer_name": "徐志强",
        "owner_unit": unit.pk,
        "units": inline_formset(
            [{"kind": "reading", "title": "读", "video": "", "body": rich_text("<p>文</p>")}]
        ),
        "comments": inline_formset([]),
    }
    return nested_form_data(fields | changes)


def add(client, unit, **changes):
    shelf = CatalogueIndexPage.objects.get()
    path = f"/manage/pages/add/catalogue/coursepackagepage/{shelf.pk}/"
    return client.post(path, form_of(unit, **changes))


def refused_to_publish(answer) -> bool:
    return answer.status_code == 200 and "不能以它的名义发布" in answer.content.decode()


def test_a_package_is_not_made_and_published_in_one_step_for_a_unit_one_only_edits_for(
    as_both, foreign, jinyun
):
    publish = {"action-publish": "1"}

    assert refused_to_publish(add(as_both, world.county(), **publish))
    assert not CoursePackagePage.objects.filter(title="新课").exists()
    add(as_both, world.county())
    add(as_both, jinyun, title="自己县的新课", **publish)

    made = CoursePackagePage.objects.filter(title__contains="新课").order_by("pk")
    assert [(page.title, page.live) for page in made] == [("新课", False), ("自己县的新课", True)]


def test_ones_own_draft_is_not_given_to_that_unit_and_published_in_one_step(
    as_both, foreign, jinyun
):
    add(as_both, jinyun)
    page = CoursePackagePage.objects.get(title="新课")
    unit = page.units.get()
    units = inline_formset(
        [{"id": unit.pk, "kind": "reading", "title": "读", "video": "", "body": "null"}], initial=1
    )
    handed_over = form_of(world.county(), units=units)

    path = f"/manage/pages/{page.pk}/edit/"
    assert refused_to_publish(as_both.post(path, handed_over | {"action-publish": "1"}))
    as_both.post(path, handed_over)  # as a draft it may go there
    as_both.post(f"/manage/bulk/wagtailcore/page/publish/?id={page.pk}")
    old = page.revisions.order_by("pk").first()
    as_both.post(
        f"/manage/pages/{page.pk}/revisions/{old.pk}/revert/",
        handed_over | {"action-publish": "1"},
    )

    page.refresh_from_db()
    assert (page.live, page.owner_unit) == (False, world.county())


def test_what_is_published_keeps_its_unit(as_both, foreign, jinyun):
    add(as_both, jinyun, **{"action-publish": "1"})
    page = CoursePackagePage.objects.get(title="新课")
    unit = page.units.get()
    units = inline_formset(
        [{"id": unit.pk, "kind": "reading", "title": "读", "video": "", "body": "null"}], initial=1
    )

    as_both.post(f"/manage/pages/{page.pk}/edit/", form_of(world.county(), units=units))

    page.refresh_from_db()
    assert page.owner_unit == jinyun
    assert page.get_latest_revision_as_object().owner_unit == jinyun


@pytest.mark.parametrize("action", ["publish", "unpublish", "delete"])
def test_bulk_actions_ask_for_the_right_to_publish_in_each_unit(as_both, foreign, action):
    shown = world.package("松阳已发布的课")
    named = foreign.page if action == "publish" else shown
    before = foreign.state()

    answer = as_both.post(f"/manage/bulk/wagtailcore/page/{action}/?id={named.pk}")

    assert answer.status_code == 404
    assert foreign.state() == before


@pytest.mark.parametrize("name", ["unpublish", "lock", "unlock", "delete"])
def test_what_learners_see_is_not_taken_away_by_somebody_who_only_edits(as_both, foreign, name):
    shown = world.package("松阳已发布的课")

    as_both.post(f"/manage/pages/{shown.pk}/{name}/")

    shown.refresh_from_db()
    assert (shown.live, shown.locked) == (True, False)


def test_a_draft_of_a_unit_one_edits_for_may_be_thrown_away(as_both, foreign):
    as_both.post(f"/manage/bulk/wagtailcore/page/delete/?id={foreign.page.pk}")

    assert not CoursePackagePage.objects.filter(pk=foreign.page.pk).exists()


def test_the_listing_and_its_filters_name_only_ones_own(client, foreign):
    """The author of one county is offered as a filter there, and nowhere else."""
    shelf = CatalogueIndexPage.objects.get()
    client.force_login(world.holder("publisher"))

    html = client.get(f"/manage/pages/{shelf.pk}/").content.decode()

    assert DRAFT in html
    assert AUTHOR in html


def test_the_chooser_offers_ones_own_pages(client, foreign):
    client.force_login(world.holder("publisher"))

    found = client.get("/manage/choose-page/search/", {"q": "外县"}).content.decode()
    chosen = client.get(f"/manage/choose-page/chosen-multiple/?id={foreign.page.pk}")

    assert DRAFT in found
    assert chosen.status_code == 200
