import json
from decimal import Decimal

import pytest
from django.test import Client

from courses.learning.services import enrol, settle_viewing
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def learner(client):
    """A signed-in learner who finished one video unit and left a gap in another package's."""
    world.policy()
    person = world.learner()
    done, short = world.package(), world.package("从一张表到一件事：基层报表减负做法")
    for page, watched in ((done, [(0, 600)]), (short, [(0, 200), (300, 600)])):
        unit = page.units.get(kind="video")
        enrol(person=person, unit=unit, posting=person.postings.get(), at=world.NOON)
        settle_viewing(viewing=world.viewing(person, unit.video, watched), at=world.NOON)
    world.entry(person, hours="37.5")
    client.force_login(person)
    return person


def test_a_visitor_sees_what_this_is(client):
    world.policy()
    world.package()

    answer = client.get("/")

    assert answer.status_code == 200
    assert "一张网格管到底" in answer.content.decode()


def test_home_says_what_is_left_and_what_to_do(client, learner):
    answer = client.get("/")

    page = answer.content.decode()
    assert answer.context["online"]["earned"] == Decimal("0.25")
    assert answer.context["in_person"]["earned"] == Decimal("37.5")
    assert "3:20–5:00" in page
    assert answer["Cache-Control"] == "private, no-store"


def test_catalogue_counts_and_finds_by_words_inside_readings(client, learner):
    everything = client.get("/courses/")
    found = client.get("/courses/?q=报表减负")
    nothing = client.get("/courses/?q=量子力学")

    assert everything.context["found"] == 2
    assert [card["title"] for card in found.context["cards"]] == [
        "从一张表到一件事：基层报表减负做法"
    ]
    assert nothing.context["found"] == 0
    assert "没有找到「量子力学」" in nothing.content.decode()


def test_course_page_shows_the_gap(client, learner):
    card = client.get("/courses/?q=报表减负").context["cards"][0]

    answer = client.get(card["url"])

    assert answer.context["progress"]["next"]["missing"] == [200, 300]
    assert "补看 3:20–5:00" in answer.content.decode()


def test_study_page_carries_the_players_configuration(client, learner):
    page = world.package("第三个包")
    unit = page.units.get(kind="video")

    answer = client.get(f"/learn/{unit.key}/")

    text = answer.content.decode()
    config = json.loads(text.split('id="player-config"')[1].split(">", 1)[1].split("</script>")[0])
    assert config["beat_url"] == "/beats"
    assert config["duration_seconds"] == 600
    assert config["manifest_url"].endswith(".m3u8")
    assert config["max_rate"] == 2.0


def test_record_page_explains_every_line(client, learner):
    answer = client.get("/record/")

    page = answer.content.decode()
    assert "为什么是 0.25 学时" in page
    assert "为什么这一笔没有记学时" in page
    assert "松阳县干部教育培训学时认定细则（2026 年第 1 版）" in page


def test_record_counts_are_the_same_on_page_api_and_home(client, learner):
    page = client.get("/record/").context
    api = client.get("/api/v1/me/record").json()
    home = client.get("/").context

    for bucket in ("online", "in_person"):
        assert page[bucket]["earned"] == home[bucket]["earned"]
        assert page[bucket]["earned"] == Decimal(api["totals"][bucket]["earned"])
    assert [line["state"] for line in api["entries"]].count("short") == 1


def test_record_exports_a_spreadsheet(client, learner):
    answer = client.get("/record/export.xlsx")

    assert b"".join(answer.streaming_content)[:2] == b"PK"


def test_another_persons_entry_is_not_there(client, learner):
    other = world.learner("叶舒婷")
    for _ in range(9):
        entry = world.entry(other, title="别人的培训班")

    answer = client.get(f"/record/entries/{entry.sequence}/why.json")

    assert answer.status_code == 404
    assert "别人的培训班" not in client.get("/record/").content.decode()


def test_an_entrys_why_can_be_kept(client, learner):
    answer = client.get("/record/entries/1/why.json")

    assert json.loads(answer.content)["hours"] == "0.25"


@pytest.mark.parametrize("address", ["/record/", "/api/v1/me/record", "/archive/"])
def test_visitors_do_not_get_in(client, address):
    assert client.get(address).status_code in {302, 401}


def test_unreadable_input_is_refused_not_broken(client):
    digits = "9" * 5000
    addresses = "/courses/?q=%00", "/courses/%00/", "/?next=%ff%fe", f"/documents/{digits}/x"
    for address in addresses:
        assert client.get(address).status_code == 400


def test_a_nul_written_in_octal_in_a_cookie_is_refused(client):
    answer = client.get("/courses/", headers={"cookie": 'sessionid="\\000abcdefghijkl"'})

    assert answer.status_code == 400


@pytest.mark.parametrize("year", ["9" * 5000, "1999", "02026", "٢٠٢٦", "NaN", "-1"])
def test_a_year_that_is_none_has_no_record(client, learner, year):
    for address in ("/record/", "/record/export.xlsx"):
        assert client.get(address, {"year": year}).status_code == 404


def test_one_visitors_notice_and_query_are_not_kept_for_the_next(client, learner):
    world.package()
    client.post("/accounts/logout/")
    told = client.get("/").content
    Client().get("/?from=elsewhere")

    kept = Client().get("/").content

    assert b'role="status"' in told
    assert b'role="status"' not in kept
    assert b"elsewhere" not in kept


@pytest.mark.parametrize("address", ["/", "/courses/", "/record/"])
def test_query_count_does_not_grow_with_the_data(
    client, learner, django_assert_max_num_queries, address
):
    client.get(address)
    counts = []
    for _ in range(2):
        with django_assert_max_num_queries(40) as few:
            client.get(address)
        counts.append(len(few))
        for number in range(3):
            page = world.package(f"更多 {address} {number}")
            unit = page.units.get(kind="video")
            enrol(person=learner, unit=unit, posting=learner.postings.get(), at=world.NOON)
            settle_viewing(
                viewing=world.viewing(learner, unit.video, [(0, 100), (200, 600)]), at=world.NOON
            )
            world.entry(learner)
        client.get(address)

    assert counts[1] <= counts[0]


def test_sign_in_is_the_same_for_known_and_unknown_accounts():
    known = world.learner(password=world.PASSWORD)
    messages = set()
    for number in (known.staff_number, "NOBODY"):
        answer = Client().post("/accounts/login/", {"login": number, "password": "wrong-password"})
        assert answer.status_code == 200
        messages.add(str(answer.context["form"].errors))
    assert len(messages) == 1
