"""What a class manager's device asks at the door: a pack to take along, and scans to bring back."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from lms.attendance.models import Occasion
from lms.attendance.packing import issue_pack, pack_of, register_device
from lms.attendance.presenting import doubt_words
from lms.attendance.receiving import Receipt, receive_scans
from lms.attendance.wire import SCANS_BYTES, PackWanted, ScansBrought
from lms.common.clock import database_now, local_date
from lms.common.errors import Refusal
from lms.common.wire import read_body
from lms.people.access import requires
from lms.people.account_marks import account_mark
from lms.people.models import Person
from lms.people.requests import PersonRequest
from lms.people.roles import Permission
from lms.people.selectors import units_visible_to

TAKEN_BEFORE = timedelta(days=7)
SHOWN_AFTER = timedelta(hours=12)


@requires(Permission.MANAGE_CLASSES)
@require_GET
def occasions(request: PersonRequest) -> HttpResponse:
    """What may be taken along in the coming week, and what the page needs to speak with the server."""
    at = database_now()
    coming = occasions_managed_by(request.user, at).filter(
        ends_at__gt=at - SHOWN_AFTER, starts_at__lt=at + TAKEN_BEFORE, cancelled_at=None
    )
    on_roster = Count("expected", filter=Q(expected__withdrawn_at=None))
    rows = coming.annotate(on_roster=on_roster).order_by("starts_at", "pk")
    return _private(
        {
            "account": account_mark(request.user),
            "csrf": get_token(request),
            "occasions": [_occasion_facts(row) for row in rows],
        }
    )


@requires(Permission.MANAGE_CLASSES)
@require_POST
def take_pack(request: PersonRequest) -> HttpResponse:
    """The rosters of the occasions wanted; those of other units are not there."""
    at = database_now()
    try:
        wanted = read_body(request.body, PackWanted)
        found = occasions_managed_by(request.user, at).filter(
            key__in=wanted.occasions, cancelled_at=None
        )
        device = register_device(
            holder=request.user, label=wanted.label, key=wanted.device_key, at=at
        )
        taken = issue_pack(
            device=device, occasions=list(found.order_by("starts_at", "pk")),
            device_at=wanted.device_at, by=request.user, at=at,
        )  # fmt: skip
    except Refusal as refusal:
        return _refused(refusal)
    return _private(
        {
            "account": account_mark(request.user),
            "token": taken.token,
            "issued_at": at.isoformat(),
            "expires_at": taken.pack.expires_at.isoformat(),
            "occasions": taken.occasions,
        }
    )


@requires(Permission.MANAGE_CLASSES)
@require_POST
def bring_scans(request: PersonRequest) -> HttpResponse:
    """Scans of a pack. What becomes of each; sending again says the same."""
    try:
        brought = read_body(request.body, ScansBrought, most_bytes=SCANS_BYTES)
        pack = pack_of(token=brought.token, by=request.user)
        receipts = receive_scans(
            pack=pack,
            scans=[scan.as_sent(_ids_of(brought)) for scan in brought.scans],
            sent_at=brought.sent_at,
            by=request.user,
            at=database_now(),
        )
    except Refusal as refusal:
        return _refused(refusal)
    return _private({"receipts": [_receipt_facts(receipt) for receipt in receipts]})


def occasions_managed_by(person: Person, at: datetime) -> QuerySet[Occasion]:
    units = units_visible_to(person=person, permission=Permission.MANAGE_CLASSES, on=local_date(at))
    return Occasion.objects.filter(owner_unit__in=units)


def _ids_of(brought: ScansBrought) -> dict[str, int]:
    numbers = {scan.staff_number for scan in brought.scans if scan.staff_number}
    if not numbers:
        return {}
    found = Person.objects.filter(staff_number__in=numbers)
    return dict(found.values_list("staff_number", "pk"))


def _occasion_facts(row: Occasion) -> dict[str, Any]:
    return {
        "key": str(row.key),
        "title": row.title,
        "place": row.place,
        "starts_at": row.starts_at.isoformat(),
        "ends_at": row.ends_at.isoformat(),
        "expected": row.on_roster,  # type: ignore[attr-defined]
    }


def _receipt_facts(receipt: Receipt) -> dict[str, str]:
    return {
        "client_key": str(receipt.client_key),
        "outcome": str(receipt.outcome),
        "words": doubt_words(receipt.doubt) if receipt.doubt else "",
    }


def _refused(refusal: Refusal) -> JsonResponse:
    body = {"code": refusal.code, "message": _(refusal.sentence)}
    return JsonResponse(body, status=refusal.status)


def _private(facts: dict[str, Any]) -> JsonResponse:
    answer = JsonResponse(facts)
    answer["Cache-Control"] = "private, no-store"
    return answer
