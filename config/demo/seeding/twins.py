"""A cadre who is in the register twice, so that a visitor can try merging persons."""

from datetime import date, datetime, timedelta

from config.demo.seeding.acts import Act, Clerk, Watch, moment
from config.demo.seeding.history import live
from config.demo.seeding.lives import (
    CLASSES,
    VISITS,
    Shelf,
    class_on,
    half_year,
    past,
    visit_on,
)
from lms.people.models import Person, Unit
from lms.people.services import add_person, start_posting

NAME, PHONE = "蓝建华", "13857800126"
# The county's office registered him; the town's roster, a year later, did so again.
FIRST, SECOND = "331124101017", "331124101118"
TOWN = "331124101"


def seed_twins(*, units: dict[str, Unit], shelf: Shelf, by: Person, at: datetime) -> list[Person]:
    """Both accounts with what each learnt: some of it the same class and the same lecture."""
    lives = {FIRST: _first_life(shelf, at), SECOND: _second_life(shelf, at)}
    people = []
    for number, acts in lives.items():
        person = Person.objects.filter(staff_number=number).first()
        if person is None:
            person = add_person(staff_number=number, name=NAME, phone=PHONE)
            start_posting(
                person=person, unit=units[TOWN], title="村镇建设办公室干部", post_level="staff",
                rank="二级科员", from_date=date(at.year - 1, 3, 1),
            )  # fmt: skip
            live(person, acts, clerk=Clerk(by))
        people.append(person)
    return people


def _first_life(shelf: Shelf, at: datetime) -> list[Act]:
    year = at.year
    acts: list[Act] = [class_on(year - 1, *CLASSES[0]), half_year(year - 1, 2, "22.5")]
    acts += [class_on(year, *CLASSES[0]), half_year(year, 1, "18.25")]
    return past([*acts, *_lectures(shelf, at, weeks=6, parts=((0, 1), (0, 0.6)))], at)


def _second_life(shelf: Shelf, at: datetime) -> list[Act]:
    year = at.year
    acts: list[Act] = [class_on(year, *CLASSES[0]), class_on(year, *CLASSES[1])]
    acts += [visit_on(year, *VISITS[2])]
    return past([*acts, *_lectures(shelf, at, weeks=3, parts=((0, 1), (0.5, 1), (0, 1)))], at)


def _lectures(
    shelf: Shelf, at: datetime, *, weeks: int, parts: tuple[tuple[float, float], ...]
) -> list[Act]:
    """The first lectures of the shelf, each watched from one share of its length to another."""
    begun = (at - timedelta(weeks=weeks)).date()
    return [
        Watch(
            moment(begun + timedelta(days=number), 20, 15),
            lesson,
            [(int(lesson.video.duration_seconds * a), int(lesson.video.duration_seconds * b))],
        )
        for number, (lesson, (a, b)) in enumerate(zip(shelf.lessons, parts, strict=False))
    ]
