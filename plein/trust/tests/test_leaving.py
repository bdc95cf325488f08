# SPDX-License-Identifier: AGPL-3.0-or-later
"""What ends when somebody leaves or something is made confidential: all of it, on the next request."""

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from uuid import UUID

import pytest
from django.test import Client

from plein.api.tests.conftest import Caller
from plein.core.ids import new_id
from plein.core.isolation import no_workspace
from plein.core.operations import operation
from plein.lists.actions import save_view
from plein.lists.query import ViewQuery
from plein.moments.actions import IncomingFile, attach_files
from plein.notifications.models import Notification
from plein.relations.models import Relation
from plein.testing.cast import Cast
from plein.testing.factories import make_moment, make_person, make_todo
from plein.trust.actions import change_seat, change_team, make_token, place, revoke_token
from plein.trust.circles import circle_for, people_key
from plein.trust.models import ApiToken, Role, Seat, Team, TeamMember, User
from plein.trust.placed import placed_of
from plein.trust.seats import NoSeat, entered

type SignIn = Callable[[User], Client]
MARK = "zilverspar"
FAR = "Fri, 01 Jan 2100 00:00:00 GMT"


@dataclass(frozen=True)
class Shared:
    """Something that Bob sees by a share, and every address at which he may find it."""

    relation: UUID
    moment: UUID
    file: UUID
    todo: UUID
    audience: str

    @property
    def records(self) -> list[str]:
        """Pages that are there only for who sees it."""
        return [
            f"/relations/{self.relation}/",
            f"/relations/{self.relation}/card/",
            f"/relations/{self.relation}/timeline",
            f"/relations/{self.relation}/file.pdf",
            f"/relations/{self.relation}/history",
            f"/moments/{self.moment}/",
            f"/moments/{self.moment}/history",
            f"/files/{self.file}/",
            f"/files/{self.file}/preview",
            f"/todos/{self.todo}/",
            f"/who-sees/relations/{self.relation}/",
        ]


LISTS = ("/people/", f"/people/?q={MARK}", "/moments/", "/todos/", "/today/", "/history/", "/bin/", "/notifications/",
         f"/search/?q={MARK}", f"/palette/?q={MARK}", "/palette/?q=", "/offline/recent")  # fmt: skip
API = ("/relations/{relation}", "/relations/{relation}/timeline", "/moments/{moment}", "/files/{file}",
       "/todos/{todo}", "/relations/{relation}/readers")  # fmt: skip


@pytest.fixture
def shared(cast: Cast) -> Callable[[str], Shared]:
    """Something for an audience in which Bob is, with all that hangs on it."""

    def make(audience: str) -> Shared:
        maker = cast.bob if audience == "Sales" else cast.alice
        with entered(maker) as actor:
            key = people_key([Seat.objects.get(user=cast.bob).id]) if audience == "people" else audience
            circle = circle_for(key)
            person = make_person(f"Henk {MARK}", circle_id=circle)
            moment = make_moment(person, title=f"Over {MARK}", circle_id=circle)
            [file] = attach_files(actor=actor, moment=moment, files=[IncomingFile(f"{MARK}.txt", 3, BytesIO(b"abc"))])
            todo = make_todo(f"Bel {MARK}", relation=person, assignee_id=Seat.objects.get(user=cast.bob).id)
            save_view(actor=actor, name="Van hem", query=ViewQuery("person", q=MARK), audience="everyone")
            with entered(cast.bob):
                seat = Seat.objects.get(user=cast.bob).id
                Notification.objects.create(
                    seat_id=seat,
                    kind="mention",
                    relation_id=person.id,
                    moment_id=moment.id,
                    act=new_id(),
                    about=moment.id,
                )
        return Shared(person.id, moment.id, file.id, todo.id, audience)

    return make


def found_by(client: Client, shared: Shared) -> list[str]:
    """Where somebody still finds it."""
    found = [address for address in shared.records if opens(client, address)]
    for address in LISTS:
        page = client.get(address).text
        if any(f"{word} {MARK}" in page for word in ("Henk", "Over", "Bel")):
            found.append(address)
    return found


def opens(client: Client, address: str) -> bool:
    """Whether there is something at an address; a file is read to its end."""
    answer = client.get(address, headers={"HX-Request": "true"} if address.endswith("/card/") else {})
    if answer.streaming:
        b"".join(answer)
    return answer.status_code == 200


def moved(cast: Cast, shared: Shared, audience: str) -> None:
    """Alice takes it away from Bob."""
    with entered(cast.alice) as actor:
        record = Relation.objects.get(id=shared.relation)
        place(actor=actor, kind=placed_of("relations"), record=record, audience=audience, also=["moments"])


def test_everything_of_it_is_there_while_it_is_shared(
    cast: Cast, shared: Callable[[str], Shared], signed_in: SignIn
) -> None:
    one, client = shared("people"), signed_in(cast.bob)
    missing = [address for address in one.records if not opens(client, address)]
    assert missing == []
    assert {"/people/", f"/search/?q={MARK}", "/notifications/"} <= set(found_by(client, one))


@pytest.mark.parametrize("before", ("everyone", "people"))
def test_a_share_that_is_removed_is_gone_on_the_next_request(
    before: str, cast: Cast, shared: Callable[[str], Shared], signed_in: SignIn
) -> None:
    one, client = shared(before), signed_in(cast.bob)
    assert client.get(one.records[0]).status_code == 200
    moved(cast, one, "me")

    assert found_by(client, one) == []
    assert len(found_by(signed_in(cast.alice), one)) > 10


def test_who_left_a_team_finds_nothing_of_it_any_more(
    cast: Cast, shared: Callable[[str], Shared], signed_in: SignIn
) -> None:
    one, client = shared("Sales"), signed_in(cast.bob)
    assert client.get(one.records[0]).status_code == 200
    with entered(cast.alice) as actor:
        team = Team.objects.get(name="Sales")
        change_team(actor=actor, team=team, name="Sales", seats=[])
        assert not TeamMember.objects.exists()

    assert found_by(client, one) == []


def test_who_is_suspended_is_out_at_once(cast: Cast, shared: Callable[[str], Shared], signed_in: SignIn) -> None:
    one, client = shared("everyone"), signed_in(cast.bob)
    assert client.get(one.records[0]).status_code == 200
    with entered(cast.alice) as actor:
        seat = Seat.objects.get(user=cast.bob)
        change_seat(actor=actor, seat=seat, role=Role.MEMBER, is_active=False)

    for address in (*one.records, *LISTS):
        answer = client.get(address)
        assert answer.status_code == 302 and "/sign-in/" in answer.headers["Location"], address
    with pytest.raises(NoSeat), entered(cast.bob):
        pass


@pytest.mark.parametrize("how", ("share", "team", "seat"))
def test_what_a_browser_kept_is_not_confirmed_any_more(
    how: str, cast: Cast, shared: Callable[[str], Shared], signed_in: SignIn
) -> None:
    one, client = shared("Sales" if how == "team" else "people"), signed_in(cast.bob)
    photo, mark = f"/relations/{one.relation}/photo/", {"If-None-Match": f'"{"0" * 64}"'}
    with entered(cast.bob), operation("set_photo"):
        Relation.objects.filter(id=one.relation).update(photo="0" * 64)
    assert client.get(photo, headers=mark).status_code == 304
    if how == "share":
        moved(cast, one, "me")
    with entered(cast.alice) as actor:
        if how == "team":
            change_team(actor=actor, team=Team.objects.get(name="Sales"), name="Sales", seats=[])
        if how == "seat":
            change_seat(actor=actor, seat=Seat.objects.get(user=cast.bob), role=Role.MEMBER, is_active=False)

    wanted = 302 if how == "seat" else 404
    assert client.get(photo, headers=mark).status_code == wanted
    file = f"/files/{one.file}/"
    for headers in ({}, {"Range": "bytes=0-1"}, {"If-None-Match": "*"}, {"If-Modified-Since": FAR}):
        assert client.get(file, headers=headers).status_code == wanted
        assert client.head(file, headers=headers).status_code == wanted


def test_a_program_loses_sight_as_its_user_does_and_kept_answers_are_not_repeated(
    cast: Cast, shared: Callable[[str], Shared]
) -> None:
    one = shared("everyone")
    caller = Caller(make_token(user=cast.bob, workspace=cast.here, scope="all"))
    names = {name: getattr(one, name) for name in ("relation", "moment", "file", "todo")}
    for path in API:
        assert caller.get(path.format(**names)).status_code == 200, path
    key = {"Idempotency-Key": "koffie"}
    body = {"kind": "note", "relation": str(one.relation), "text": "Koffie"}
    assert caller.send("POST", "/moments", json=body, headers=key).status_code == 201
    moved(cast, one, "me")

    for path in API:
        assert caller.get(path.format(**names)).status_code == 404, path
    again = caller.send("POST", "/moments", json=body, headers=key)
    assert again.status_code in (404, 409, 410) and MARK not in again.content.decode()


def test_a_revoked_token_is_useless(cast: Cast, shared: Callable[[str], Shared]) -> None:
    one = shared("everyone")
    caller = Caller(make_token(user=cast.bob, workspace=cast.here, scope="read"))
    assert caller.get(f"/relations/{one.relation}").status_code == 200
    with entered(cast.bob) as actor, no_workspace("test"):
        token = ApiToken.objects.get(user=cast.bob)
    with entered(cast.bob) as actor:
        revoke_token(actor=actor, token_id=token.id)

    assert caller.get(f"/relations/{one.relation}").status_code == 401


def test_a_device_forgets_what_it_kept(cast: Cast, shared: Callable[[str], Shared], signed_in: SignIn) -> None:
    one, client = shared("people"), signed_in(cast.bob)
    before = client.get("/people/").text.partition('plein-rights" content="')[2][:24]
    with entered(cast.alice) as actor:
        change_team(actor=actor, team=Team.objects.get(name="Sales"), name="Sales", seats=[])
    after = client.get("/people/").text.partition('plein-rights" content="')[2][:24]

    assert before and before != after
    assert MARK not in client.get("/offline/recent").text
    assert one.audience == "people"
