"""Requests as views know them once their policy has let them through."""

from django.http import HttpRequest

from lms.people.models import Person, Posting


class PersonRequest(HttpRequest):
    """A request of a signed-in person. `posting` is where they serve today, None without one."""

    user: Person
    posting: Posting | None
