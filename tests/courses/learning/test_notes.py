"""Notes at a second of a lecture: written once, seen by their writer alone, changed, deleted, put back."""

from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse

from courses.learning import notes
from courses.learning.models import LectureNote
from lms.common.clock import database_now
from lms.people.uniting import merge_persons, undo_merge
from tests import world

pytestmark = pytest.mark.django_db
JSON = {"Accept": "application/json"}


@pytest.fixture
def unit():
    return world.package().units.get(kind="video")


@pytest.fixture
def writer():
    return world.learner()


@pytest.fixture
def client(writer) -> Client:
    client = Client()
    client.force_login(writer)
    return client


def write(
    person, unit, text="网格员先到场", *, at_seconds: int | None = 12, key: UUID | None = None
):
    return notes.write_note(
        person=person, unit=unit, key=key or uuid4(), at_seconds=at_seconds, text=text,
        at=database_now(),
    )  # fmt: skip


def sent(client: Client, unit, **fields: str):
    body = {"text": "先报再办", "client_key": str(uuid4()), "at_seconds": "12"} | fields
    return client.post(reverse("notes", args=[unit.key]), body, headers=JSON)


def test_a_note_sent_twice_is_written_once(client, unit):
    key = str(uuid4())

    first, second = (sent(client, unit, client_key=key) for _ in range(2))

    assert first.json()["message"] == second.json()["message"] == "记下了。"
    assert first.json()["list"].count("<li") == second.json()["list"].count("<li") == 1


def test_one_key_for_other_words_is_refused_and_the_first_stay(client, unit):
    key = str(uuid4())
    sent(client, unit, client_key=key)

    refused = sent(client, unit, client_key=key, text="别的话")

    assert refused.status_code == 409
    assert refused.json() == {
        "code": "note_key_used",
        "message": "这次提交和前一次不一样。请刷新页面，再记一次。",
    }
    assert LectureNote.objects.get().text == "先报再办"


@pytest.mark.parametrize(
    ("text", "code", "message"),
    [
        (" \n ", "note_empty", "还没有写内容，写好再记。"),
        ("看\u202e反", "note_unreadable", "里面有看不见的控制字符，请删掉或重新输入。"),
        ("长" * 2001, "note_long", "一条笔记最多 2000 字，请分成两条记。"),
    ],
)
def test_what_is_no_note_is_refused_new_or_changed(client, writer, unit, text, code, message):
    kept = write(writer, unit)
    told = {"code": code, "message": message}

    new = sent(client, unit, text=text)
    changed = client.post(
        reverse("note", args=[kept.key]), {"act": "change", "text": text}, headers=JSON
    )

    assert (new.status_code, changed.status_code) == (422, 422)
    assert new.json() == changed.json() == told
    assert LectureNote.objects.get().text == "网格员先到场"


def test_the_longest_note_is_written_with_its_lines(client, unit):
    text = "一行\r\n" + "长" * 1997

    assert sent(client, unit, text=text).status_code == 200
    assert LectureNote.objects.get().text == text.replace("\r\n", "\n")


def test_a_full_lecture_takes_no_more_until_one_is_deleted(client, writer, unit, monkeypatch):
    monkeypatch.setattr(notes, "MOST", 2)
    kept = [write(writer, unit) for _ in range(2)]

    refused = sent(client, unit)

    assert refused.status_code == 409
    assert refused.json() == {
        "code": "notes_full",
        "message": "一讲最多记 500 条，你已经记满了。删掉几条再记。",
    }
    notes.delete_note(person=writer, key=kept[0].key)
    assert sent(client, unit).status_code == 200


def test_a_note_without_a_second_stands_where_the_person_last_watched(client, writer, unit):
    world.viewing(writer, unit.video, [(0, 240)])

    sent(client, unit, at_seconds="")

    assert LectureNote.objects.get().at_seconds == writer.viewings.get().position_seconds == 240


@pytest.mark.parametrize("second", ["-1", "１２", "1e9", "x"])
def test_a_second_that_is_none_counts_as_not_given(client, unit, second):
    assert sent(client, unit, at_seconds=second).status_code == 200
    assert LectureNote.objects.get().at_seconds == 0


def test_a_second_beyond_every_lecture_is_written_at_the_latest_there_is(client, unit):
    assert sent(client, unit, at_seconds="9" * 30).status_code == 200
    assert LectureNote.objects.get().at_seconds == notes.LATEST_SECOND


def test_notes_stand_by_second_then_as_written(writer, unit):
    for text, second in (("三", 90), ("一", 5), ("二", 5)):
        write(writer, unit, text, at_seconds=second)

    assert [n.text for n in notes.notes_of(person=writer, unit_key=unit.key)] == ["一", "二", "三"]


def test_nobody_else_sees_changes_or_deletes_a_note(client, unit):
    theirs = write(world.learner(), unit, "别人的话")

    study = client.get(reverse("study", args=[unit.key])).content.decode()
    everything = client.get(reverse("all-notes")).content.decode()
    file = client.get(reverse("notes-file")).content.decode()
    acts = [
        client.post(reverse("note", args=[theirs.key]), {"act": act, "text": "改"}).status_code
        for act in ("change", "delete")
    ]

    assert "别人的话" not in study + everything + file
    assert acts == [404, 404]
    assert LectureNote.objects.get().text == "别人的话"


def test_a_key_another_person_uses_too_makes_two_notes(writer, unit):
    key, other = uuid4(), world.learner()

    write(writer, unit, "我的", key=key)
    write(other, unit, "你的", key=key)

    assert [n.text for n in notes.notes_of(person=other, unit_key=unit.key)] == ["你的"]


def test_no_note_is_written_to_a_lecture_that_is_not_open(client, unit):
    unit.package.unpublish()

    assert sent(client, unit).status_code == 404
    assert not LectureNote.objects.exists()


def test_a_changed_note_keeps_its_second(client, writer, unit):
    note = write(writer, unit, at_seconds=7)

    said = client.post(
        reverse("note", args=[note.key]), {"act": "change", "text": "改过"}, headers=JSON
    ).json()

    assert said["message"] == "改好了。"
    assert "改过" in said["list"]
    changed = LectureNote.objects.get()
    assert (changed.text, changed.at_seconds) == ("改过", 7)
    assert changed.changed_at > changed.written_at


def test_a_deleted_note_can_be_put_back_with_the_form_that_says_so(client, writer, unit):
    note = write(writer, unit, "两行\n一条", at_seconds=65)
    address = reverse("note", args=[note.key])

    said = client.post(address, {"act": "delete"}, headers=JSON).json()

    assert said["message"] == "删掉了。"
    assert "1:05 的笔记删掉了。" in said["list"]
    assert not LectureNote.objects.exists()
    sent(client, unit, text="两行\r\n一条", at_seconds="65")  # what that form holds
    back = LectureNote.objects.get()
    assert (back.text, back.at_seconds) == ("两行\n一条", 65)


def test_deleting_or_changing_what_is_gone_is_no_error(client, writer, unit):
    address = reverse("note", args=[write(writer, unit).key])
    client.post(address, {"act": "delete"})

    for act in ("delete", "change"):
        said = client.post(address, {"act": act, "text": "改"}, headers=JSON)
        assert (said.status_code, said.json()) == (200, {"message": "这条笔记已经删除。"})
    assert not LectureNote.objects.exists()


def test_without_a_script_each_act_returns_to_the_notes_and_says_what_became_of_it(client, unit):
    fields = {"text": "先报再办", "client_key": str(uuid4()), "at_seconds": ""}
    written = client.post(reverse("notes", args=[unit.key]), fields, follow=True)
    empty = client.post(reverse("notes", args=[unit.key]), fields | {"text": ""}, follow=True)
    address = reverse("note", args=[LectureNote.objects.get().key])
    deleted = client.post(address, {"act": "delete", "from": "all"}, follow=True)

    assert written.redirect_chain[0][0] == f"/learn/{unit.key}/#notes"
    assert "记下了。" in written.content.decode()
    assert "还没有写内容，写好再记。" in empty.content.decode()
    assert deleted.redirect_chain[0][0] == "/learn/notes/"
    assert "还没有笔记" in deleted.content.decode()


def test_all_notes_are_found_by_their_words_the_lecture_noted_last_first(client, writer, unit):
    other = world.package("冬季防火").units.get(kind="video")
    write(writer, unit, "网格一张图")
    write(writer, other, "水枪要放水")

    page = client.get(reverse("all-notes")).content.decode()
    found = client.get(reverse("all-notes"), {"q": "水枪"}).content.decode()
    none = client.get(reverse("all-notes"), {"q": "<b>"}).content.decode()

    assert page.index("水枪要放水") < page.index("网格一张图")
    assert "水枪要放水" in found
    assert "网格一张图" not in found
    assert "笔记里没有「&lt;b&gt;」" in none


def test_ten_lectures_stand_on_a_page_with_a_constant_number_of_queries(
    client, writer, unit, django_assert_num_queries
):
    write(writer, unit)
    address = reverse("all-notes")
    client.get(address)
    with django_assert_num_queries(QUERIES):
        client.get(address)
    for number in range(11):
        of = world.package(f"课 {number}").units.get(kind="video")
        for second in range(3):
            write(writer, of, at_seconds=second)
    client.get(address)
    with django_assert_num_queries(QUERIES):
        first = client.get(address)
    second = client.get(address, {"page": "2"})

    assert (len(first.context["groups"]), len(second.context["groups"])) == (10, 2)


QUERIES = 4


def test_notes_of_a_withdrawn_lecture_stay_readable_without_a_way_to_it(client, writer, unit):
    write(writer, unit, "留得住")
    unit.package.unpublish()

    page = client.get(reverse("all-notes")).content.decode()

    assert "留得住" in page
    assert f"/learn/{unit.key}/" not in page


def test_notes_of_a_deleted_lecture_stay_readable(client, writer, unit):
    write(writer, unit, "留得住")
    unit.package.delete()

    page = client.get(reverse("all-notes")).content.decode()

    assert "留得住" in page
    assert "已经下架的一讲" in page


def test_the_file_holds_every_note_with_its_second(client, writer, unit):
    write(writer, unit, "两行\n一条", at_seconds=3725)

    answer = client.get(reverse("notes-file"))
    text = answer.content.decode("utf-8-sig")

    assert answer["Content-Disposition"] == 'attachment; filename="notes.txt"'
    assert text.startswith(f"我的笔记\r\n{writer.name} ")
    assert f"{unit.package.title} · {unit.title}\r\n1:02:05  两行\r\n一条\r\n" in text


def test_what_is_noted_is_never_markup(client, unit):
    said = sent(client, unit, text="<img src=x onerror=alert(1)>").json()["list"]

    assert "<img" not in said
    assert "&lt;img src=x onerror=alert(1)&gt;" in said


def test_a_merge_brings_the_notes_along_and_its_undoing_takes_them_back(writer, unit):
    kept, admin = world.learner(), world.holder("system_admin")
    write(writer, unit, "带过来")

    merge = merge_persons(kept=kept, merged=writer, reason="重复建档", by=admin, at=database_now())
    assert [n.text for n in notes.notes_of(person=kept, unit_key=unit.key)] == ["带过来"]
    undo_merge(merge=merge, by=admin, reason="不是同一人", at=database_now())

    assert [n.text for n in notes.notes_of(person=writer, unit_key=unit.key)] == ["带过来"]
    assert not notes.notes_of(person=kept, unit_key=unit.key)


def test_one_data_page_shows_a_person_their_notes(client, writer, unit):
    write(writer, unit, "查得到")

    assert "查得到" in client.get(reverse("my-data")).content.decode()
