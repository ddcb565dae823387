"""The addresses a browser sends a file to, piece by piece (tus 1.0; ADR 0019)."""

from collections.abc import Iterator
from functools import wraps
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lms.common.clock import database_now
from lms.common.errors import Refusal
from lms.people.access import visible_or_404
from media.forms import UploadForm
from media.models import Upload, Video
from media.staff.access import View, may, person_of, units_of, uploads_of, videos_of
from media.tasks import check_upload
from media.uploads import protocol, receiving

READ_BYTES = 256 * 1024


def speaks_tus(view: View) -> View:
    """Every answer says so; a refusal is answered with its status, code and sentence."""

    @wraps(view)
    def wrapped(request: HttpRequest, **kwargs: UUID) -> HttpResponse:
        try:
            if request.method not in ("OPTIONS", "GET"):
                protocol.check_version(request.headers)
            response = view(request, **kwargs)
        except Refusal as refusal:
            response = JsonResponse(refusal.as_json(), status=refusal.status)
        response["Tus-Resumable"] = protocol.VERSION
        return response

    return wrapped


@require_http_methods(["OPTIONS", "POST"])
@may("media.add_video")
@speaks_tus
def uploads(request: HttpRequest) -> HttpResponse:
    return begun(request) if request.method == "POST" else abilities()


@require_http_methods(["OPTIONS", "GET", "HEAD", "POST", "PATCH", "DELETE"])
@may("media.add_video")
@speaks_tus
def one_upload(request: HttpRequest, key: UUID) -> HttpResponse:
    """POST with X-HTTP-Method-Override passes filters that know no PATCH."""
    method = request.method
    if method == "OPTIONS":
        return abilities()
    upload = visible_or_404(
        uploads_of(request), Upload.objects.all(), by=person_of(request), key=key
    )
    if method == "POST":
        method = request.headers.get("X-HTTP-Method-Override", "")
    if method == "PATCH":
        return appended(request, upload)
    if method == "DELETE":
        receiving.discard_upload(upload=upload)
        return HttpResponse(status=204)
    return told(upload) if method == "GET" else offset_of(upload)


def abilities() -> HttpResponse:
    response = HttpResponse(status=204)
    response["Tus-Version"] = protocol.VERSION
    response["Tus-Extension"] = protocol.EXTENSIONS
    response["Tus-Checksum-Algorithm"] = ",".join(protocol.ALGORITHMS)
    response["Tus-Max-Size"] = str(receiving.most_bytes())
    return response


def begun(request: HttpRequest) -> HttpResponse:
    size = protocol.number(request.headers, "Upload-Length")
    facts = protocol.metadata(request.headers)
    form = UploadForm(facts, units=units_of(request), videos=videos_of(request))
    if not form.is_valid():
        sentences = [str(error) for errors in form.errors.values() for error in errors]
        return JsonResponse({"code": "form", "message": " ".join(sentences)}, status=422)
    upload = receiving.begin_upload(
        **form.cleaned_data, size=size, by=person_of(request), at=database_now()
    )
    response = HttpResponse(status=201)
    response["Location"] = reverse("videos:one_upload", args=[upload.key])
    response["Upload-Expires"] = http_date(upload.expires_at.timestamp())
    return response


def appended(request: HttpRequest, upload: Upload) -> HttpResponse:
    if request.content_type != protocol.BODY_TYPE:
        return HttpResponse(status=415)
    upload = receiving.append(
        upload=upload,
        offset=protocol.number(request.headers, "Upload-Offset"),
        size=protocol.number(request.headers, "Content-Length"),
        pieces=pieces_of(request),
        checksum=protocol.checksum(request.headers),
        whole_digest=protocol.whole_digest(request.headers),
        at=database_now(),
    )
    if upload.state == Upload.State.CHECKING:
        check_upload.delay_on_commit(upload.pk)
    return offset_of(upload, status=204)


def pieces_of(request: HttpRequest) -> Iterator[bytes]:
    """The body as it comes, to its end or to where the line was cut."""
    try:
        while piece := request.read(READ_BYTES):
            yield piece
    except OSError:
        return


def offset_of(upload: Upload, *, status: int = 200) -> HttpResponse:
    if receiving.is_expired(upload, at=database_now()):
        raise receiving.UploadExpired
    response = HttpResponse(status=status)
    response["Upload-Offset"] = str(upload.received)
    response["Upload-Length"] = str(upload.bytes)
    response["Upload-Expires"] = http_date(upload.expires_at.timestamp())
    return response


def told(upload: Upload) -> HttpResponse:
    """What became of it, for the page that sent it."""
    said, url = upload.failure_sentence, ""
    if upload.state == Upload.State.KEPT and upload.replaces_id:
        said = _("检查好了。换之前，看看会影响什么。")
        url = reverse("videos:replace", args=[upload.replaces_id])
    elif video := Video.objects.filter(key=upload.key).first():
        url = reverse("videos:detail", args=[video.pk])
    return JsonResponse(
        {
            "state": upload.state, "received": upload.received, "code": upload.failure_code,
            "message": said, "url": url,
        }
    )  # fmt: skip
