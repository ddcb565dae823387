"""What the objects of journal rows are called. Asked once a page for each kind of object."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext as _

from lms.journal.models import JournalEntry
from lms.people.models import Person

Names = Mapping[tuple[str, str], str]
OURS = ("lms.", "courses.", "media")


def object_kinds() -> list[tuple[str, str]]:
    """Labels and names of our own models, by name."""
    found = [
        (str(model._meta.verbose_name), model._meta.label)
        for model in apps.get_models()
        if model.__module__.startswith(OURS) and not str(model._meta.verbose_name).isascii()
    ]
    return [(label, name) for name, label in sorted(found)]


def kind_of(object_type: str) -> str:
    """The kind of object in words; its label where the model is gone."""
    model = _model(object_type)
    return str(model._meta.verbose_name) if model else object_type


def object_names(entries: Iterable[JournalEntry]) -> Names:
    """(type, id) → what it is called now. An object that is gone keeps its kind and number."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for entry in entries:
        if entry.object_type:
            wanted[entry.object_type].add(entry.object_id)
    names: dict[tuple[str, str], str] = {}
    for object_type, ids in wanted.items():
        found = _found(object_type, ids)
        for object_id in ids:
            obj = found.get(object_id)
            names[object_type, object_id] = (
                name_of(obj) if obj is not None else f"{kind_of(object_type)} {object_id}"
            )
    return names


def name_of(obj: Model) -> str:
    if isinstance(obj, Person):
        return f"{obj.name}（{obj.staff_number}）"
    if isinstance(obj, JournalEntry):
        return _("日志第 %(number)s 条") % {"number": obj.pk}
    return str(getattr(obj, "title", "") or obj)


def _found(object_type: str, ids: set[str]) -> dict[str, Model]:
    model = _model(object_type)
    if model is None:
        return {}
    try:
        return {str(obj.pk): obj for obj in model._default_manager.filter(pk__in=ids)}
    except (ValueError, ValidationError):
        return {}


def _model(object_type: str) -> type[Model] | None:
    try:
        return apps.get_model(object_type)
    except (LookupError, ValueError):
        return None
