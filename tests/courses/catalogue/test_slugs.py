"""Addresses made from Chinese titles."""

import pytest

from courses.catalogue.slugs import LONGEST, is_readable, slug_from_title


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("一张网格管到底：网格事项准入与闭环", "yizhang-wangge-guan-daodi"),
        ("重庆银行", "chongqing-yinhang"),
        ("AI 赋能基层治理", "ai-funeng-jiceng-zhili"),
        ("2026", "course-2026"),
        ("！！！", "course"),
    ],
)
def test_a_title_becomes_words_one_can_read_aloud(title, slug):
    assert slug_from_title(title) == slug


def test_a_long_title_ends_at_a_whole_word():
    slug = slug_from_title("乡镇综合行政执法协同办案从发现线索到案卷归档的全过程操作指南")

    assert len(slug) <= LONGEST
    assert is_readable(slug)
    assert slug.split("-")[:2] == ["xiangzhen", "zonghe"]


@pytest.mark.parametrize("slug", ["", "测试课程包", "a--b", "-a", "A", "2026", "a_b"])
def test_what_nobody_reads_aloud_is_made_anew(slug):
    assert not is_readable(slug)
