"""Every model that points to a person says what becomes of its rows when two accounts are merged."""

from django.apps import apps

from lms.people.merging import joins, staying
from lms.people.models import Person

FIX = (
    "register a Join or rows_stay(label, reason=…) in the app's merging.py (lms/people/merging.py)"
)


def pointing_to_persons() -> set[str]:
    return {
        model._meta.label
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.get_fields()
        if field.concrete and field.is_relation and not field.many_to_many
        if field.related_model is Person
    }


def test_every_model_with_a_person_is_joined_or_stays_with_a_reason():
    said = {join.label for join in joins()} | set(staying())

    assert pointing_to_persons() - said == set(), FIX


def test_nothing_is_said_of_models_that_are_gone_or_said_twice():
    joined = {join.label for join in joins()}

    assert (joined | set(staying())) - pointing_to_persons() == set()
    assert joined & set(staying()) == set()
    assert all(staying().values())
