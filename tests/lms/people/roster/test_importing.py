"""What a roster does to people and postings, and what it never does."""

from datetime import date, timedelta

import pytest

from lms.common.clock import database_now, local_date
from lms.journal.models import JournalEntry
from lms.people.models import Person, Posting, RosterImport
from lms.people.roles import Role
from lms.people.roster.errors import RosterRefused
from lms.people.roster.importing import import_roster
from lms.people.services import add_person, grant_role, start_posting
from lms.people.uniting import merge_persons
from tests import world

DAY = timedelta(days=1)
TOWN, NEXT_TOWN, ELSEWHERE = "331124107", "331124102", "331122"
ZHANG = ["张三", "000123", TOWN, "乡科级", "13857800001", "11010519491231002X", "zs@lishui.gov.cn"]
LI = ["李四", "0002", NEXT_TOWN, "", "", "", ""]
STAFF = Posting.PostLevel.STAFF

pytestmark = pytest.mark.django_db


def done(path, *, by=None, is_dry_run=False) -> dict:
    return import_roster(path=path, by=by, at=database_now(), is_dry_run=is_dry_run).as_json()


def counts(path, *, by=None) -> tuple:
    told = done(path, by=by)
    return told["created"], told["updated"], told["unchanged"], len(told["rejected"])


def problems(path, *, by=None) -> list[tuple]:
    return [(p["row"], p["column"], p["code"]) for p in done(path, by=by)["rejected"]]


def refused(path, *, by=None) -> RosterRefused:
    with pytest.raises(RosterRefused) as refusal:
        done(path, by=by)
    return refusal.value


def everything() -> list:
    return [
        list(model.objects.order_by("pk").values()) for model in (Person, Posting, RosterImport)
    ]


def served(number: str, unit, since: date, **facts) -> Person:
    person = add_person(staff_number=number, name=facts.pop("name", "张三"))
    facts = {"title": "", "post_level": STAFF} | facts
    start_posting(person=person, unit=unit, from_date=since, **facts)
    return person


def test_new_people_come_with_a_posting_initials_and_no_password(places, text_file):
    assert counts(text_file([ZHANG, LI])) == (2, 0, 0, 0)

    zhang = Person.objects.get(staff_number="000123")
    posting = zhang.postings.get()
    assert (zhang.name, zhang.pinyin_initials, zhang.phone) == ("张三", "zs", "13857800001")
    assert not zhang.has_usable_password()
    assert zhang.is_active
    assert not zhang.is_superuser
    assert (posting.unit, posting.post_level, posting.to_date) == (
        places.town, "township_level", None,
    )  # fmt: skip
    assert posting.from_date == local_date(database_now())
    assert Person.objects.get(staff_number="0002").postings.get().post_level == STAFF


def test_passwords_nobody_can_enter_differ(places, text_file):
    done(text_file([ZHANG, LI]))

    passwords = set(Person.objects.values_list("password", flat=True))
    assert len(passwords) == 2
    assert all(p.startswith("!") and len(p) == 41 for p in passwords)


@pytest.mark.parametrize("kind", ["text_file", "workbook"])
def test_the_same_file_twice_changes_nothing(places, request, kind):
    path = request.getfixturevalue(kind)([ZHANG, LI])
    done(path)
    before = everything()

    assert counts(path) == (0, 0, 2, 0)
    assert everything()[:2] == before[:2]


def test_a_dry_run_tells_the_same_and_writes_nothing(places, text_file):
    before = everything()

    told = done(text_file([ZHANG, ["", "0003", TOWN]]), is_dry_run=True)

    assert (told["created"], [p["code"] for p in told["rejected"]]) == (1, ["empty"])
    assert everything() == before
    assert not JournalEntry.objects.exists()


def test_a_transfer_ends_the_posting_before_and_leaves_past_ones_alone(places, text_file):
    person = served("0002", places.elsewhere, date(2015, 1, 1), name="李四")
    start_posting(
        person=person, unit=places.town, title="", post_level=STAFF, from_date=date(2020, 1, 1)
    )
    entry = world.entry(person, posting=person.postings.get(unit=places.town))

    assert counts(text_file([LI])) == (0, 1, 0, 0)

    today = local_date(database_now())
    told = list(
        person.postings.order_by("from_date").values_list("unit__code", "from_date", "to_date")
    )
    assert told == [
        (ELSEWHERE, date(2015, 1, 1), date(2019, 12, 31)),
        (TOWN, date(2020, 1, 1), today - timedelta(days=1)),
        (NEXT_TOWN, today, None),
    ]
    entry.refresh_from_db()
    assert entry.posting.unit == places.town


def test_the_date_of_a_transfer_may_be_given(places, text_file):
    person = served("0002", places.town, date(2020, 1, 1), name="李四")
    path = text_file(
        [["李四", "0002", NEXT_TOWN, "2024-03-01"]], ["姓名", "编号", "单位编码", "任职时间"]
    )

    done(path)

    assert person.postings.get(unit=places.town).to_date == date(2024, 2, 29)
    assert person.postings.get(unit=places.next_town).from_date == date(2024, 3, 1)


def test_a_date_that_would_rewrite_the_past_is_an_error(places, text_file):
    served("0002", places.town, date(2020, 1, 1), name="李四")
    headings = ["姓名", "编号", "单位编码", "任职时间"]

    assert problems(text_file([["李四", "0002", NEXT_TOWN, "2019-03-01"]], headings)) == [
        (2, "任职时间", "from_date_too_early")
    ]
    assert Posting.objects.get().unit == places.town


def test_a_level_that_changes_begins_a_posting_in_the_same_unit(places, text_file):
    person = served("000123", places.town, date(2020, 1, 1), title="主任", rank="一级科员")

    done(text_file([ZHANG]))

    now = person.postings.get(to_date=None)
    assert (now.post_level, now.title, now.rank) == ("township_level", "主任", "一级科员")


def test_a_title_that_was_empty_is_filled_in_and_a_new_one_begins_a_posting(places, text_file):
    person = served("0002", places.next_town, date(2020, 1, 1), name="李四")
    headings = ["姓名", "编号", "单位编码", "职务"]

    done(text_file([["李四", "0002", NEXT_TOWN, "干事"]], headings))
    assert person.postings.get().title == "干事"

    done(text_file([["李四", "0002", NEXT_TOWN, "主任"]], headings))
    assert list(person.postings.order_by("from_date").values_list("title", flat=True)) == [
        "干事", "主任",
    ]  # fmt: skip


def test_a_posting_of_today_that_nothing_refers_to_is_put_right(places, text_file):
    """The wrong unit in the morning, mended at noon: nothing happened under it."""
    done(text_file([LI]))

    assert counts(text_file([["李四", "0002", TOWN, "", "", "", ""]])) == (0, 1, 0, 0)

    assert Posting.objects.get().unit == places.town


def test_a_posting_of_today_with_an_hour_under_it_stays_and_the_next_begins_tomorrow(
    places, text_file
):
    done(text_file([LI]))
    person = Person.objects.get(staff_number="0002")
    world.entry(person)

    mended = text_file([["李四", "0002", TOWN, "", "", "", ""]])
    assert counts(mended) == (0, 1, 0, 0)

    today = local_date(database_now())
    assert list(person.postings.order_by("from_date").values_list("unit__code", "to_date")) == [
        (NEXT_TOWN, today), (TOWN, None),
    ]  # fmt: skip
    assert counts(mended) == (0, 0, 1, 0)


def test_whoever_left_and_comes_back_begins_anew(places, text_file):
    person = served("0002", places.next_town, date(2020, 1, 1), name="李四")
    person.postings.update(to_date=date(2022, 6, 30))

    done(text_file([LI]))

    assert person.postings.get(from_date=date(2020, 1, 1)).to_date == date(2022, 6, 30)
    assert person.postings.get(to_date=None).from_date == local_date(database_now())


def test_empty_cells_and_missing_columns_wipe_nothing_out(places, text_file):
    done(text_file([ZHANG]))

    done(text_file([["张三", "000123", TOWN, "", "", "", ""]]))
    done(text_file([["张三", "000123", TOWN]], ["姓名", "编号", "单位编码"]))

    zhang = Person.objects.get()
    assert (zhang.phone, zhang.id_number, zhang.email) == tuple(ZHANG[4:])
    assert zhang.postings.get().post_level == "township_level"


def test_a_new_name_comes_with_new_initials(places, text_file):
    done(text_file([LI]))

    assert counts(text_file([["李诗韵", *LI[1:]]])) == (0, 1, 0, 0)
    assert Person.objects.get().pinyin_initials == "lsy"


def test_nobody_is_deleted_or_switched_by_being_absent(places, text_file):
    done(text_file([ZHANG, LI]))

    assert counts(text_file([ZHANG])) == (0, 0, 1, 0)
    assert Person.objects.filter(is_active=True).count() == 2


def test_each_bad_row_is_told_with_row_column_code_and_sentence_and_good_ones_are_written(
    places, text_file
):
    rows = [
        ZHANG,
        ["", "0003", TOWN, "", "", "", ""],
        ["王五", "", TOWN, "", "", "", ""],
        ["赵六", "0005", "999999", "", "", "", ""],
        ["钱七", "0006", TOWN, "厅局级", "", "", ""],
        ["孙八", "0007", TOWN, "", "123", "", ""],
        ["周九", "0008", TOWN, "", "", "110105194912310021", ""],
        ["吴十", "0009", TOWN, "", "", "", "wu@"],
        ["郑一", "000123", TOWN, "", "", "", ""],
        ["冯二" * 40, "0011", TOWN, "", "", "", ""],
        LI,
    ]

    told = done(text_file(rows))

    assert (told["created"], told["updated"], told["unchanged"]) == (1, 0, 0)
    assert [(p["row"], p["column"], p["code"]) for p in told["rejected"]] == [
        (2, "人员编号", "duplicate_staff_number"),
        (3, "姓名", "empty"),
        (4, "人员编号", "empty"),
        (5, "单位编码", "unit_unknown"),
        (6, "职务层次", "post_level_unknown"),
        (7, "手机号", "bad_phone"),
        (8, "身份证号", "bad_id_checksum"),
        (9, "邮箱", "bad_email"),
        (10, "人员编号", "duplicate_staff_number"),
        (11, "姓名", "too_long"),
    ]
    assert told["rejected"][0]["message"].startswith("人员编号 000123 和第 10 行重复。")
    assert all(p["message"].endswith("。") for p in told["rejected"])


def test_the_same_line_pasted_twice_counts_once(places, text_file):
    assert problems(text_file([ZHANG, LI, ZHANG])) == [(4, "人员编号", "duplicate_staff_number")]
    assert Person.objects.count() == 2


@pytest.mark.parametrize(("column", "code"), [(4, "phone"), (5, "id_number"), (6, "email")])
def test_a_phone_mail_or_id_number_belongs_to_one_person(places, text_file, column, code):
    second = [*LI]
    second[column] = ZHANG[column].upper()

    assert [p[2] for p in problems(text_file([ZHANG, second]))] == [f"duplicate_{code}"]
    assert [p[2] for p in problems(text_file([second]))] == [f"{code}_taken"]


def test_a_phone_may_change_hands_inside_one_file(places, text_file):
    done(text_file([ZHANG, LI]))
    before, after = [*ZHANG], [*LI]
    before[4], after[4] = "13857800009", ZHANG[4]

    assert counts(text_file([before, after])) == (0, 2, 0, 0)


def test_a_number_cell_that_lost_the_zeros_of_somebody_known_is_an_error(places, workbook):
    served("000123", places.town, date(2020, 1, 1))

    assert problems(workbook([["张三", 123, TOWN]], ["姓名", "编号", "单位编码"])) == [
        (2, "人员编号", "zeros_lost")
    ]
    assert counts(workbook([["王五", 456, TOWN]], ["姓名", "编号", "单位编码"])) == (1, 0, 0, 0)
    assert Person.objects.filter(staff_number="456").exists()


@pytest.mark.parametrize(
    ("heading", "cell", "code"),
    [
        ("角色", "系统管理员", "role_asked"),
        ("权限", "导入", "role_asked"),
        ("是否删除", "是", "delete_asked"),
        ("操作", "删除", "delete_asked"),
        ("初始密码", "123456", "account_asked"),
        ("备注", "删除", "delete_asked"),
    ],
)
def test_a_row_that_asks_for_a_role_a_delete_or_an_account_refuses_the_whole_file(
    places, text_file, heading, cell, code
):
    before = everything()
    path = text_file(
        [ZHANG, LI], [*("姓名", "人员编号", "单位编码", "职务层次", "手机号"), heading, "邮箱"]
    )
    rows = path.read_text().replace(ZHANG[5], "").splitlines()
    path.write_text("\n".join([rows[0], rows[1], rows[2].replace(",,,,", f",,,{cell},")]))

    refusal = refused(path)

    assert refusal.code == code
    assert [(p["row"], p["column"], p["code"]) for p in refusal.rejected] == [(3, heading, code)]
    assert heading in refusal.sentence
    assert everything() == before
    entry = JournalEntry.objects.get()
    assert (entry.action, entry.outcome, entry.code) == ("people.roster_imported", "refused", code)


def test_an_empty_column_no_roster_has_asks_for_nothing(places, text_file):
    path = text_file([["张三", "000123", TOWN, ""]], ["姓名", "编号", "单位编码", "角色"])

    assert counts(path) == (1, 0, 0, 0)


def test_required_columns_that_are_missing_are_named(places, text_file):
    refusal = refused(text_file([["张三", "1"]], ["姓名", "电话"]))

    assert refusal.code == "columns_missing"
    assert "人员编号、单位编码" in refusal.sentence


def test_a_heading_alone_is_no_roster(places, text_file):
    assert refused(text_file([])).code == "no_rows"


def test_a_row_of_a_foreign_unit_is_named_and_nothing_of_the_file_is_written(places, text_file):
    admin = world.holder(Role.UNIT_ADMIN, unit=places.town)
    before = everything()

    refusal = refused(text_file([ZHANG, LI]), by=admin)

    assert refusal.code == "rows_foreign"
    assert [(p["row"], p["code"]) for p in refusal.rejected] == [(3, "unit_elsewhere")]
    assert everything() == before
    assert JournalEntry.objects.get(action__startswith="people.roster").outcome == "refused"


def test_a_person_of_a_foreign_unit_is_neither_changed_nor_pulled_in(places, text_file):
    admin = world.holder(Role.UNIT_ADMIN, unit=places.town)
    served("000123", places.elsewhere, date(2020, 1, 1), name="欧阳外县")
    before = everything()

    refusal = refused(text_file([ZHANG]), by=admin)

    assert [(p["row"], p["code"]) for p in refusal.rejected] == [(2, "person_elsewhere")]
    assert "欧阳" not in str(refusal.rejected)
    assert everything() == before


def test_a_person_without_any_posting_belongs_to_no_unit_administrator(places, text_file):
    admin = world.holder(Role.UNIT_ADMIN, unit=places.town)
    add_person(staff_number="000123", name="张三")

    assert refused(text_file([ZHANG]), by=admin).rejected[0]["code"] == "person_elsewhere"
    assert counts(text_file([ZHANG])) == (0, 1, 0, 0)


def test_a_county_administrator_moves_people_between_its_towns(places, text_file):
    admin = world.holder(Role.UNIT_ADMIN, unit=places.county)
    served("0002", places.town, date(2020, 1, 1), name="李四")

    assert counts(text_file([LI]), by=admin) == (0, 1, 0, 0)


def test_whoever_may_not_import_any_more_touches_nobody(places, text_file):
    nobody = world.learner()

    assert refused(text_file([ZHANG]), by=nobody).code == "rows_foreign"


def test_an_import_takes_no_administrators_account_over(places, text_file):
    """Who sets the mail address of a holder of a role could reset the password."""
    admin = world.holder(Role.UNIT_ADMIN, unit=places.county)
    holder = world.holder(Role.SECURITY_ADMIN, unit=places.county)
    row = [holder.name, holder.staff_number, TOWN, "乡科级", "", "", "mine@lishui.gov.cn"]

    assert problems(text_file([row]), by=admin)[0][2] == "contact_protected"
    holder.refresh_from_db()
    assert holder.email == ""
    assert counts(text_file([[*row[:4], "", "", ""]]), by=admin)[3] == 0


def test_who_will_hold_a_role_is_protected_before_it_begins_and_not_once_it_is_revoked(
    places, text_file
):
    """The mail address set today would reset tomorrow's administrator's password."""
    admin, today = world.holder(Role.UNIT_ADMIN, unit=places.county), local_date(database_now())
    person = world.learner()
    grant = grant_role(
        person=person, role=Role.PUBLISHER, unit=places.county, from_date=today + DAY,
        by=None, at=database_now(),
    )  # fmt: skip
    row = [person.name, person.staff_number, TOWN, "乡科级", "", "", "mine@lishui.gov.cn"]

    assert problems(text_file([row]), by=admin)[0][2] == "contact_protected"
    grant.revoked_on = today
    grant.revoked_by = admin
    grant.save()
    assert counts(text_file([row]), by=admin) == (0, 1, 0, 0)


def test_a_merged_account_is_not_written_to_and_its_phone_is_free_for_its_person(places, text_file):
    kept, merged = (
        served("0001", places.town, date(2020, 1, 1)),
        served("000123", places.town, date(2020, 1, 1)),
    )
    merged.phone = ZHANG[4]
    merged.save()
    row = [kept.name, kept.staff_number, *ZHANG[2:]]
    assert problems(text_file([row])) == [(2, "手机号", "phone_taken")]
    merge_persons(
        kept=kept, merged=merged, reason="重复建档", by=world.holder(Role.SYSTEM_ADMIN),
        at=database_now(),
    )  # fmt: skip

    assert problems(text_file([ZHANG])) == [(2, "人员编号", "person_merged")]
    assert counts(text_file([row])) == (0, 1, 0, 0)
    kept.refresh_from_db()
    assert kept.phone == ZHANG[4]


def test_a_staff_number_is_one_part_of_an_address(places, text_file):
    """With a stroke in it no page of the person has an address, nor the list that links to it."""
    assert problems(text_file([["张三", "12/3", TOWN]])) == [(2, "人员编号", "bad_code")]


def test_one_journal_row_an_import_with_counts_and_digest_and_no_names(places, text_file):
    done(text_file([ZHANG, LI, ["", "3", TOWN]]))

    entry = JournalEntry.objects.get()
    roster = RosterImport.objects.get()
    assert (entry.action, entry.outcome) == ("people.roster_imported", "done")
    assert entry.object_id == str(roster.pk)
    assert (entry.detail["created"], entry.detail["rejected"]) == (2, 1)
    assert entry.detail["digest"] == roster.file_digest
    assert "张三" not in str(entry.detail)


def test_what_the_database_cannot_hold_is_a_row_error(places, text_file):
    rows = [
        ["张\x00三", "1", TOWN, "", "", "", ""],
        ["李\u202e四", "2", TOWN, "", "", "", ""],
        ["a" + "\u0301" * 1_000_000, "3", TOWN, "", "", "", ""],
        ["王五", "4\x00", TOWN, "", "", "", ""],
    ]

    assert [p[2] for p in problems(text_file(rows))] == [
        "character_refused", "character_refused", "too_long", "character_refused",
    ]  # fmt: skip


def test_half_characters_are_a_row_error(places, text_file):
    path = text_file([["张三丰", str(n), TOWN] for n in range(20)], ["姓名", "编号", "单位编码"])
    path.write_bytes(path.read_bytes() + b"\xed\xa0\x80,99,331124107\r\n")

    assert problems(path) == [(22, "姓名", "character_refused")]


def test_a_failure_in_the_middle_of_writing_leaves_nothing(places, text_file, monkeypatch):
    before = everything()
    monkeypatch.setattr(
        "lms.people.roster.writing.NEW_POSTINGS", "INSERT INTO nowhere {columns}{values}"
    )

    with pytest.raises(Exception, match="nowhere"):
        done(text_file([ZHANG, LI]))

    assert everything() == before
