import pytest

from lms.common.rich_text import rich_text


def test_what_an_editor_writes_stays():
    html = "<h2>一、该进的事</h2><p>看得见的<b>隐患</b></p><ul><li>说得清</li></ul>"
    assert rich_text(html) == html


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>",
        '<p onclick="alert(1)">',
        '<a href="javascript:alert(1)">看</a>',
        '<p style="position:fixed">',
        '<iframe src="/x"></iframe>',
        '<img src=x onerror="alert(1)">',
        "<svg><script>alert(1)</script></svg>",
    ],
)
def test_what_could_run_or_cover_the_page_goes(html):
    cleaned = rich_text(html)
    for bad in ("script", "onclick", "onerror", "style", "iframe", "alert"):
        assert bad not in cleaned


def test_nothing_written_is_nothing_shown():
    assert rich_text(None) == rich_text("") == ""
