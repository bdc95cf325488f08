# SPDX-License-Identifier: AGPL-3.0-or-later
"""An address book that puts somebody we know elsewhere: asked by default, or noted at once when one wants it so."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from plein.core.operations import undo
from plein.imports.actions import Wishes
from plein.imports.ahead import Ahead
from plein.imports.entries import look_at
from plein.imports.models import ContactImport, Jobs, LeftOut, MatchKey
from plein.imports.tests.test_contacts import bring, written
from plein.moments.models import JobNews
from plein.relations.models import Membership, Relation
from plein.testing.factories import make_contact_point, make_membership, make_organization, make_person
from plein.trust.models import User
from plein.trust.seats import entered

type SignIn = Callable[[User], Client]
TABLE = "Naam;E-mail;Organisatie;Functie\nAns Mol;ans@mol.example;Isala;Hoofd inkoop\n"
CARD = "BEGIN:VCARD\nVERSION:3.0\nFN:Ans Mol\nEMAIL:ans@mol.example\nORG:Isala;Inkoop\nTITLE:Hoofd inkoop\nEND:VCARD\n"


@pytest.fixture
def ans(alice: User) -> Relation:
    """Ans buys for Vechtdal."""
    with entered(alice):
        person = make_person("Ans Mol", given_name="Ans", family_name="Mol", sort_name="mol ans")
        make_contact_point(person, "email", "ans@mol.example")
        begun = datetime(2025, 1, 1, tzinfo=UTC)
        make_membership(person, make_organization("Vechtdal"), "inkoper", created_at=begun)
        return person


def brought(user: User, path: Path, jobs: Jobs = Jobs.ASK) -> ContactImport:
    return bring(user, path, Wishes(match=MatchKey.EMAIL, jobs=jobs))


def work(user: User) -> dict[str, tuple[date | None, date | None]]:
    with entered(user):
        found = Membership.objects.filter(person__name="Ans Mol").select_related("organization")
        return {one.organization.name: (one.starts_on, one.ends_on) for one in found}


@pytest.mark.parametrize(("text", "name"), [(TABLE, "in.csv"), (CARD, "in.vcf")])
def test_whom_we_know_elsewhere_is_asked_about_and_a_no_is_for_good(
    alice: User, ans: Relation, tmp_path: Path, signed_in: SignIn, text: str, name: str
) -> None:
    path = tmp_path / name
    path.write_text(text)
    with entered(alice) as actor:
        workspace, book = actor.workspace_id, look_at(path)
    ((effect,),) = Ahead(alice, workspace, book, Wishes(match=MatchKey.EMAIL)).effects()
    assert "known at Vechtdal" in effect.question and "Isala" in effect.question and effect.what == "same"
    done = brought(alice, path)
    assert work(alice) == {"Vechtdal": (None, None)}
    with entered(alice):
        one = JobNews.objects.get()
        assert (one.source, one.told_by, one.place, one.role) == ("card", name, "Isala", "Hoofd inkoop")
        assert not LeftOut.objects.exists() and not Relation.objects.filter(name="Isala").exists()
    client, page = signed_in(alice), f"/working-elsewhere/?brought_by={done.id}"
    assert page in client.get(f"/import/contacts/{done.id}/").text and name in client.get(page).text
    assert client.post("/working-elsewhere/", {"ids": [str(one.id)], "answer": "no"}).status_code == 302
    brought(alice, path)
    assert work(alice) == {"Vechtdal": (None, None)}
    with entered(alice):
        assert JobNews.objects.get().decision == "ignored"


def test_it_is_noted_at_once_when_one_wants_it_so(alice: User, ans: Relation, tmp_path: Path) -> None:
    done = brought(alice, written(tmp_path, TABLE), Jobs.CHANGE)
    today = timezone.now().date()
    yesterday = date.fromordinal(today.toordinal() - 1)
    assert work(alice) == {"Vechtdal": (None, yesterday), "Isala": (today, None)}
    with entered(alice):
        assert done.operation_id is not None and not JobNews.objects.exists()
        undo(done.operation_id)
    assert work(alice) == {"Vechtdal": (None, None)}
    brought(alice, written(tmp_path, TABLE), Jobs.ADD)
    assert work(alice) == {"Vechtdal": (None, None), "Isala": (None, None)}


@pytest.mark.parametrize("jobs", [Jobs.ASK, Jobs.CHANGE])
def test_whom_one_table_names_at_several_places_works_at_each(alice: User, tmp_path: Path, jobs: Jobs) -> None:
    with entered(alice):
        make_contact_point(make_person("Ans Mol"), "email", "ans@mol.example")
    head, places = TABLE.splitlines()[0], ("Isala", "Deltion", "Windesheim")
    rows = [head, *(f"Ans Mol;ans@mol.example;{place};Bestuurslid" for place in places)]
    brought(alice, written(tmp_path, "\n".join(rows)), jobs)
    assert work(alice) == dict.fromkeys(places, (None, None))
    with entered(alice):
        assert not JobNews.objects.exists()


def test_who_works_nowhere_yet_works_there_without_a_question(alice: User, ans: Relation, tmp_path: Path) -> None:
    with entered(alice):
        make_contact_point(make_person("Jan Bos"), "email", "jan@bos.example")
    brought(alice, written(tmp_path, TABLE.replace("ans@mol", "jan@bos").replace("Ans Mol", "Jan Bos")))
    with entered(alice):
        assert Membership.objects.get(person__name="Jan Bos").organization.name == "Isala"
        assert not JobNews.objects.exists()
