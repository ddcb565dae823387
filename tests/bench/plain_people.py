"""The list of people as one writes it first, and the site, on one server."""

import os
from html import escape

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")

from django.core.handlers.wsgi import WSGIRequest
from django.db import connection, transaction
from django.db.models import Q
from django.http import HttpResponse, QueryDict

from config.wsgi import application as site
from lms.people.models import Person

PAGE_SIZE = 25
WITHOUT_INDEXES = (
    "SET LOCAL enable_indexscan = off; SET LOCAL enable_indexonlyscan = off;"
    " SET LOCAL enable_bitmapscan = off"
)


def plain_list(asked: QueryDict) -> HttpResponse:
    """`?q=&unit=&level=`, as the page takes them."""
    found = Person.objects.order_by("pinyin_initials", "name")
    if words := asked.get("q"):
        found = found.filter(
            Q(name__icontains=words)
            | Q(pinyin_initials__icontains=words)
            | Q(staff_number__icontains=words)
        )
    if level := asked.get("level"):
        below = {"postings__unit__path__contains": f"{asked.get('unit', '')}/"}
        found = found.filter(postings__post_level=level, postings__to_date=None, **below)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(WITHOUT_INDEXES)
        count, people = found.count(), list(found[:PAGE_SIZE])
    rows = [_row(person) for person in people]
    page = f"<h1>{count}</h1><table>{''.join(rows)}</table>".encode()
    return HttpResponse(page, headers={"Content-Length": str(len(page))})


def _row(person: Person) -> str:
    """Without `prefetch_related`, as one writes it first."""
    posting = person.postings.select_related("unit").order_by("from_date").last()
    cells = [person.staff_number, person.name, str(posting or "")]
    return f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>"


def application(environ, start_response):
    if environ["PATH_INFO"] != "/plain-people/":
        return site(environ, start_response)
    response = plain_list(WSGIRequest(environ).GET)
    start_response(f"{response.status_code} {response.reason_phrase}", list(response.items()))
    return response
