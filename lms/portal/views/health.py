"""For machines that watch this one: alive, ready, and figures. Answers carry no personal data."""

from ipaddress import ip_address

from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_prometheus.exports import ExportToDjangoView

from lms.people.access import public


@public
@never_cache
@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


@public
@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """The database answers and is migrated. Without Valkey the site is slower, not unready."""
    checks = {"database": _database(), "cache": _cache()}
    status = 200 if checks["database"] == "ok" else 503
    return JsonResponse({"status": "ok" if status == 200 else "not ready", **checks}, status=status)


@public
@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus figures, to callers of a private network only."""
    if not _is_private(request.META.get("REMOTE_ADDR", "")):
        raise Http404
    return ExportToDjangoView(request)


def _is_private(address: str) -> bool:
    try:
        return ip_address(address).is_private
    except ValueError:  # a proxy on a Unix socket that names nobody: unknown is not private
        return False


def _database() -> str:
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return "unreachable"
    return "ok" if not waiting else "not migrated"


def _cache() -> str:
    cache.set("readyz", 1, 10)
    return "ok" if cache.get("readyz") == 1 else "unreachable"
