"""The command as scripts call it: one JSON object, and an exit code."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from lms.people.models import Person
from lms.people.roles import Role
from tests import world

pytestmark = pytest.mark.django_db
GOOD = "姓名,人员编号,单位编码\n张三,000123,331124107\n李四,0002,331124107\n"


@pytest.fixture
def town():
    return world.town()


def called(path, *arguments: str) -> tuple[int, dict]:
    said = StringIO()
    try:
        call_command("import_roster", str(path), "--json", *arguments, stdout=said)
        code = 0
    except CommandError as error:
        code = error.returncode
    return code, json.loads(said.getvalue() or "{}")


def written(tmp_path, text: str, name: str = "roster.csv"):
    path = tmp_path / name
    path.write_bytes(text.encode("gb18030"))
    return path


def test_a_gb18030_file_is_imported_with_its_zeros(town, tmp_path):
    answer = called(written(tmp_path, GOOD))

    assert answer == (0, {"created": 2, "updated": 0, "unchanged": 0, "rejected": []})
    assert Person.objects.filter(staff_number="000123", name="张三").exists()


def test_the_same_file_again_is_unchanged(town, tmp_path):
    path = written(tmp_path, GOOD)
    called(path)

    assert called(path) == (0, {"created": 0, "updated": 0, "unchanged": 2, "rejected": []})


def test_a_dry_run_writes_nothing(town, tmp_path):
    assert called(written(tmp_path, GOOD), "--dry-run")[1]["created"] == 2
    assert not Person.objects.exists()


def test_rows_with_errors_are_listed_and_the_others_written(town, tmp_path):
    code, answer = called(written(tmp_path, GOOD + "王五,0003,999\n"))

    assert (code, answer["created"]) == (0, 2)
    assert answer["rejected"] == [
        {
            "row": 4,
            "column": "单位编码",
            "code": "unit_unknown",
            "message": "没有单位编码 999。请核对编码，或请系统管理员先建这个单位。",
        }
    ]


@pytest.mark.parametrize(
    ("text", "code", "rows"),
    [
        (
            "姓名,人员编号,单位编码,角色\n张三,1,331124107,\n李四,2,331124107,管理员\n",
            "role_asked",
            [3],
        ),
        ("姓名,人员编号,单位编码,是否删除\n张三,1,331124107,是\n", "delete_asked", [2]),
        ("姓名,电话\n张三,1\n", "columns_missing", []),
        ("", "empty_file", []),
    ],
)
def test_a_refused_file_exits_1_and_says_why_in_the_same_shape(town, tmp_path, text, code, rows):
    exit_code, answer = called(written(tmp_path, text))

    assert exit_code == 1
    assert (answer["code"], answer["created"]) == (code, 0)
    assert [problem["row"] for problem in answer["rejected"]] == rows
    assert not Person.objects.exists()


def test_who_imports_may_be_named_and_then_only_their_units_are_touched(town, tmp_path):
    other = world.add_unit(code="331122", name="缙云县", level="county", parent=None)
    admin = world.holder(Role.UNIT_ADMIN, unit=other)

    exit_code, answer = called(written(tmp_path, GOOD), "--by", admin.staff_number)

    assert (exit_code, answer["code"]) == (1, "rows_foreign")
    assert [p["code"] for p in answer["rejected"]] == ["unit_elsewhere"] * 2
    assert not Person.objects.filter(staff_number="0002").exists()


@pytest.mark.parametrize("arguments", [("/nowhere.csv",), (__file__, "--by", "nobody")])
def test_misuse_exits_2(town, arguments):
    assert called(*arguments) == (2, {})


def test_without_json_it_says_it_in_chinese(town, tmp_path):
    said = StringIO()

    call_command("import_roster", str(written(tmp_path, GOOD + ",3,331124107\n")), stdout=said)

    assert "已导入。" in said.getvalue()
    assert "新增 2 人，变动 0 人，不变 0 人，没有导入 1 行。" in said.getvalue()
    assert "第 4 行  姓名  姓名是空的。请填上再导入。" in said.getvalue()
