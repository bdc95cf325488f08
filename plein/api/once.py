# SPDX-License-Identifier: AGPL-3.0-or-later
"""Idempotency-Key: the same request, sent twice, is done once and answered alike.

The effect and the record of the key commit together. What failed left nothing, so its key is free for another attempt.
"""

import base64
import hashlib
import json
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

from cryptography.fernet import Fernet, MultiFernet
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from plein.api.errors import Told, Unparsed
from plein.api.models import KeptAnswer
from plein.core.ids import now
from plein.core.records import Record
from plein.moments.models import MomentSubject, MomentText
from plein.trust.seats import Entrance

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
LONGEST_KEY = 255
KEPT = timedelta(hours=24)
WRITING = frozenset({"POST", "PUT", "PATCH", "DELETE"})
#: What of an answer is kept beside its body.
HEADERS = ("Content-Type", "Location", "Plein-Operation")
_ID = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_LOCK = "SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))"


def once(request: HttpRequest, actor: Entrance, carry_out: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """Carry a request out, or answer as it was answered when it was carried out before."""
    key = _key_of(request)
    if not key:
        return carry_out()
    digest, asked = _hash(str(actor.seat_id), key), _fingerprint(request)
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [digest])
        is_free = bool((cursor.fetchone() or (False,))[0])
    if not is_free:
        raise Told("in_progress", wait=1)
    KeptAnswer.objects.filter(created_at__lte=now() - KEPT).delete()
    before = KeptAnswer.objects.filter(seat_id=actor.seat_id, digest=digest).first()
    if before is not None:
        if before.request != asked:
            raise Told("idempotency_key_reused")
        return _again(before, _box(actor, key))
    response = carry_out()
    if not isinstance(response, HttpResponse):
        return response
    KeptAnswer.objects.create(
        seat_id=actor.seat_id,
        digest=digest,
        request=asked,
        sealed=_box(actor, key).encrypt(_packed(response)),
        shown=_shown(response.content),
    )
    return response


def _key_of(request: HttpRequest) -> str:
    key = request.headers.get(HEADER, "")
    if request.method not in WRITING or HEADER not in request.headers:
        return ""
    if not key or len(key) > LONGEST_KEY or not key.isascii() or not key.isprintable():
        raise Unparsed({HEADER: _("This is to be 1 to %(most)s printable ASCII characters.") % {"most": LONGEST_KEY}})
    return key


def _hash(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _fingerprint(request: HttpRequest) -> str:
    """The request itself: what it is, where it goes, and every byte it brings."""
    return _hash(str(request.method), request.get_full_path(), *_brought(request))


def _brought(request: HttpRequest) -> Iterator[str]:
    if request.content_type != "multipart/form-data":
        yield hashlib.sha256(request.body).hexdigest()
        return
    # What parts the pieces is another text each time; what they hold is not.
    for name, values in sorted(request.POST.lists()):
        yield json.dumps([name, *map(str, values)])
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            digest = hashlib.sha256()
            for chunk in file.chunks():
                digest.update(chunk)
            file.seek(0)
            yield json.dumps([name, file.name, digest.hexdigest()])


def _box(actor: Entrance, key: str) -> MultiFernet:
    known = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return MultiFernet([_fernet(str(secret), actor, key) for secret in known])


def _fernet(known: str, actor: Entrance, key: str) -> Fernet:
    secret = hashlib.sha256(known.encode()).digest()
    bound = f"{actor.workspace_id}\n{actor.seat_id}\n{key}".encode()
    made = hashlib.blake2b(bound, key=secret, digest_size=32, person=b"plein-answers").digest()
    return Fernet(base64.urlsafe_b64encode(made))


def _packed(response: HttpResponse) -> bytes:
    headers = {name: response.headers[name] for name in HEADERS if name in response.headers}
    return json.dumps([response.status_code, headers]).encode() + b"\n" + response.content


def _again(kept: KeptAnswer, box: MultiFernet) -> HttpResponse:
    head, _break, body = box.decrypt(bytes(kept.sealed)).partition(b"\n")
    if _shown(body) < kept.shown:
        raise Told("answer_withheld")
    status, headers = json.loads(head)
    response = HttpResponse(body, status=status, headers={**headers, REPLAYED: "true"})
    if "Content-Type" not in headers:
        del response.headers["Content-Type"]
    return response


def _shown(body: bytes) -> int:
    """How many of the records that an answer names its reader can see now, subjects and texts of moments included."""
    ids = {UUID(found.decode()) for found in _ID.findall(body)}
    if not ids:
        return 0
    queries: list[QuerySet[Any, Any]] = [model.objects.filter(id__in=ids).values("id") for model in _records()]
    queries += [model.objects.filter(moment_id__in=ids).values("id") for model in (MomentSubject, MomentText)]
    return queries[0].union(*queries[1:], all=True).count()


def _records() -> list[type[Record]]:
    return [
        model
        for model in apps.get_models()
        if issubclass(model, Record) and not model._meta.proxy and model.isolation.has_circle
    ]
