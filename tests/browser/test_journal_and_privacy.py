"""A number is looked at for a reason; its owner and the auditor both read who, when and why."""

from playwright.sync_api import Page, expect

from lms.journal.models import JournalEntry
from lms.people.models import CorrectionRequest, Person
from lms.people.roles import Role
from tests import world
from tests.browser.conftest import Site
from tests.browser.test_accessibility import violations

NUMBER, REASON = "332524198806160021", "核对本人提出的更正"


def sign_in(page: Page, address: str, person: Person) -> None:
    Site(address, person, person, None).sign_in(page.context, person)  # type: ignore[arg-type]


def test_a_look_at_an_id_number_is_seen_by_its_owner_and_by_the_auditor(page: Page, live_site: str):
    owner = world.learner(name="吴晓芸")
    owner.id_number = NUMBER
    owner.save()
    admin, auditor = world.holder(Role.UNIT_ADMIN), world.holder(Role.AUDIT_ADMIN)

    sign_in(page, live_site, owner)
    page.goto("/me/data/")
    page.get_by_label("哪一项不对").select_option("contact")
    page.get_by_label("现在哪里不对").fill("手机号停用了")
    page.get_by_label("应该是什么").fill("13900000009")
    page.get_by_role("button", name="申请更正").click()
    expect(page.locator("#correct").get_by_text("待处理")).to_be_visible()
    found = violations(page, "my data")

    sign_in(page, live_site, admin)
    page.goto("/people/corrections/")
    found += violations(page, "corrections")
    page.get_by_text("看全号").click()
    page.get_by_label("为什么要看").fill(REASON)
    page.get_by_role("button", name="看身份证号").click()
    expect(page.get_by_text(NUMBER)).to_be_visible()
    found += violations(page, "revealed")
    page.goto("/people/corrections/")
    expect(page.get_by_text(NUMBER)).to_have_count(0)
    page.get_by_label("答复本人的话").fill("已按新号更新")
    page.get_by_role("button", name="答复本人").click()
    expect(page.get_by_role("heading", name="更正申请都答复了")).to_be_visible()

    sign_in(page, live_site, owner)
    page.goto("/me/data/")
    expect(page.get_by_text(REASON).first).to_be_visible()
    expect(page.locator("#correct").get_by_text("已按新号更新")).to_be_visible()

    sign_in(page, live_site, auditor)
    page.goto("/journal/?action=people.id_number_revealed")
    found += violations(page, "journal")
    page.get_by_role("link", name="查看了「吴晓芸").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("的身份证号")
    expect(page.get_by_text(REASON)).to_be_visible()
    found += violations(page, "journal row")

    assert found == [], "\n".join(found)
    assert CorrectionRequest.objects.get().answered_by == admin
    assert JournalEntry.objects.filter(address="127.0.0.1").exists()
