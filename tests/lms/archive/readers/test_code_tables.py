import pytest

from lms.archive.readers.code_tables import CodeTableUnreadable, load_code_table, load_codes

HEAD = "code,name,applies_to,status\n"


def test_the_shipped_tables_say_that_they_are_placeholders():
    codes, tables = load_codes()

    assert all(table.is_placeholder for table in tables)
    assert set(codes.category) == {"online", "in_person"}


def test_a_table_of_ones_own_keeps_leading_zeros(tmp_path):
    path = tmp_path / "ZB29.csv"
    path.write_text(HEAD + "07,网络,online,official\n012,面授,in_person,official\n", "utf-8-sig")

    table = load_code_table(path)

    assert table.by_bucket == {"online": "07", "in_person": "012"}
    assert not table.is_placeholder


@pytest.mark.parametrize(
    "text",
    [
        "code,name\n1,x\n",
        HEAD + "1,x,online,official\n",
        HEAD + "1,x,online,o\n2,x,online,o\n3,x,in_person,o\n",
        "",
    ],
)
def test_a_table_that_leaves_a_bucket_open_is_refused(tmp_path, text):
    path = tmp_path / "ZB29.csv"
    path.write_text(text, "utf-8")

    with pytest.raises(CodeTableUnreadable):
        load_code_table(path)
