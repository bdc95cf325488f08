# SPDX-License-Identifier: AGPL-3.0-or-later
"""`plein erase`: somebody is taken out of everything, whoever sees them."""

import json
import os
from pathlib import Path

import pytest
from django.conf import LazySettings

from plein.cli.main import main
from plein.consent.actions import restrict
from plein.consent.queries import never_contact
from plein.core.ids import new_id
from plein.erasure import ledger
from plein.erasure.tests.planting import plant
from plein.relations.models import Relation
from plein.testing.cast import Cast
from plein.testing.database import TestDatabase
from plein.testing.factories import make_contact_point, make_person
from plein.trust.circles import only_me
from plein.trust.seats import entered

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def here(test_database: TestDatabase, monkeypatch: pytest.MonkeyPatch, settings: LazySettings, tmp_path: Path) -> None:
    settings.PLEIN_ERASURES = tmp_path / "erasures"
    monkeypatch.setenv("DATABASE_URL", test_database.url())
    monkeypatch.setattr(os, "umask", lambda mask: mask)


def test_it_erases_also_whom_no_administrator_sees(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    with entered(cast.bob):
        hidden = make_person("Stille Willy", circle_id=only_me())

    assert main(["erase", str(hidden.id), "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert main(["erase", facts["subject"], "--json"]) == 0
    again = json.loads(capsys.readouterr().out)

    assert facts["done_at"] and again["erased_at"] == facts["erased_at"]
    assert len(ledger.read(ledger.path())) == 1
    with entered(cast.bob):
        assert not Relation.objects.filter(id=hidden.id).exists()


def test_who_wanted_silence_keeps_it(cast: Cast) -> None:
    with entered(cast.alice) as actor:
        for name in ("Stille Willy", "Luide Wim"):
            make_contact_point(make_person(name), "email", f"{name[0].lower()}@dorp.example")
        willy, wim = (Relation.objects.get(name=name) for name in ("Stille Willy", "Luide Wim"))
        restrict(actor=actor, relation=willy, reason="asked us")

    assert main(["erase", str(willy.id)]) == main(["erase", str(wim.id)]) == 0

    with entered(cast.alice):
        assert never_contact(["s@dorp.example", "l@dorp.example"]).keys() == {"s@dorp.example"}


def test_whom_it_does_not_know_it_says(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    del cast

    assert main(["erase", str(new_id())]) == 1
    assert "nobody with this id" in capsys.readouterr().err
    assert main(["erase", "Henk"]) == 1
    assert "is not the id of a person" in capsys.readouterr().err


def test_what_was_erased_leaves_its_files(cast: Cast) -> None:
    planted = plant(cast.alice)

    assert main(["erase", str(planted.person)]) == 0

    with entered(cast.alice):
        assert not Relation.objects.filter(id=planted.person).exists()
