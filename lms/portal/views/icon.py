"""The icon browsers ask for by themselves beside what is no page of ours, such as an export."""

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.templatetags.static import static
from django.views.decorators.http import require_GET

from lms.people.access import public


@public
@require_GET
def favicon(request: HttpRequest) -> HttpResponse:
    return HttpResponsePermanentRedirect(static("mark.svg"))
