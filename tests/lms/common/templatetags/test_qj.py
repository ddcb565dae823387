import re
from datetime import UTC, datetime

import pytest
from django import forms
from django.template import Context, Template


def render(source: str, **context) -> str:
    return Template("{% load qj %}" + source).render(Context(context))


def test_an_icon_is_decoration_from_the_sprite():
    drawn = render('{% icon "play" "i-lg" %}')
    assert 'class="i i-lg" aria-hidden="true"' in drawn
    assert "icons" in drawn
    assert "#i-play" in drawn


def test_a_chip_escapes_its_word():
    assert "&lt;b&gt;" in render('{% chip "ok" "check" word %}', word="<b>")


def test_ranges_written_in_a_template_draw_like_ranges_from_python():
    by_hand = render('{% ruler 100 "0-46,61-100" "46-61" %}')
    assert by_hand == render(
        "{% ruler 100 segs gaps %}", segs=[[0, 46], [61, 100]], gaps=[[46, 61]]
    )


def test_more_hours_than_required_lengthen_the_ruler_and_mark_the_requirement():
    drawn = render("{% hours_ruler 60 50 now=44 %}")
    assert 'class="need" x1="83.33%"' in drawn
    assert 'class="now"' not in drawn


def test_fewer_hours_than_required_show_where_one_should_be_today():
    drawn = render("{% hours_ruler 38.75 50 now=44.9 %}")
    assert 'class="now" x1="89.8%"' in drawn
    assert 'class="need"' not in drawn


def test_day_blocks_speak_their_figures():
    assert 'aria-label="集中培训：要求 12 天，已完成 10 天"' in render("{% days 75 90 7.5 %}")


@pytest.mark.parametrize(
    ("name", "filled"), [("reported", 1), ("timed", 2), ("documented", 4), ("", 0)]
)
def test_evidence_grades_fill_up_to_the_reached_one(name, filled):
    assert render("{% grade name %}", name=name).count('class="on') == filled


def test_arithmetic_and_facts_escape_what_they_are_given():
    sums = render("{% arithmetic sums total %}", sums=[("<i>", "1")], total=("<u>", "2"))
    facts = render("{% facts rows %}", rows=[{"name": "<i>", "value": "<u>", "is_hash": True}])
    assert "<i>" not in sums + facts
    assert "<u>" not in sums + facts
    assert 'class="hash' in facts


def test_flow_marks_what_went_wrong():
    steps = [{"word": "已封装", "note": "7月9日", "state": "ok"}, {"word": "不符", "state": "bad"}]
    assert 'class="bad"' in render("{% flow steps %}", steps=steps)


def test_times_are_shown_on_our_clock():
    assert render("{{ at|stamp }}", at=datetime(2026, 11, 24, 6, 5, tzinfo=UTC)) == "11月24日 14:05"


class SignIn(forms.Form):
    login = forms.CharField()
    remember = forms.BooleanField(required=False)


def test_a_field_ties_label_hint_and_control_together():
    drawn = render('{% field form.login label="人员编号" hint="发给你的编号" %}', form=SignIn())
    assert '<label for="id_login">人员编号</label>' in drawn
    assert re.search(r'<input[^>]*aria-describedby="id_login-hint"[^>]* id="id_login"', drawn)
    assert '<p class="hint" id="id_login-hint">发给你的编号</p>' in drawn


def test_a_wrong_field_names_its_error_to_a_screen_reader():
    form = SignIn({"login": ""})
    form.is_valid()
    drawn = render('{% field form.login label="人员编号" %}', form=form)
    assert 'aria-invalid="true"' in drawn
    assert 'aria-describedby="id_login-error"' in drawn
    assert 'id="id_login-error"' in drawn
