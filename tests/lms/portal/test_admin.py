"""The admin as staff meet it: their desk, the package editor, the preview; in Chinese, with no way out."""

import re

import pytest
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text

from courses.catalogue.models import CatalogueIndexPage, CoursePackagePage
from lms.people.services import add_unit
from media.models import Video
from tests import world

pytestmark = pytest.mark.django_db

OUTSIDE = re.compile(r"""(?:href|src|action)=["']((?:https?:)?//[^"']+)""")
ENGLISH = re.compile(r">\s*([A-Z][a-z]+(?: [a-z]+)+[.…]?)\s*<")


@pytest.fixture
def shelf():
    """A published package of the county, and the shelf it stands on."""
    world.policy()
    world.package()
    return CatalogueIndexPage.objects.get()


@pytest.fixture
def author(client, shelf):
    person = world.holder("course_author")
    client.force_login(person)
    return person


@pytest.fixture
def publisher(client, shelf):
    person = world.holder("publisher")
    client.force_login(person)
    return person


def neighbour():
    return add_unit(code="331125", name="云和县", level="county", parent=world.county().parent)


def draft(shelf, owner, title="走访怎么开口", **facts):
    page = CoursePackagePage(
        title=title, slug=f"draft-{owner.pk}-{len(title)}", summary="给驻村干部。", topic="people",
        lecturer_name="徐志强", owner=owner, live=False, has_unpublished_changes=True,
        **{"owner_unit": world.county()} | facts,
    )  # fmt: skip
    shelf.add_child(instance=page)
    page.save_revision(user=owner)
    return page


def posted(units=(), **changes):
    fields = {
        "title": "走访怎么开口：三句话",
        "slug": "",
        "summary": "给驻村干部。",
        "topic": "people",
        "lecturer_name": "徐志强",
        "owner_unit": world.county().pk,
        "units": inline_formset(list(units) or [reading()]),
        "comments": inline_formset([]),
    }
    return nested_form_data(fields | changes)


def reading(**changes):
    unit = {"kind": "reading", "title": "读一读", "video": "", "body": rich_text("<p>正文</p>")}
    return unit | changes


def add_address(shelf):
    return reverse("wagtailadmin_pages:add", args=["catalogue", "coursepackagepage", shelf.pk])


def desk(client):
    return client.get(reverse("wagtailadmin_home")).content.decode()


def test_desk_shows_ones_drafts_and_not_those_of_another_unit(client, shelf, author):
    draft(shelf, author)
    draft(shelf, author, title="云和的草稿", owner_unit=neighbour())

    page = desk(client)

    assert "1 个草稿没写完" in page
    assert "走访怎么开口" in page
    assert "云和的草稿" not in page
    assert "待发布" not in page


def test_desk_of_a_publisher_shows_what_colleagues_wrote(client, shelf, publisher):
    draft(shelf, world.holder("course_author"))

    page = desk(client)

    assert "1 个课程包等你发布" in page
    assert "看过再发布" in page


def test_desk_shows_progress_and_failures_of_own_units_videos(client, author):
    world.video(title="在转的", state=Video.State.TRANSCODING, progress=42)
    failed = world.video(
        title="没转成", state=Video.State.FAILED, failure_sentence="文件在第 3 分钟断了。"
    )
    world.video(title="云和的视频", state=Video.State.FAILED, owner_unit=neighbour())

    page = desk(client)

    assert "转码中 42%" in page
    assert "文件在第 3 分钟断了。" in page
    assert reverse("videos:retry", args=[failed.pk]) in page
    assert "云和的视频" not in page


def test_an_empty_desk_says_what_to_do(client, author):
    page = desk(client)

    assert "手头没有等着的事" in page
    assert "点「新建课程包」开始一个" in page


@pytest.mark.parametrize("where", ["desk", "listing", "adding", "editing"])
def test_no_page_leads_outside_or_speaks_english(client, shelf, author, where):
    page = CoursePackagePage.objects.get()
    address = {
        "desk": reverse("wagtailadmin_home"),
        "listing": reverse("wagtailadmin_explore", args=[shelf.pk]),
        "adding": add_address(shelf),
        "editing": reverse("wagtailadmin_pages:edit", args=[page.pk]),
    }[where]

    html = client.get(address).content.decode()
    outside = [link for link in OUTSIDE.findall(html) if "://localhost" not in link]

    assert outside == []
    assert ENGLISH.findall(html) == []
    assert "强基后台" in html
    assert "Wagtail" not in re.sub(r"data-[\w-]+=|<script.*?</script>", "", html, flags=re.DOTALL)


@pytest.mark.parametrize("address", ["/manage/", "/manage/account/", "/manage/pages/"])
def test_a_learner_meets_a_missing_page_and_not_a_ring_of_redirects(client, shelf, address):
    client.force_login(world.learner())

    answer = client.get(address)

    assert answer.status_code == 404
    assert "回首页" in answer.content.decode()


def test_a_visitor_of_the_admin_signs_in_first(client, shelf):
    assert client.get("/manage/").url == "/accounts/login/?next=/manage/"


def test_the_menu_holds_rooms_of_the_role_and_the_persons_name(client, author):
    html = desk(client)

    props = html.split('id="wagtail-sidebar-props"')[1].split("</script>")[0]
    menu = re.sub(r"\\u([0-9a-fA-F]{4})", lambda m: chr(int(m[1], 16)), props)
    assert [word in menu for word in ("课程", "视频", "回到网站")] == [True] * 3
    assert [name in menu for name in ('"help"', '"reports"', '"images"')] == [False] * 3
    assert f'"name": "{author.name}"' in menu


def test_a_chinese_title_becomes_an_address_in_pinyin(client, shelf, author):
    first = client.post(add_address(shelf), posted())
    second = client.post(add_address(shelf), posted(slug="走访怎么开口"))

    assert (first.status_code, second.status_code) == (302, 302)
    slugs = (
        CoursePackagePage.objects.filter(live=False).order_by("pk").values_list("slug", flat=True)
    )
    assert list(slugs) == ["zoufang-zenme-kaikou", "zoufang-zenme-kaikou-2"]


def test_a_published_page_keeps_its_address_when_its_title_changes(client, author):
    page = CoursePackagePage.objects.get()
    address = page.slug

    client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), posted(title="换个题目"))

    page.refresh_from_db()
    assert page.get_latest_revision_as_object().title == "换个题目"
    assert page.get_latest_revision_as_object().slug == address


def test_a_video_unit_without_a_video_says_what_to_do(client, shelf, author):
    unit = reading(kind="video")

    answer = client.post(add_address(shelf), posted([unit]))

    assert "视频单元还没有视频。点「选一个视频」" in answer.content.decode()
    assert not CoursePackagePage.objects.filter(live=False).exists()


def test_a_reading_with_a_video_says_which_of_the_two_to_change(client, shelf, author):
    answer = client.post(add_address(shelf), posted([reading(video=world.video().pk)]))

    assert "阅读单元不放视频" in answer.content.decode()


def test_another_units_name_cannot_be_given_to_a_package(client, shelf, author):
    answer = client.post(add_address(shelf), posted(owner_unit=neighbour().pk))

    assert answer.context["form"].errors.keys() == {"owner_unit"}
    assert not CoursePackagePage.objects.filter(live=False).exists()


def test_another_units_package_is_neither_listed_nor_opened(client, shelf, publisher):
    foreign = draft(shelf, world.learner(), title="云和的草稿", owner_unit=neighbour())

    listing = client.get(reverse("wagtailadmin_explore", args=[shelf.pk])).content.decode()
    answers = [
        client.get(reverse(f"wagtailadmin_pages:{view}", args=[foreign.pk])).status_code
        for view in ("edit", "delete", "history")
    ]

    assert "云和的草稿" not in listing
    assert 200 not in answers


def test_publishing_is_offered_to_publishers_only(client, shelf, author):
    seen_by_author = client.get(add_address(shelf)).content.decode()
    client.force_login(world.holder("publisher"))
    seen_by_publisher = client.get(add_address(shelf)).content.decode()

    assert "action-publish" not in seen_by_author
    assert "保存草稿" in seen_by_author
    assert seen_by_publisher.index("action-publish") < seen_by_publisher.index("保存草稿")


def test_publishing_says_that_learners_see_it_now(client, shelf, publisher):
    fields = posted() | {"action-publish": "action-publish"}

    answer = client.post(add_address(shelf), fields, follow=True)

    assert "「走访怎么开口：三句话」已发布，学员现在能看到。" in answer.content.decode()
    assert client.get("/courses/zoufang-zenme-kaikou/").status_code == 200


def test_the_preview_is_the_learners_page_with_a_banner(client, author):
    page = CoursePackagePage.objects.get()
    address = reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])

    sent = client.post(address, posted(title="还没存的题目"))
    shown = client.get(address)

    html = shown.content.decode()
    assert sent.json()["is_valid"] is True
    assert "这是预览，学员还看不到" in html
    assert "还没存的题目" in html
    assert shown["X-Frame-Options"] == "SAMEORIGIN"


def test_signing_out_of_the_admin_ends_the_session(client, author):
    answer = client.post(reverse("wagtailadmin_logout"))

    assert answer.headers["Location"] == "/"
    assert "_auth_user_id" not in client.session


def test_the_account_page_asks_for_no_name_and_no_password(client, author):
    html = client.get(reverse("wagtailadmin_account")).content.decode()

    assert "首选语言" in html
    assert "first_name" not in html
    assert "password" not in html


def test_a_package_is_found_by_a_word_in_the_middle_of_its_title(client, shelf, author):
    listing = reverse("wagtailadmin_explore", args=[shelf.pk])

    found = client.get(listing, {"q": "网格"}).content.decode()
    nothing = client.get(listing, {"q": "量子力学"}).content.decode()

    title = CoursePackagePage.objects.get().title
    assert title in found
    assert title not in nothing
