"""The shelf shows who publishes a package; a change of the unit tree makes it read anew."""

from courses.learning.shelf import shelf_changed
from lms.people.unit_effects import call_when_units_change


def register() -> None:
    call_when_units_change(shelf_changed)
