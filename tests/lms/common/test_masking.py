import pytest

from lms.common.masking import holds_id_number, masked_id_number


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("330102199001011234", "330***********1234"),
        ("33010219900101123X", "330***********123X"),
        ("330102900101123", "330********1123"),
        ("", ""),
        ("1234567", "*******"),
    ],
)
def test_id_numbers_are_masked(number, shown):
    assert masked_id_number(number) == shown


@pytest.mark.parametrize(
    "text", ["我的身份证号是330102199001011234。", "33010219900101123x", "旧号 330102900101123"]
)
def test_an_id_number_in_running_text_is_noticed(text):
    assert holds_id_number(text)


@pytest.mark.parametrize("text", ["13905780123", "第三位应为 1", "33010219900101123456789", ""])
def test_other_figures_are_no_id_numbers(text):
    assert not holds_id_number(text)
