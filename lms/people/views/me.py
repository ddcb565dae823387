"""One's own page: where I serve and served, what I may do, how I am reached."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from lms.common.clock import database_now, local_date
from lms.people.access import signed_in
from lms.people.presenting import own_facts
from lms.people.requests import PersonRequest


@signed_in
@require_GET
def my_page(request: PersonRequest) -> HttpResponse:
    facts = own_facts(person=request.user, on=local_date(database_now()))
    return render(request, "people/me.html", {"section": "me", "title": _("我的信息"), **facts})
