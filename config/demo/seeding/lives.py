"""What a county's cadres have been doing: years of classes, weeks of lectures, each a little different."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

from config.demo.seeding.acts import (
    Act,
    Lesson,
    Read,
    TakeBack,
    Watch,
    class_attended,
    moment,
    platform_hours,
    visit_attended,
)
from courses.catalogue.models import CourseUnit

SCHOOL, HOST = "中共松阳县委党校", "中共松阳县委组织部"
COLLEGE = "浙江干部网络学院"
# Month, day, days, title; the same four classes each year, so colleagues share a document.
CLASSES = (
    (3, 20, 5, "乡镇（街道）基层治理能力提升专题班"),
    (5, 29, 4, "乡村振兴与集体经济专题班"),
    (9, 18, 3, "依法行政与综合执法专题班"),
    (10, 30, 5, "年轻干部理论培训班"),
)
VISITS = (
    (4, 16, "331124203", "流动课堂 · 三都乡：传统村落保护与活化利用"),
    (6, 11, "331124102", "流动课堂 · 玉岩镇：防汛避险现场演练"),
    (9, 24, "331124101", "流动课堂 · 古市镇：矛盾纠纷就地化解"),
    (11, 5, "331124104", "流动课堂 · 大东坝镇：强村公司怎么管账"),
)


# The learner's last three years, the latest first: two half-years online, and the classes attended.
EARLIER_YEARS = (("33.25", "28", (0, 3)), ("26", "24", (0, 1)), ("27.5", "25", (0, 3)))


@dataclass(frozen=True)
class Shelf:
    """Units a person can have watched or read by now."""

    lessons: Sequence[Lesson]
    readings: Sequence[CourseUnit]


def working_day(on: date) -> date:
    """The day itself, or the Friday before a weekend."""
    return on - timedelta(days=max(on.weekday() - 4, 0))


def class_on(year: int, month: int, day: int, days: int, title: str, *, present: int = 0) -> Act:
    number = CLASSES.index((month, day, days, title)) + 11
    return class_attended(
        title=f"{title}（{days} 天）", last_day=working_day(date(year, month, day)), days=days,
        document=f"松组干〔{year}〕{number} 号", host=HOST, provider=SCHOOL, present=present,
    )  # fmt: skip


def visit_on(year: int, month: int, day: int, unit: str, title: str) -> Act:
    on = working_day(date(year, month, day))
    return visit_attended(title=title, on=on, key=f"{unit}/{on}", host=SCHOOL)


def half_year(year: int, half: int, hours: str) -> Act:
    on = date(year, 6, 30) if half == 1 else date(year, 12, 15)
    return platform_hours(
        title=f"{COLLEGE} {year} 年{'上' if half == 1 else '下'}半年学时认定", on=on, hours=hours,
        document=f"浙网院学〔{year}〕{half} 号",
    )  # fmt: skip


def spans_seen(seconds: int, random: Random) -> list[tuple[int, int]]:
    """Most watch to the end; some leave a gap, some stop in the middle."""
    manner = random.random()
    if manner < 0.45:
        return [(0, seconds)]
    if manner < 0.68:
        start = random.randint(seconds // 5, seconds // 2)
        return [(0, start), (start + max(seconds // 25, 1), seconds)]
    if manner < 0.86:
        start = random.randint(seconds // 4, seconds // 2)
        return [(0, start), (start + seconds // 5, seconds)]
    return [(0, random.randint(seconds // 6, seconds // 2))]


def life_of(*, random: Random, shelf: Shelf, at: datetime) -> list[Act]:
    """Acts of one cadre up to `at`, oldest first."""
    acts: list[Act] = []
    for year in (at.year - 1, at.year):
        acts += [class_on(year, *facts) for facts in CLASSES if random.random() < 0.55]
        acts += [visit_on(year, *facts) for facts in VISITS if random.random() < 0.4]
        for half in (1, 2):
            acts.append(half_year(year, half, str(Decimal(random.randint(60, 118)) / 4)))
    acts += weeks_of_lectures(random=random, shelf=shelf, at=at)
    return past(acts, at)


def weeks_of_lectures(*, random: Random, shelf: Shelf, at: datetime) -> list[Act]:
    """Some lectures and readings of the last eight weeks, in the evening or at noon."""
    keenness = random.choice((0, 1, 2, 3, 3, 4, 5, 6))
    acts: list[Act] = []
    for lesson in random.sample(list(shelf.lessons), min(keenness, len(shelf.lessons))):
        on = working_day((at - timedelta(days=random.randint(1, 56))).date())
        hour, minute = random.choice(((12, 35), (19, 40), (20, 15), (21, 5))), random.randint(0, 24)
        seen = spans_seen(lesson.video.duration_seconds, random)
        acts.append(Watch(moment(on, hour[0], hour[1]) + timedelta(minutes=minute), lesson, seen))
    for unit in random.sample(list(shelf.readings), min(keenness // 3, len(shelf.readings))):
        on = working_day((at - timedelta(days=random.randint(1, 56))).date())
        acts.append(Read(moment(on, 13, random.randint(0, 59)), unit))
    return acts


def learner_life(*, shelf: Shelf, at: datetime) -> list[Act]:
    """吴晓芸: two short of the year, one segment missing, one day at its cap, one entry taken back."""
    acts: list[Act] = []
    for back, (first, second, classes) in enumerate(EARLIER_YEARS, start=1):
        year = at.year - back
        acts += [half_year(year, 1, first), half_year(year, 2, second)]
        acts += [class_on(year, *CLASSES[number]) for number in classes]
        acts += [visit_on(year, *facts) for facts in VISITS[:3]]
        acts.append(class_on(year, *CLASSES[2], present=back))
    year = at.year
    acts += [class_on(year, *CLASSES[0]), class_on(year, *CLASSES[1]), visit_on(year, *VISITS[0])]
    acts += [half_year(year, 1, "24.5"), visit_on(year, *VISITS[2])]
    twice = visit_attended(
        title=VISITS[2][3],
        on=working_day(date(year, 9, 24)),
        key="331124101/second-sheet",
        host=SCHOOL,
    )
    acts += [
        twice,
        TakeBack(twice.at + timedelta(days=20), twice.key, "同一次流动课堂签到了两次，按一次计。"),
    ]
    return past([*acts, *learner_weeks(shelf, at)], at)


def learner_weeks(shelf: Shelf, at: datetime) -> list[Act]:
    """Two packages begun, a third just opened; what the shelf lacks is left out."""
    order = [shelf.lessons[n] for n in (0, 3, 4, 1, 5) if n < len(shelf.lessons)]
    days = (20, 17, 17, 9, 5)
    evenings = [
        moment((at - timedelta(days=back)).date(), 20, 10 + 5 * n) for n, back in enumerate(days)
    ]
    full = platform_hours(
        title=f"{COLLEGE} 一日专题研修：基层应急处突", on=evenings[1].date(), hours="9.8",
        document=f"浙网院修〔{at.year}〕{evenings[1]:%m%d} 号",
    )  # fmt: skip
    # Recognised the same morning, so that the evening's lectures meet the day's cap.
    acts: list[Act] = [type(full)(**{**vars(full), "at": moment(evenings[1].date(), 17, 30)})]
    for lesson, end, gap in zip(order, evenings, (0.0, 0.0, 0.0, 0.25, 0.6), strict=False):
        seconds = lesson.video.duration_seconds
        start = seconds * 2 // 5
        spans = [(0, start), (start + int(seconds * gap), seconds)] if gap else [(0, seconds)]
        acts.append(Watch(end, lesson, spans if gap < 0.5 else [(0, start)]))
    acts += [
        Read(moment((at - timedelta(days=19)).date(), 12, 50), unit) for unit in shelf.readings[:1]
    ]
    return acts


def past(acts: list[Act], at: datetime) -> list[Act]:
    return sorted((act for act in acts if act.at < at), key=lambda act: act.at)
