"""String foreign keys are invisible to the import checker, so the models themselves are walked."""

import re
import tomllib
from pathlib import Path

from django.apps import AppConfig, apps
from django.conf import settings

CONTRACTS = tomllib.loads((Path(settings.BASE_DIR) / "pyproject.toml").read_text("utf-8"))["tool"][
    "importlinter"
]["contracts"]
OURS = ("lms.", "courses.", "media")


def layers(contract: str) -> list[set[str]]:
    """The contract's layers from the top, each a set of module names."""
    found = next(c for c in CONTRACTS if c["id"] == contract)
    return [set(re.findall(r"[\w.]+", layer)) for layer in found["layers"]]


def height(app: AppConfig) -> tuple[int, int] | None:
    """How far down an app lies: its layer, and inside `courses` its place there. None: not listed."""
    package, _, inner = app.name.partition(".")
    outer_name = package if package == "courses" else app.name
    outer = place(outer_name, layers("layers"))
    within = place(inner, layers("courses")) if package == "courses" else 0
    return None if outer is None or within is None else (outer, within)


def place(name: str, order: list[set[str]]) -> int | None:
    return next((at for at, names in enumerate(order) if name in names), None)


def local_apps() -> list[AppConfig]:
    return [app for app in apps.get_app_configs() if app.name.startswith(OURS)]


def relations() -> list[tuple[AppConfig, AppConfig, str]]:
    """(app that holds the key, app it points to, model.field) for every relation between ours."""
    found = []
    for app in local_apps():
        for model in app.get_models(include_auto_created=True):
            for field in model._meta.get_fields(include_hidden=True):
                if field.is_relation and field.concrete and field.related_model:
                    target = field.related_model._meta.app_config
                    if target in local_apps():
                        found.append((app, target, f"{model.__name__}.{field.name}"))
    return found


def test_every_local_app_is_in_the_layer_list():
    unlisted = [app.name for app in local_apps() if height(app) is None]

    assert unlisted == []


def test_every_relation_points_down_or_stays_in_its_app():
    upward = [
        f"{field} ({holder.name}) points up or sideways to {target.name}"
        for holder, target, field in relations()
        if holder is not target and not height(holder) < height(target)
    ]

    assert upward == []


def test_the_walk_sees_the_relations_it_is_meant_to_judge():
    fields = {field for _holder, _target, field in relations()}

    assert {"LedgerEntry.person", "CourseUnit.video", "ArchivedEntry.entry"} <= fields
