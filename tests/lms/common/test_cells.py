import pytest

from lms.common.cells import safe_cell


@pytest.mark.parametrize("text", ["=1+1", "+cmd", "-cmd", "@SUM(A1)", "\t=1", "\r=1", "\n=1"])
def test_a_cell_a_spreadsheet_would_run_is_prefixed(text):
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["-12.50", "0010", "38.8", "吴晓芸", "", "a=b"])
def test_figures_and_plain_text_stay_as_they_are(text):
    assert safe_cell(text) == text
