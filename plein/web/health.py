# SPDX-License-Identifier: AGPL-3.0-or-later
"""The small addresses that machines ask for: is everything ready, may robots come in, the icon."""

from importlib.metadata import version

from django.db import DatabaseError, InterfaceError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.templatetags.static import static
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from plein.core.models import Protection

ROBOTS = "User-agent: *\nDisallow: /\n"
WORKER = """
SELECT (SELECT extract(epoch FROM clock_timestamp() - max(last_heartbeat))::integer FROM procrastinate_workers)
"""


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Say whether everything works that a page needs, and when the worker was heard last."""
    try:
        is_protected = Protection.objects.exists()
        with connection.cursor() as cursor:
            cursor.execute(WORKER)
            row = cursor.fetchone()
    except (DatabaseError, InterfaceError):
        return not_ready(_("The database does not answer."))
    if not is_protected:
        return not_ready(_("The database has no protection yet; start Plein with `plein run`."))
    worker = {"seen_seconds_ago": row[0] if row else None}
    return JsonResponse({"status": "ready", "version": version("plein"), "database": "ready", "worker": worker})


def not_ready(words: str) -> JsonResponse:
    """Say what is missing."""
    response = JsonResponse({"status": "not ready", "version": version("plein"), "why": words}, status=503)
    response["Retry-After"] = "5"
    return response


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Ask robots to stay out."""
    return HttpResponse(ROBOTS, content_type="text/plain; charset=utf-8")


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Lead browsers that ask for the old name to the icon."""
    return HttpResponseRedirect(static("web/plein.svg"))
