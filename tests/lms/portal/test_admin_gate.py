"""Wagtail's admin attacked: every address of it, with another county's ids in path, query and body."""

import json
import re

import pytest
from django.test import Client

from courses.catalogue.models import CatalogueIndexPage
from lms.journal.models import JournalEntry
from lms.portal.admin_gate import ASKED_FOR, BELOW, OF_A_PACKAGE, OPEN
from tests import world
from tests.architecture.routes import Route, every_route
from tests.lms.portal.conftest import AUTHOR, DOCUMENT, DRAFT, IMAGE, VIDEO, Foreign

pytestmark = pytest.mark.django_db
SECRETS = (DRAFT, IMAGE, DOCUMENT, VIDEO, AUTHOR)
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
SIGNS_OUT = {"manage/logout/"}


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
    assert not open_to_attacker & {
        "videos:detail", "videos:one_upload", "video_chooser:chosen",
    }  # fmt: skip


def test_each_denied_write_of_the_walk_is_on_record(attacker, foreign):
    for name in ("edit", "delete", "unpublish", "lock"):
        assert attacker.post(f"/manage/pages/{foreign.page.pk}/{name}/").status_code == 404

    paths = JournalEntry.objects.filter(action="access.page_refused").order_by("pk")
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
