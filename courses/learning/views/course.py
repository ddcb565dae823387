"""A course package's page, live and in the admin's preview."""

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from wagtail.models import Page

from courses.learning.presenting import course_facts, course_progress, policy_facts, unit_row
from courses.learning.selectors import package_state
from courses.learning.views.policy import policy_shown_to, rules_of
from lms.people.access import public


@public
def course_page(request: HttpRequest, page: Page) -> HttpResponse:
    """Public to read; the units open for who is signed in."""
    policy = policy_shown_to(request)
    is_preview = getattr(request, "is_preview", False)
    person = request.user if request.user.is_authenticated and not is_preview else None
    state = package_state(package=page, person=person, rules=rules_of(policy))
    is_open = request.user.is_authenticated
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
