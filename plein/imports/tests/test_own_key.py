# SPDX-License-Identifier: AGPL-3.0-or-later
"""People and organizations known by a field of the company's own, such as the number of a customer."""

from pathlib import Path

from plein.imports.actions import Wishes, make_fields
from plein.imports.ahead import Ahead
from plein.imports.entries import look_at
from plein.imports.forms import ChoicesForm
from plein.imports.mapping import Column
from plein.imports.models import ContactImport
from plein.imports.tests.test_contacts import bring, written
from plein.metadata.queries import catalog
from plein.relations.models import Relation
from plein.trust.models import User
from plein.trust.seats import entered

FIRST = "Naam;Nummer;Plaats\nAda Bos;007;Zwolle\nJan Smit;12;Ommen\nZonder;;Raalte\n"
LATER = "Nummer;Naam;Plaats\n007;Ada Bos-Smit;Kampen\n13;Jan Smit;Deventer\n007;Ada Bos-Smit;Hattem\n"


def test_who_has_the_number_is_the_one_whatever_the_name(alice: User, bob: User, tmp_path: Path) -> None:
    first, later = written(tmp_path, FIRST, "first.csv"), written(tmp_path, LATER, "later.csv")
    with entered(alice) as actor:
        book = make_fields(actor=actor, book=look_at(first), wanted={1: "text"})
    key = str(book.columns[1])
    wishes = Wishes(circle="everyone", match=key)
    columns = (Column(key), Column("name"), Column("place"))

    done = bring(alice, first, wishes, book.columns)
    with entered(alice) as actor:
        looked_at, workspace = look_at(later), actor.workspace_id
        form = ChoicesForm(planned=ContactImport(match="seems"), book=looked_at, known=catalog(), makes=False)
    assert key in dict(form.fields["match"].choices)  # type: ignore[attr-defined]
    ahead = [one.what for some in Ahead(alice, workspace, looked_at, wishes).effects() for one in some]
    again = bring(alice, later, wishes, columns)

    assert (done.counts, again.counts) == ({"new": 3}, {"changed": 2, "new": 1})
    assert ahead == ["changed", "new", "changed"]
    with entered(bob):
        places = sorted(Relation.objects.filter(kind="person", seat=None).values_list("name", "place"))
    assert places == [("Ada Bos-Smit", "Hattem"), ("Jan Smit", "Deventer"), ("Jan Smit", "Ommen"), ("Zonder", "Raalte")]


def test_a_number_of_two_is_doubtful_and_one_that_is_hidden_is_nobodys(alice: User, bob: User, tmp_path: Path) -> None:
    first = written(tmp_path, "Naam;Nummer\nAda;7\nBea;7\n", "first.csv")
    with entered(alice) as actor:
        book = make_fields(actor=actor, book=look_at(first), wanted={1: "number"})
    key = str(book.columns[1])
    bring(alice, first, Wishes(circle="me", match="nothing"), book.columns)

    mine = bring(alice, written(tmp_path, "Naam;Nummer\nCor;7,0\n", "mine.csv"), Wishes(match=key), book.columns)
    theirs = bring(bob, written(tmp_path, "Naam;Nummer\nCor;7\n", "theirs.csv"), Wishes(match=key), book.columns)

    assert (mine.counts, theirs.counts) == ({"doubtful": 1}, {"new": 1})
