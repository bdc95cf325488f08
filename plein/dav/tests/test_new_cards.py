# SPDX-License-Identifier: AGPL-3.0-or-later
"""Many new cards at once become the same as each of them by itself; whoever needs a closer look gets it."""

import base64
import os
import re
import tarfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from plein.channels.actions import add_connection
from plein.channels.base import Entry
from plein.channels.connectors.dav.tests.fake import card
from plein.channels.connectors.posts import clean
from plein.channels.models import Connection, ConnectionProblem
from plein.core.models import Operation
from plein.core.operations import operation, undo
from plein.dav.actions import elsewhere
from plein.dav.actions.elsewhere import take_in
from plein.dav.actions.mirrored_cards import take_card_in
from plein.dav.models import Mirrored
from plein.dav.queries.book import facts_of
from plein.moments.events import EntriesHeard
from plein.moments.intake.tests.mailboxes import row_counts
from plein.moments.models import JobNews
from plein.relations.digests import digest_of
from plein.relations.models import ContactPointLink, ErasedAddress, Membership, Relation
from plein.testing.cast import Cast
from plein.trust.circles import describe
from plein.trust.models import User
from plein.trust.seats import Entrance, entered

CARD = re.compile(r"BEGIN:VCARD(.*?)END:VCARD", re.DOTALL)
PIXEL = b"\x89PNG\r\n\x1a\n" + b"0" * 40
BOOK = [
    card("Anna Bos", "a", "N:Bos;Anna;;;", "EMAIL;TYPE=WORK:Anna@Bos.example", "EMAIL:a@home.example",
         "NOTE:Likes\\n nets"),
    card("Jan van der Berg", "b", "TEL;TYPE=CELL:0612345678", "TEL:+31 38 123 4567", "ORG:Bos BV;Sales", "TITLE:buyer"),
    card("Bos BV", "c", "ORG:Bos BV", "X-ABShowAs:COMPANY", "URL:https://bos.example", "EMAIL:info@bos.example"),
    card("Ms. Odd", "d", "ADR:;;Kerkstraat 1;Zwolle;;8011 AB;NL", "BDAY:1980-02-29", "ANNIVERSARY:20100501", "BDAY:x"),
    card("Tagged", "e", "CATEGORIES:Friends,club,Friends", f"CATEGORIES:{'x' * 70}", "X-SOCIALPROFILE;TYPE=x:https://x.com/tagged"),
    card("Shown", "f", f"PHOTO;ENCODING=b;TYPE=PNG:{base64.b64encode(PIXEL).decode()}", "ORG:BOS bv"),
    card("Twin One", "g", "EMAIL:twin@same.example", "TEL:0612345679"),
    card("Twin Two", "h", "EMAIL:TWIN@same.example", "NOTE:The other"),
    card("n" * 400, "i", "EMAIL:long@name.example"),
    "BEGIN:VCARD\r\nVERSION:3.0\r\nEND:VCARD\r\n",
    card("Gone", "j", "EMAIL:gone@away.example"),
]  # fmt: skip


def entries(texts: Sequence[str]) -> tuple[Entry, ...]:
    return tuple(
        Entry(f"name{number}", "card", f"uid{number}", text, "Friends", f"https://x.example/{number}", f'"{number}"')
        for number, text in enumerate(texts)
    )  # fmt: skip


def hears(user: User) -> Connection:
    """A connection of somebody with a server of address books."""
    with entered(user) as actor:
        settings = {"server": "https://dav.example", "user_name": "us", "password": "word"}
        return add_connection(actor=actor, connector="dav", name="Cloud", settings=settings)


def heard(user: User, texts: Sequence[str]) -> dict[str, Any]:
    """What stands in the book of somebody who hears these cards at once."""
    return taken(user, hears(user), texts)


def taken(user: User, connection: Connection, texts: Sequence[str]) -> dict[str, Any]:
    with entered(user) as actor:
        with operation("hear"):
            take_in(EntriesHeard(actor, connection.id, entries(texts)))
        return stands(connection)


def stands(connection: Connection) -> dict[str, Any]:
    rows = Mirrored.objects.filter(connection=connection).select_related("relation").order_by("name")
    relations = {one.relation_id: one.relation for one in rows if one.relation}
    facts = {one.id: one for one in facts_of(list(relations.values()))}
    found: dict[str, Any] = {}
    for one in rows:
        assert one.relation_id is not None
        relation = relations[one.relation_id]
        values = [(v.group, v.key, v.text, v.label, v.parts, v.is_first) for v in facts[one.relation_id].values]
        links = ContactPointLink.objects.filter(relation=relation).select_related("contact_point").order_by("id")
        found[one.name] = {
            "row": (one.collection, one.href, one.etag, one.uid, one.text, one.ours, one.is_gone),
            "values": sorted(values),
            "points": sorted(
                (p.contact_point.kind, p.contact_point.display, str(p.contact_point.detail), p.label, p.source)
                for p in links
            ),
            "is": (relation.kind, relation.name, relation.sort_name, relation.given_name, relation.infix,
                   relation.family_name, relation.about, relation.source, relation.owner_id == connection.seat_id,
                   describe(relation.circle_id), bool(relation.photo)),
            "work": sorted(Membership.objects.filter(person=relation).values_list(
                "organization__sort_name", "role", "department", "source")),
        }  # fmt: skip
    found["refused"] = sorted(ConnectionProblem.objects.filter(connection=connection).values_list("reason", "size"))
    return found


def one_by_one(user: User, texts: Sequence[str], monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    with monkeypatch.context() as alone:
        alone.setattr(elsewhere, "WORTH_IT", 1_000_000)
        return heard(user, texts)


@pytest.mark.django_db
def test_many_at_once_become_the_same_as_each_by_itself(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    with entered(cast.alice), operation("erase"):
        ErasedAddress.objects.create(digest=digest_of("email", "gone@away.example"))
    alone = one_by_one(cast.alice, BOOK, monkeypatch)

    with monkeypatch.context() as watched:
        watched.setattr(elsewhere, "take_card_in", of_nobody(take_card_in, {f"name{n}" for n in range(6)}))
        together = heard(cast.bob, BOOK)

    assert together == alone
    assert set(together) == {*(f"name{number}" for number in range(9)), "refused"}
    assert len(together["refused"]) == 2
    with entered(cast.bob):
        assert Relation.objects.filter(name__startswith="Twin").count() == 1


def of_nobody(take: Callable[..., None], names: set[str]) -> Callable[..., None]:
    """The same, of an entry by itself; these come together."""

    def by_itself(actor: Entrance, connection: Connection, entry: Entry, *more: Any) -> None:
        assert entry.external_id not in names
        take(actor, connection, entry, *more)

    return by_itself


@pytest.mark.django_db
def test_whom_one_has_gets_what_is_new_and_a_set_that_is_spoiled_comes_in_one_by_one(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as spoiled:
        spoiled.setattr("plein.dav.actions.new_cards.insert_rows", lambda *_all: 1 / 0)
        first = heard(cast.alice, BOOK[:3])
    assert set(first) == {"name0", "name1", "name2", "refused"} and not first["refused"]
    second = hears(cast.alice)
    before = row_counts(cast.alice)

    other = taken(
        cast.alice, second, [card("A. Bos", "x", "EMAIL:anna@bos.example", "TEL:0612345699"), card("New", "y")]
    )
    assert other["name0"]["is"][1] == "Anna Bos"
    assert ("phone", "06 12345699") in {point[:2] for point in other["name0"]["points"]}
    with entered(cast.alice):
        assert Relation.objects.filter(name__in=["A. Bos", "New"]).count() == 1
        undo(Operation.objects.filter(verb="hear").latest("started_at").id)
    assert row_counts(cast.alice) == before


@pytest.mark.django_db
def test_a_card_that_puts_somebody_we_know_elsewhere_asks_and_changes_nothing(cast: Cast) -> None:
    first = heard(cast.alice, [card("Anna Bos", "a", "EMAIL:anna@bos.example", "ORG:Bos BV", "TITLE:buyer")])
    was = [("bos bv", "buyer", "", "import")]
    assert first["name0"]["work"] == was
    second = hears(cast.alice)
    told = [card("Anna Bos", "x", "EMAIL:anna@bos.example", "ORG:Isala;Sales", "TITLE:head")]
    assert taken(cast.alice, second, told)["name0"]["work"] == was
    with entered(cast.alice):
        one = JobNews.objects.select_related("work__organization").get()
        assert (one.source, one.told_by, one.place, one.role) == ("card", "Cloud", "Isala", "head")
        assert one.work.organization.name == "Bos BV" and not Relation.objects.filter(name="Isala").exists()
    with entered(cast.bob):
        assert not JobNews.objects.exists()


@pytest.mark.sweep
@pytest.mark.django_db
@pytest.mark.timeout(3600)
def test_cards_of_many_programs_become_the_same_together_and_alone(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    texts: list[str] = []
    with tarfile.open(Path(os.environ["PLEIN_SWEEP_DATA"]) / "contacts" / "vcards.tar.gz") as archive:
        for one in archive:
            held = archive.extractfile(one) if one.isfile() and one.name.endswith((".vcf", ".vcard")) else None
            text = clean(held.read().decode("utf-8", "replace"), 1_000_000) if held else ""
            texts += [f"BEGIN:VCARD{piece}END:VCARD\r\n" for piece in CARD.findall(text)]
    together, alone = heard(cast.bob, texts), one_by_one(cast.alice, texts, monkeypatch)
    print(len(texts), len(together) - 1, len(together["refused"]))  # noqa: T201
    assert together == alone
