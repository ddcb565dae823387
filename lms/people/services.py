"""Writers of units, persons, postings and role grants."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.db import transaction
from pypinyin import Style, lazy_pinyin

from lms.common.errors import Refusal
from lms.people.granting import grant_role
from lms.people.models import Person, Posting, Unit

__all__ = [
    "UnitUnknown", "add_person", "add_unit", "grant_role", "load_units", "pinyin_initials",
    "start_posting",
]  # fmt: skip


class UnitUnknown(Refusal):
    code = "unit_unknown"
    sentence = "没有这个单位编码，请核对后再试。"
    status = 404


def pinyin_initials(name: str) -> str:
    """`吴晓芸` → `wxy`, for search by initials."""
    return "".join(lazy_pinyin(name, style=Style.FIRST_LETTER))[:30].lower()


def load_units(*, rows: Iterable[Mapping[str, str]]) -> int:
    """Create units from rows of code, name, parent_code, level; parents come first.

    Units already known stay as they are: renaming and moving them are acts of record
    (lms.people.reorganising). Returns how many rows were read.
    """
    known = {unit.code: unit for unit in Unit.objects.all()}
    paths: dict[str, str] = {}
    levels: dict[int, list[tuple[Unit, str]]] = {}
    for row in rows:
        code, parent_code = row["code"], row["parent_code"]
        if parent_code and parent_code not in paths:
            raise UnitUnknown(f"上级单位 {parent_code} 不存在：{code}")
        if code in known:
            paths[code] = known[code].path
            continue
        paths[code] = f"{paths.get(parent_code, '')}{code}/"
        unit = Unit(code=code, name=row["name"], level=row["level"], path=paths[code])
        levels.setdefault(paths[code].count("/"), []).append((unit, parent_code))
    with transaction.atomic():
        ids = {"": None} | dict(Unit.objects.values_list("code", "id"))
        for depth in sorted(levels):
            for unit, parent_code in levels[depth]:
                unit.parent_id = ids[parent_code]
            Unit.objects.bulk_create(
                [unit for unit, _parent_code in levels[depth]], ignore_conflicts=True
            )
            ids |= dict(Unit.objects.values_list("code", "id"))
    return len(paths)


def add_unit(*, code: str, name: str, level: str, parent: Unit | None) -> Unit:
    """The unit with that code; created under `parent` when new, as it is when known."""
    unit, _created = Unit.objects.get_or_create(
        code=code,
        defaults={
            "name": name,
            "level": level,
            "parent": parent,
            "path": f"{parent.path if parent else ''}{code}/",
        },
    )
    return unit


def add_person(
    *, staff_number: str, name: str, password: str | None = None, phone: str = "", email: str = ""
) -> Person:
    """A new person; without a password the account cannot sign in yet."""
    person = Person(
        staff_number=staff_number,
        name=name,
        phone=phone,
        email=email,
        pinyin_initials=pinyin_initials(name),
    )
    if password is None:
        person.set_unusable_password()
    else:
        person.set_password(password)
    person.save()
    return person


def start_posting(
    *, person: Person, unit: Unit, title: str, post_level: str, from_date: date, rank: str = ""
) -> Posting:
    """Begin a posting; the one before it ends the day before."""
    with transaction.atomic():
        before = person.postings.select_for_update().filter(to_date__isnull=True).first()
        if before is not None:
            before.to_date = date.fromordinal(from_date.toordinal() - 1)
            before.save(update_fields=["to_date"])
        return Posting.objects.create(
            person=person, unit=unit, title=title, post_level=post_level, rank=rank,
            from_date=from_date,
        )  # fmt: skip
