"""The choice of language: a cookie, so that a link means the same page to everyone."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET

from lms.people.access import public

YEAR_SECONDS = 365 * 24 * 3600


@public
@require_GET
def choose_language(request: HttpRequest, code: str) -> HttpResponse:
    """Remember the language and go back; changes nothing of record, so a link may do it."""
    if code not in dict(settings.LANGUAGES):
        raise Http404
    following = request.GET.get("next", "/")
    if not url_has_allowed_host_and_scheme(following, allowed_hosts={request.get_host()}):
        following = "/"
    answer = HttpResponseRedirect(following)
    answer.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, code, max_age=YEAR_SECONDS, samesite="Lax", httponly=True
    )
    return answer
