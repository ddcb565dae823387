"""A course package's page, live and in the admin's preview."""

from typing import cast

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET
from wagtail.views import serve

from courses.catalogue.models import CoursePackagePage
from courses.learning.presenting import course_facts, course_progress, policy_facts, unit_row
from courses.learning.selectors import PackageState, package_state, package_states
from courses.learning.shelf import shelf
from courses.learning.views.policy import policy_shown_to, rules_of
from lms.credits.rules import Rules
from lms.people.access import public
from lms.people.models import Person


@public
@public
@require_GET
def course_by_slug(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The address everyone uses. What is on the shelf needs no walk down the page tree; anything
    else is Wagtail's to find or to refuse."""
    item = shelf().by_slug.get(slug)
    if item is None:
        return serve(request, request.path.lstrip("/"))
    return course_page(request, item.page)


@public
def course_page(request: HttpRequest, page: CoursePackagePage) -> HttpResponse:
    """Public to read; the units open for who is signed in."""
    policy = policy_shown_to(request)
    is_preview = getattr(request, "is_preview", False)
    is_open = request.user.is_authenticated
    person = cast(Person, request.user) if is_open and not is_preview else None
    state = _state(page, person, rules_of(policy))
    return render(
        request,
        "learning/course_page.html",
        {
            "section": "course",
            "title": page.title,
            "course": course_facts(page, state),
            "progress": course_progress(state) if person else None,
            "units": [unit_row(unit, is_open=is_open) for unit in state.units],
            "policy": policy_facts(policy),
            "login_url": "" if is_open else redirect_to_login(request.get_full_path()).url,
            "is_preview": is_preview,
        },
    )


def _state(page: CoursePackagePage, person: Person | None, rules: Rules) -> PackageState:
    """From the shelf when the page came from there, else from the page object itself."""
    item = shelf().by_key.get(page.key)
    if item is not None and item.page is page:
        return package_states(items=[item], person=person, rules=rules)[0]
    return package_state(package=page, person=person, rules=rules)
