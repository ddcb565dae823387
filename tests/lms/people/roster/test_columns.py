import pytest

from lms.people.roster.columns import LABELS, field_of, find_heading, forbidden_code, matched


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("姓名", "name"),
        ("\ufeff姓 名", "name"),
        ("姓\n名", "name"),
        ("＊姓名（必填）", "name"),
        ("干部姓名", "name"),
        ("人员编号", "staff_number"),
        ("工号", "staff_number"),
        ("员工编号:", "staff_number"),
        ("编号", "staff_number"),
        ("Ｓｔａｆｆ　Ｎｏ．", "staff_number"),
        ("单位代码", "unit_code"),
        ("所在单位\r\n编码", "unit_code"),
        ("职务层次", "post_level"),
        ("手机", "phone"),
        ("联系电话", "phone"),
        ("公民身份号码", "id_number"),
        ("E-mail", "email"),
        ("现任职务", "title"),
        ("任现职时间", "from_date"),
    ],
)
def test_headings_are_matched_whatever_their_width_spaces_marks_and_synonyms(heading, field):
    assert field_of(heading) == field


@pytest.mark.parametrize("heading", ["序号", "备注", "性别", "单位名称", "", "角色"])
def test_a_heading_of_nothing_of_ours_is_left_alone(heading):
    assert field_of(heading) is None


@pytest.mark.parametrize(
    ("heading", "code"),
    [
        ("角色", "role_asked"),
        ("权 限", "role_asked"),
        ("Role", "role_asked"),
        ("是否删除", "delete_asked"),
        ("操作类型", "delete_asked"),
        ("初始密码", "account_asked"),
        ("is_active", "account_asked"),
        ("职务", None),
    ],
)
def test_columns_no_roster_has_are_known_by_name(heading, code):
    assert forbidden_code(heading) == code


def test_the_exact_label_goes_before_a_synonym():
    assert matched(["联系电话", "手机号", "编号", "人员编号"]) == {"phone": 1, "staff_number": 3}


def test_title_rows_may_stand_before_the_heading():
    rows = [(1, ["松阳县干部名册"]), (3, ["填表人：", "毛永红"]), (4, ["姓名", "编号", "单位编码"])]

    heading = find_heading(rows)

    assert heading.row == 4
    assert heading.columns == {"name": 0, "staff_number": 1, "unit_code": 2}
    assert heading.missing == []


def test_a_file_without_a_heading_says_what_it_misses():
    heading = find_heading([(1, ["张三", "0001", "331124107"])])

    assert heading.row == 1
    assert heading.missing == ["姓名", "人员编号", "单位编码"]


def test_every_label_is_matched_by_itself():
    assert {field_of(label): label for label in LABELS.values()} == LABELS
