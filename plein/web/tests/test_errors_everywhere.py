# SPDX-License-Identifier: AGPL-3.0-or-later
import errno
from collections.abc import Callable

import psycopg
import pytest
from django.contrib.sessions.exceptions import SessionInterrupted
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from plein import urls
from plein.core.operations import EditConflict
from plein.relations.models import Relation
from plein.testing.factories import make_person
from plein.trust.models import User
from plein.trust.seats import entered
from plein.web.errors import bad_request

SignIn = Callable[[User], Client]
handler400, handler403, handler404, handler500 = urls.handler400, urls.handler403, urls.handler404, urls.handler500
MARKER = "secret-marker-7419"


def _full() -> Exception:
    return OSError(errno.ENOSPC, "No space left on device", f"/srv/{MARKER}")


TROUBLE: dict[str, tuple[Callable[[], Exception], int]] = {
    "denied": (lambda: PermissionDenied(MARKER), 403),
    "missing": (lambda: Http404(MARKER), 404),
    "gone": (lambda: OperationalError(f"connection to {MARKER} failed"), 503),
    "pool": (lambda: psycopg.OperationalError(MARKER), 503),
    "full": (_full, 507),
    "conflict": (lambda: EditConflict(Relation(name=MARKER), {"name": MARKER}), 409),
    "ours": (lambda: RuntimeError(MARKER), 500),
}


@csrf_exempt
def trouble(request: HttpRequest, kind: str) -> HttpResponse:
    if request.method == "POST":
        make_person("Half Saved")
    raise TROUBLE[kind][0]()


urlpatterns = [*urls.urlpatterns, path("trouble/<str:kind>/", trouble)]


@pytest.mark.urls(__name__)
@pytest.mark.parametrize("kind", TROUBLE)
def test_every_kind_of_trouble_gets_words_and_undoes_what_was_written(
    kind: str, alice: User, signed_in: SignIn, caplog: pytest.LogCaptureFixture
) -> None:
    client = signed_in(alice)
    client.raise_request_exception = False
    for headers in ({}, {"HX-Request": "true"}):
        response = client.post(f"/trouble/{kind}/", headers=headers)
        text = response.content.decode()
        assert response.status_code == TROUBLE[kind][1]
        assert len(text) > 80 and MARKER not in text and "Traceback" not in text
        assert "no-store" in response["Cache-Control"] and "Cookie" in response["Vary"]
        if response.status_code in (503, 507):
            assert response["Retry-After"]
    with entered(alice):
        assert not Relation.objects.filter(name="Half Saved").exists()


def test_a_request_that_is_too_big_gets_words(alice: User, signed_in: SignIn, settings: pytest.FixtureRequest) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000  # type: ignore[attr-defined]

    response = signed_in(alice).post("/settings/theme", {"theme": "x" * 2000})

    assert response.status_code == 413 and "too big" in response.content.decode()


def test_a_session_that_cannot_be_kept_is_not_the_visitors_fault(rf: RequestFactory) -> None:
    try:
        raise SessionInterrupted from OperationalError(MARKER)
    except SessionInterrupted as interrupted:
        response = bad_request(rf.get("/"), interrupted)

    assert response.status_code == 503 and MARKER not in response.content.decode()


def test_another_host_is_not_answered(client: Client, db: None) -> None:
    response = client.get("/sign-in/", headers={"Host": "evil.example"})

    assert response.status_code == 400 and "evil.example" not in response.content.decode()


def test_nobody_else_may_keep_a_page(alice: User, signed_in: SignIn) -> None:
    for client, page in ((signed_in(alice), "/history/"), (Client(), "/sign-in/"), (Client(), "/history/")):
        response = client.get(page)
        assert "no-store" in response["Cache-Control"]
        assert {"Cookie", "HX-Request"} <= set(response["Vary"].split(", "))


def test_a_form_without_its_token_gets_words(alice: User) -> None:
    response = Client(enforce_csrf_checks=True).post("/sign-in/", {"email": alice.email, "password": "x"})

    assert response.status_code == 403 and "open for too long" in response.content.decode()


def test_health_says_ready(client: Client, db: None) -> None:
    ready = client.get("/healthz")

    assert ready.status_code == 200 and ready.json()["status"] == "ready" and "worker" in ready.json()


def test_machines_get_their_files(client: Client, db: None) -> None:
    assert client.get("/robots.txt").content == b"User-agent: *\nDisallow: /\n"
    assert client.get("/favicon.ico")["Location"].endswith(".svg")


def test_a_page_that_takes_no_such_method_says_so_in_words(alice: User, signed_in: SignIn) -> None:
    response = signed_in(alice).post("/people/")

    assert response.status_code == 405 and "GET" in response["Allow"]
    assert "Nothing was changed" in response.content.decode()


@pytest.mark.parametrize("charset", ["undefined", "zip", "utf-16", "latin-1"])
def test_a_form_in_another_encoding_is_refused_in_words(charset: str, alice: User, signed_in: SignIn) -> None:
    kind = f"multipart/form-data; boundary=deel; charset={charset}"
    body = b'--deel\r\nContent-Disposition: form-data; name="theme"\r\n\r\ndark\r\n--deel--\r\n'
    response = signed_in(alice).generic("POST", "/settings/theme", body, content_type=kind)

    assert response.status_code == 400 and "could not read" in response.content.decode()
