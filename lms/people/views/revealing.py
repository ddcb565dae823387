"""One ID number, shown once on a page nobody keeps."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lms.common.clock import database_now
from lms.common.errors import Refusal
from lms.common.masking import masked_id_number
from lms.people.access import requires
from lms.people.forms.revealing import ReasonForm
from lms.people.requests import PersonRequest
from lms.people.revealing import reveal_id_number
from lms.people.roles import Permission
from lms.people.seeing import person_seen


@requires(Permission.REVEAL_ID_NUMBER)
@require_POST
def reveal(request: PersonRequest, staff_number: str) -> HttpResponse:
    at, form = database_now(), ReasonForm(request.POST)
    person = person_seen(
        staff_number=staff_number, by=request.user, permission=Permission.REVEAL_ID_NUMBER, at=at
    )
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    context = {
        "title": _("身份证号"),
        "person": person,
        "reason": reason,
        "masked_id_number": masked_id_number(person.id_number),
    }
    try:
        number = reveal_id_number(person=person, reason=reason, by=request.user, at=at)
    except Refusal as refusal:
        context |= {"sentence": refusal.sentence}
        return render(request, "people/reveal_id.html", context, status=refusal.status)
    return render(request, "people/reveal_id.html", context | {"number": number})
