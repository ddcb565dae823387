"""Notes beside the lecture: written at the second it stands at, jumped to, changed, deleted, put back."""

import re

import pytest
from playwright.sync_api import Page, expect

from courses.learning.models import LectureNote
from media.models import ViewingSession
from tests.lms.frontend.test_player import BIG_BUTTON, SCREEN, until

NEW = "#note-text"


@pytest.fixture
def study(page: Page, lively_site):
    """Path of a lecture nobody has watched yet; the browser is signed in as the learner."""
    ViewingSession.objects.filter(person=lively_site.learner).update(watched=[], position_seconds=0)
    lively_site.sign_in(page.context, lively_site.learner)
    yield lively_site.learner_paths["study"]
    page.goto("about:blank")


def said(page: Page, words: str) -> None:
    expect(page.locator("[data-note-said]")).to_have_text(words)


def test_a_note_is_written_by_the_key_at_the_second_and_leads_back_to_it(page: Page, study):
    page.goto(study + "?t=4")
    page.locator(BIG_BUTTON).click()
    until(page, "v.currentTime >= 5")
    page.keyboard.press("n")
    expect(page.locator(NEW)).to_be_focused()
    expect(page.locator("[data-note-at]")).to_have_text(re.compile(r"^0:\d\d$"))
    at = int(page.locator("[data-note-new] [name=at_seconds]").input_value())
    assert 0 <= page.evaluate(f"{SCREEN}.currentTime") - at < 3
    expect(page.locator("[data-note-at]")).to_have_text(f"0:{at:02}")

    page.keyboard.type("网格员先到场")
    page.keyboard.press("Control+Enter")

    said(page, "记下了。")
    note = LectureNote.objects.get()
    assert (note.text, note.at_seconds) == ("网格员先到场", at)
    page.evaluate(f"{SCREEN}.pause(), void ({SCREEN}.currentTime = 1)")
    page.get_by_role("link", name=f"跳到 0:{at:02}").click()
    until(page, f"Math.floor(v.currentTime) === {at}")


def test_a_note_is_changed_deleted_and_put_back_without_leaving_the_lecture(page: Page, study):
    page.goto(study)
    page.locator(NEW).fill("先写下")
    page.get_by_role("button", name="记下").click()
    item = page.locator(".notes li")
    expect(item).to_have_count(1)

    item.get_by_text("改", exact=True).click()
    item.get_by_role("textbox").fill("改好的一句")
    item.get_by_role("button", name="保存").click()
    said(page, "改好了。")
    expect(item.locator("p")).to_have_text("改好的一句")

    item.get_by_text("改", exact=True).click()
    item.get_by_role("button", name="删除").click()
    said(page, "删掉了。")
    expect(item).to_have_count(0)
    page.get_by_role("button", name="放回去").click()
    expect(item.locator("p")).to_have_text("改好的一句")
    assert LectureNote.objects.get().text == "改好的一句"


@pytest.mark.expects_console_errors
def test_without_a_network_the_words_stay_and_are_written_once_afterwards(page: Page, study):
    page.goto(study)
    page.locator(NEW).fill("断网时写的")
    page.context.set_offline(True)
    page.get_by_role("button", name="记下").click()
    said(page, "没有网络，没存上。字还在，通了再按一次。")
    expect(page.locator(NEW)).to_have_value("断网时写的")

    page.context.set_offline(False)
    page.get_by_role("button", name="记下").click()

    said(page, "记下了。")
    assert [note.text for note in LectureNote.objects.all()] == ["断网时写的"]


def test_all_notes_are_searched_and_open_the_lecture_at_their_second(page: Page, study):
    page.goto(study)
    page.locator(NEW).fill("水枪要放水")
    page.get_by_role("button", name="记下").click()
    said(page, "记下了。")
    LectureNote.objects.update(at_seconds=6)
    page.locator("#notes").get_by_role("link", name="我的笔记").click()

    page.get_by_role("searchbox", name="搜索笔记").fill("放水")
    page.get_by_role("button", name="搜笔记").click()
    page.get_by_role("link", name="跳到 0:06").click()

    expect(page).to_have_url(re.compile(r"/learn/[0-9a-f-]+/\?t=6$"))
    until(page, "v.currentTime >= 6")
