# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from plein.channels.models import ImportState
from plein.core.isolation import in_operation
from plein.core.operations import undo
from plein.imports.actions import Wishes, remembered, start_import
from plein.imports.entries import entries_of, look_at
from plein.imports.mapping import Column
from plein.imports.models import ContactImport, LeftOut, MatchKey, Mode
from plein.imports.queries import earlier_of
from plein.imports.runner import Runner, write_some
from plein.relations.actions import add_contact_point, create_person
from plein.relations.models import ContactPoint, ContactPointLink, ImportantDate, Membership, Relation, Tagging
from plein.trust.models import User
from plein.trust.seats import entered

CARDS = Path(__file__).parents[2] / "channels" / "connectors" / "contacts" / "tests" / "fixtures"
TABLE = """Voornaam;Tussenvoegsel;Achternaam;E-mailadres;Mobiel;Bedrijf;Functie;Plaats;Geboortedatum;Labels
Ada;van der;Bos;ada@bos.example;06 12345678;Bos bv;Directeur;Zwolle;22-03-1980;klant, pers
Jan;;Smit;jan@smit.example;geen;Smit;;Deventer;;
;;;;;;;;;leeg
Ada;;Bos;ADA@bos.example;;;;Kampen;;
"""


def written(folder: Path, text: str, name: str = "list.csv") -> Path:
    path = folder / name
    path.write_text(text)
    return path


def bring(
    user: User,
    path: Path,
    wishes: Wishes | None = None,
    columns: Sequence[Column] = (),
) -> ContactImport:
    """All of a file, in steps as small as asked."""
    with entered(user) as actor:
        book = look_at(path)
        book = replace(book, columns=tuple(columns)) if columns else book
        planned = start_import(actor=actor, book=book, wishes=wishes or Wishes(match=MatchKey.EMAIL))
        workspace = actor.workspace_id
    return Runner(user, workspace, planned.id).run()


def points_of(name: str) -> list[tuple[str, str, bool]]:
    links = ContactPointLink.objects.filter(relation__name=name).select_related("contact_point")
    return sorted((one.contact_point.value, one.label, one.is_primary) for one in links)


def test_a_table_brings_people_with_all_that_is_theirs(alice: User, tmp_path: Path) -> None:
    done = bring(alice, written(tmp_path, TABLE))

    assert done.state == ImportState.DONE and done.position == 4
    assert done.counts == {"new": 2, "refused": 1, "changed": 1}
    with entered(alice):
        ada = Relation.objects.get(name="Ada Bos")
        assert (ada.given_name, ada.family_name, ada.place) == ("Ada", "Bos", "Kampen")
        assert points_of("Ada Bos") == [("+31612345678", "mobile", True), ("ada@bos.example", "", True)]
        work = Membership.objects.get(person=ada)
        assert (work.organization.name, work.role) == ("Bos bv", "Directeur")
        assert ImportantDate.objects.get(relation=ada).on == date(1980, 3, 22)
        assert set(Tagging.objects.filter(relation=ada).values_list("tag__name", flat=True)) == {"klant", "pers"}
        left = {one.number: one.reason for one in LeftOut.objects.all()}
        assert "whole phone number" in left[2] and "names nobody" in left[3]


def test_a_second_time_brings_nothing_and_the_columns_are_remembered(alice: User, tmp_path: Path) -> None:
    path = written(tmp_path, TABLE.replace("Functie", "Wat").rpartition("Ada;;")[0])
    with entered(alice):
        book = look_at(path)
    columns = [
        replace(one, target="role") if name == "Wat" else one for name, one in zip(book.head, book.columns, strict=True)
    ]
    bring(alice, path, columns=columns)

    with entered(alice) as actor:
        again = remembered(look_at(path), earlier_of(book.head, actor.seat_id))
    done = bring(alice, path, columns=again.columns)

    assert again.columns == tuple(columns)
    assert done.counts == {"same": 2, "refused": 1}
    with entered(alice):
        assert Membership.objects.get(person__name="Ada van der Bos").role == "Directeur"
        assert Relation.objects.filter(name="Bos bv").count() == 1


def test_undo_takes_everybody_away_and_gives_back_what_was_changed(alice: User, tmp_path: Path) -> None:
    with entered(alice) as actor:
        known = create_person(actor=actor, name="Jan Smit", place="Raalte")
        add_contact_point(actor=actor, relation=known, text="jan@smit.example")
        before = set(Relation.objects.values_list("name", "place"))
    done = bring(alice, written(tmp_path, TABLE))
    with entered(alice):
        assert Relation.objects.get(id=known.id).place == "Deventer"
        assert done.operation_id is not None

    with entered(alice) as actor:
        undo(done.operation_id)

    with entered(alice):
        assert set(Relation.objects.values_list("name", "place")) == before
        assert ContactPoint.objects.count() == 1 and not Membership.objects.filter(person=known).exists()


def test_a_crash_between_two_steps_brings_nobody_in_twice(alice: User, tmp_path: Path) -> None:
    rows = "".join(f"P{n} Bos;p{n}@bos.example\n" for n in range(10))
    path = written(tmp_path, f"Naam;E-mail\n{rows}")

    class Killed(Exception):
        pass

    def killed(planned: ContactImport) -> None:
        if planned.position == 6:
            raise Killed

    with entered(alice) as actor:
        planned = start_import(actor=actor, book=look_at(path), wishes=Wishes(match=MatchKey.NOTHING))
    with pytest.raises(Killed):
        Runner(alice, planned.workspace_id, planned.id, on_progress=killed, at_once=3).run()
    done = Runner(alice, planned.workspace_id, planned.id, at_once=3).run()

    assert (done.position, done.counts) == (10, {"new": 10})
    with entered(alice):
        assert Relation.objects.filter(name__endswith=" Bos").count() == 10


@pytest.mark.parametrize(
    ("mode", "counts"), [(Mode.CREATE, {"new": 1, "skipped": 1}), (Mode.UPDATE, {"changed": 1, "skipped": 1})]
)
def test_one_may_only_add_or_only_change(alice: User, tmp_path: Path, mode: str, counts: dict[str, int]) -> None:
    with entered(alice) as actor:
        known = create_person(actor=actor, name="Jan Smit")
        add_contact_point(actor=actor, relation=known, text="jan@smit.example")

    path = written(tmp_path, "Naam;E-mail;Plaats\nJan Smit;jan@smit.example;Deventer\nAda;ada@bos.example;Zwolle\n")
    done = bring(alice, path, Wishes(match=MatchKey.EMAIL, mode=mode))

    assert done.counts == counts


def test_who_it_seems_to_be_is_asked_where_a_name_speaks_against_an_address(alice: User, tmp_path: Path) -> None:
    with entered(alice) as actor:
        known = create_person(actor=actor, name="Jan Smit")
        add_contact_point(actor=actor, relation=known, text="info@smit.example")

    done = bring(
        alice, written(tmp_path, "Naam;E-mail\nPiet Visser;info@smit.example\nJ. Smit;info@smit.example\n"), Wishes()
    )

    assert done.counts.get("new", 0) + done.counts.get("doubtful", 0) >= 1
    with entered(alice):
        assert Relation.objects.filter(name="Jan Smit").count() + Relation.objects.filter(name="J. Smit").count() == 1


def test_nobody_sees_what_a_narrower_circle_holds(alice: User, bob: User, tmp_path: Path) -> None:
    with entered(alice) as actor:
        hidden = create_person(actor=actor, name="Jan Smit", circle_key="me")
        add_contact_point(actor=actor, relation=hidden, text="jan@smit.example")

    done = bring(bob, written(tmp_path, "Naam;E-mail\nJan Smit;jan@smit.example\n"), Wishes())

    assert done.counts == {"new": 1}
    with entered(alice):
        assert Relation.objects.filter(name="Jan Smit").count() == 2


def test_a_circle_holds_for_everything_that_came_in(alice: User, bob: User, tmp_path: Path) -> None:
    bring(alice, written(tmp_path, TABLE), Wishes(circle="me", match=MatchKey.EMAIL))

    with entered(bob):
        assert not Relation.objects.filter(name__in=["Ada Bos", "Bos bv", "Jan Smit"]).exists()
        assert not ContactPoint.objects.filter(value__endswith=".example").exclude(value__contains="plein").exists()
        assert not Tagging.objects.exists() and not LeftOut.objects.exists() and not ContactImport.objects.exists()


def test_cards_bring_photos_and_formulas_do_no_harm(alice: User, tmp_path: Path) -> None:
    done = bring(alice, CARDS / "John_Doe_MAC_ADDRESS_BOOK.vcf", Wishes())
    bring(alice, written(tmp_path, "Naam;E-mail\n'=cmd();x@bos.example\n"))

    assert done.counts == {"new": 1}
    with entered(alice):
        [john] = Relation.objects.filter(family_name="Doe")
        assert john.photo and john.country == "US" and john.about.startswith("THIS SOFTWARE")
        assert Relation.objects.filter(name="=cmd()").exists()


def test_the_effects_are_told_row_by_row(alice: User, tmp_path: Path) -> None:
    with entered(alice) as actor:
        book = look_at(written(tmp_path, TABLE))
        planned = start_import(actor=actor, book=book, wishes=Wishes(match=MatchKey.EMAIL))
        with in_operation(planned.operation_id):
            effects = write_some(actor, planned, list(entries_of(book)))

    assert [(one.what, one.name) for one in effects] == [
        ("new", "Ada van der Bos"), ("new", "Jan Smit"), ("refused", ""), ("changed", "Ada Bos")
    ]  # fmt: skip
    assert ("place", "Zwolle", "Kampen") in effects[3].changes and ("name", "Ada van der Bos", "Ada Bos") in effects[
        3
    ].changes
