# SPDX-License-Identifier: AGPL-3.0-or-later
"""Ten thousand requests that no honest program sends, a sample per commit: words for each, no 5xx, no hang."""

import random
import re
import socket
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from zlib import crc32

import pytest
from django.conf import settings
from django.test import Client

from plein.api.tests.world import World, fill
from plein.core.isolation import no_workspace
from plein.core.models import Change, Operation
from plein.moments.models import Moment, Participant
from plein.relations.models import ContactPointLink, Membership, Relation
from plein.testing.addresses import World as Ids
from plein.testing.figures import Note
from plein.tests.test_url_walk import ADDRESSES
from plein.tests.trials import NIGHTLY
from plein.tests.trials.nonsense import Form, Places, Request, forms_of, nonsense
from plein.trust.actions import make_token
from plein.trust.models import Seat, Team, User
from plein.trust.seats import entered

pytestmark = [pytest.mark.slow, pytest.mark.timeout(7_200 if NIGHTLY else 180)]
COUNT = 10_000 if NIGHTLY else 80
#: Per commit a quarter of the pages is looked at for forms, always the same; at night all.
ONE_OF, HANG = (1 if NIGHTLY else 4), 5.0
#: What would end the session or take away what the next requests are about.
LEFT_OUT = ("/sign-out/", "/look/", "/delete", "/sessions/end/", "/remove/", "/undo", "/bulk/")
SIGN_IN = b"/sign-in/"


@dataclass(frozen=True)
class Reply:
    """What came back; status 0 when the connection was closed without a word."""

    status: int
    head: bytes
    body: bytes
    seconds: float


def exchange(port: int, request: Request) -> Reply:
    """Send the bytes and read what comes; who said there is more than there is hangs up after a while."""
    began, received = time.monotonic(), b""
    with socket.create_connection(("127.0.0.1", port), timeout=0.2 if request.is_lying else HANG + 1) as connection:
        try:
            connection.sendall(request.raw())
            while piece := connection.recv(65_536):
                received += piece
        except (ConnectionResetError, BrokenPipeError):
            pass
        except TimeoutError:
            if request.is_lying:
                connection.shutdown(socket.SHUT_WR)
    head, _blank, body = received.partition(b"\r\n\r\n")
    status = re.match(rb"HTTP/1\.1 (\d{3})", head)
    return Reply(int(status[1]) if status else 0, head, body, time.monotonic() - began)


@dataclass
class Sender:
    """Somebody who is signed in, and stays so whatever their requests did to their session."""

    port: int
    sign_in: Callable[[], Client]
    token: str
    session: str = ""
    renewed: int = 0

    def send(self, request: Request) -> Reply:
        """Send a request with what makes it somebody's."""
        if not self.session:
            self.renew()
        token = "t" * 32
        own = [("Host", b"localhost"), ("X-CSRFToken", token.encode())]
        if request.path.startswith("/api/"):
            own.append(("Authorization", f"Bearer {self.token}".encode()))
        if not any(name == "Cookie" for name, _value in request.headers):
            cookie = f"{settings.SESSION_COOKIE_NAME}={self.session}; csrftoken={token}"
            own.append(("Cookie", cookie.encode()))
        sent = Request(request.method, request.path, [*own, *request.headers], request.body, request.length)
        sent.headers.append(("Connection", b"close"))
        return exchange(self.port, sent)

    def renew(self) -> None:
        """Sign in anew."""
        with no_workspace("test"):
            self.session = self.sign_in().cookies[settings.SESSION_COOKIE_NAME].value
        self.renewed += 1


def ids_of(alice: User, world: World) -> Ids:
    with entered(alice):
        moment = Moment.objects.get(id=world.moment)
        return Ids(
            {
                "relation_id": world.person,
                "moment_id": moment.id,
                "thread_id": moment.thread_id,
                "part_id": Membership.objects.filter(person_id=world.person)[0].id,
                "participant_id": Participant.objects.filter(moment=moment)[0].id,
                "operation_id": Operation.objects.latest("started_at").id,
                "seat": Seat.objects.get(user=alice).id,
                "team": Team.objects.get(name="Sales").id,
            }
        )


def places_of(sender: Sender, ids: Ids, upload: str) -> Places:
    """The pages, one of so many, and every form that they show."""
    pages, forms = [], []
    for route in (one for one in ADDRESSES if crc32(one.encode()) % ONE_OF == 0):
        path = ids.path(route)
        reply = sender.send(Request("GET", path))
        if reply.status == 200 and b"text/html" in reply.head:
            pages.append(path)
            forms += forms_of(path, reply.body.decode())
    left_out = (*LEFT_OUT, str(ids.ids["seat"]))
    whole = [form for form in dict.fromkeys(forms) if not any(word in form.path for word in left_out)]
    relation, moment = ids.ids["relation_id"], ids.ids["moment_id"]
    calls = ("me", "search", "relations", f"relations/{relation}", f"relations/{relation}/timeline", "operations",
             f"moments/{moment}", "nothing", f"operations/{moment}/undo")  # fmt: skip
    return Places(whole, pages, [f"/api/v1/{call}" for call in calls], upload)


def wrong(request: Request, reply: Reply) -> str:
    """What is wrong with an answer, or nothing."""
    if reply.status >= 500:
        return f"{reply.status}"
    if reply.seconds > HANG:
        return f"{reply.seconds:.1f} s"
    if reply.status >= 400 and len(reply.body) < 20 and request.method != "HEAD":
        return f"{reply.status} without words"
    return ""


@pytest.fixture
def sender(server: str, alice: User, signed_in: Callable[[User], Client], cast: object) -> Sender:
    with no_workspace("test"):
        token = make_token(user=alice, workspace=cast.here, scope="all")  # type: ignore[attr-defined]
    # Asked for anew each time: one of the forms changes the password, with which a session ends.
    return Sender(int(server.rpartition(":")[2]), lambda: signed_in(User.objects.get(id=alice.id)), token)


def test_nonsense_is_answered_in_words_and_in_time(sender: Sender, alice: User, note: Note) -> None:
    world = fill(alice)
    begun = sender.send(
        Request(
            "POST", "/import/uploads/", [("Content-Type", b"application/x-www-form-urlencoded")], b"name=x&size=100"
        )
    )
    upload = re.search(rb'"url": "([^"]+)"', begun.body)
    assert upload, begun
    places = places_of(sender, ids_of(alice, world), upload[1].decode())
    assert len(places.pages) > 20 and len(places.forms) > 20
    chance = random.Random(20_260_301)  # noqa: S311 - no secret
    statuses, trouble, slowest = Counter[int](), list[str](), 0.0
    for _turn in range(COUNT):
        request = nonsense(chance, places)
        reply = sender.send(request)
        statuses[reply.status] += 1
        slowest = max(slowest, reply.seconds)
        if found := wrong(request, reply):
            trouble.append(f"{found}: {request}")
        if reply.status == 302 and SIGN_IN in reply.head and "Cookie" not in dict(request.headers):
            sender.session = ""
    note(requests=COUNT, forms=len(places.forms), pages=len(places.pages), answers=dict(sorted(statuses.items())))
    note(slowest_answer=slowest, signed_in_anew=sender.renewed)

    assert trouble == [], "\n\n".join(trouble[:20])
    assert sender.send(Request("GET", "/")).status == 200
    assert statuses[200] + statuses[302] + statuses[422] > COUNT / 3, "hardly anything reached a form"
    with entered(alice):
        # One of the requests may say, in all order, to delete somebody; then they are in the bin.
        binned = Change.objects.filter(table_name="relations_relation", row_id=world.person, kind="D")
        assert Relation.objects.filter(id=world.person).exists() or binned.exists()
        assert ContactPointLink.objects.exists() or binned.exists()


def test_forms_are_read_off_a_page() -> None:
    page = (
        '<form method="post" action="/a/"><input name="x" value="1"><select name="y"></select></form><b hx-post="/b/">'
    )

    assert forms_of("/", page) == [Form("POST", "/a/", (("x", "1"), ("y", ""))), Form("POST", "/b/", ())]
