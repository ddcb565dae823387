"""Lectures spoken at a time: one to send at once as a lecturer would, one to come, and one that is over."""

import uuid
from datetime import datetime, timedelta

from django.utils.timezone import localtime

from courses.catalogue.models import (
    CatalogueIndexPage,
    CoursePackagePage,
    CourseUnit,
    LivestreamPage,
)
from lms.people.models import Person, Unit
from media.live import questions
from media.live.services import announce
from media.models import LiveQuestion, Livestream, Video

SLUG = "zhibo-ketang"
NOW, LECTURER = "冬季防火：一线值守的三张清单", "徐建平"
NEXT, NEXT_LECTURER = "年终述职：怎么把一件事讲清楚", "蓝秀珍"
# Second of the lecture, question, answer.
QUESTIONS = (
    (12, "村里没有专人，清单谁来填？", "驻村干部牵头，网格员填，每周五交一次就行。"),
    (31, "和原来的台账重复了怎么办？", "以这张清单为准，原来的台账不再单独要，月底由镇里合并。"),
    (44, "外出务工的户也要每周走到吗？", ""),
)
LASTING = timedelta(minutes=90)
AGO, IN = timedelta(days=6), timedelta(days=3)


def seed_livestreams(*, unit: Unit, by: Person, replayed: str, at: datetime) -> Livestream | None:
    """`replayed`: slug of the package whose first lecture was spoken live. None where all is there already."""
    if CoursePackagePage.objects.filter(slug=SLUG).exists():
        return None
    afternoon = localtime(at + IN).replace(hour=14, minute=30, second=0, microsecond=0)
    now = announce(
        title=NOW, lecturer=LECTURER, owner_unit=unit, starts_at=at, ends_at=at + LASTING, by=by,
        at=at,
    )  # fmt: skip
    following = announce(
        title=NEXT, lecturer=NEXT_LECTURER, owner_unit=unit, starts_at=afternoon,
        ends_at=afternoon + LASTING, by=by, at=at,
    )  # fmt: skip
    _publish_package([now, following], unit=unit, by=by)
    _publish_page(
        now, "zhibo-fanghuo", "清点人、清点物、清点路：值班第一晚就用得上。听不全的看回放补齐。",
        post="县应急管理局副局长", by=by,
    )  # fmt: skip
    _publish_page(
        following, "zhibo-shuzhi", "一件事、一组数、一个难处，三分钟讲完。可以边听边把自己的稿子改出来。",
        post="县委党校讲师", by=by,
    )  # fmt: skip
    _seed_replay(replayed=replayed, by=by, at=at)
    return now


def _publish_package(livestreams: list[Livestream], *, unit: Unit, by: Person) -> None:
    page = CoursePackagePage(
        title="直播课堂：冬季安全与年终述职", slug=SLUG, owner=by, owner_unit=unit,
        lecturer_name=LECTURER, topic="governance",
        summary="在岗位上听，听不全的看回放补齐，合起来算一次学时。",
    )  # fmt: skip
    page.units = [
        CourseUnit(kind="video", title=one.video.title, video=one.video, sort_order=place)
        for place, one in enumerate(livestreams)
    ]
    CatalogueIndexPage.objects.get().add_child(instance=page)
    page.save_revision().publish()


def _seed_replay(*, replayed: str, by: Person, at: datetime) -> None:
    unit = CourseUnit.objects.filter(package__slug=replayed, video__isnull=False).first()
    if unit is None or unit.video is None:
        return
    began = localtime(at - AGO).replace(hour=15, minute=0, second=0, microsecond=0)
    ended = began + timedelta(seconds=unit.video.duration_seconds or 600)
    livestream = _spoken(unit.video, unit.package.lecturer_name, began, ended)
    _seed_questions(livestream, by=by)
    _publish_page(
        livestream, "zhibo-huifang", unit.package.summary, post=unit.package.lecturer_post, by=by
    )


def _seed_questions(livestream: Livestream, *, by: Person) -> None:
    """Asked by who watched, answered by the school; one still waits to be looked at."""
    askers = Person.objects.filter(viewings__video=livestream.video).order_by("staff_number")
    asker = askers.exclude(pk=by.pk).first() or by
    for seconds, text, answer in QUESTIONS:
        asked_at = (livestream.began_at or livestream.starts_at) + timedelta(seconds=seconds)
        question = LiveQuestion.objects.create(
            livestream=livestream, person=asker, client_key=uuid.uuid4(), text=text,
            asked_at=asked_at, changed_at=asked_at, at_seconds=seconds,
        )  # fmt: skip
        if answer:
            questions.answer(
                question=question, text=answer, by=by, at=livestream.ended_at or asked_at
            )


def _spoken(video: Video, lecturer: str, began: datetime, ended: datetime) -> Livestream:
    """History: no encoder sent it while the seed ran."""
    return Livestream.objects.create(
        video=video, lecturer=lecturer, starts_at=began, ends_at=began + LASTING,
        state=Livestream.State.ENDED, began_at=began, ended_at=ended,
        name=video.key.hex[:16],
    )  # fmt: skip


def _publish_page(
    livestream: Livestream, slug: str, summary: str, *, post: str, by: Person
) -> None:
    page = LivestreamPage(
        livestream=livestream, title=livestream.video.title, slug=slug, summary=summary,
        lecturer_post=post, owner=by,
    )  # fmt: skip
    CatalogueIndexPage.objects.get().add_child(instance=page)
    page.save_revision().publish()
