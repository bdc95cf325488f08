# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from django.test import Client
from django.urls import reverse

from plein.core.isolation import no_workspace
from plein.core.models import AuditEntry
from plein.moments.actions import create_todo
from plein.moments.models import Moment, ToDo
from plein.relations.actions import tag
from plein.testing.cast import Cast
from plein.testing.factories import make_contact_point, make_membership, make_moment, make_organization, make_person
from plein.trust.circles import only_me
from plein.trust.models import User
from plein.trust.seats import entered

type SignIn = Callable[[User], Client]


def words_in(answer: Any, tmp_path: Path) -> str:
    """The text of a PDF, as somebody who reads it on paper."""
    target = tmp_path / "file.pdf"
    target.write_bytes(answer.content)
    document = pypdfium2.PdfDocument(target)
    return " ".join(" ".join(page.get_textpage().get_text_range() for page in document).split())


@pytest.fixture
def relation_id(cast: Cast) -> Any:
    with entered(cast.alice) as alice:
        henk = make_person("Henk Žižek-Ørsted", place="Zwolle", headline="Hekwerk & Söhne Ελλάδα")
        firm, hidden = make_organization("Hekwerk BV"), make_organization("Geheim BV", circle_id=only_me())
        make_membership(henk, firm, "inkoper")
        make_membership(henk, hidden, "adviseur")
        make_contact_point(henk, "email", "henk@hekwerk.example")
        make_moment(henk, title="Offerte hekwerk", text="Vraagt om een hek.\u202e\x07 Einde 😀")
        make_moment(henk, title="Vertrouwelijk", text="Alleen voor mij.", circle_id=only_me())
        tag(actor=alice, relation=henk, name="klant")
        create_todo(actor=alice, title="Offerte sturen", relation_id=henk.id)
        return henk.id


def ask(client: Client, relation_id: Any) -> Any:
    with no_workspace("test"):
        return client.get(reverse("moments:dossier", args=[relation_id]))


def test_the_file_has_what_the_reader_may_see(cast: Cast, relation_id: Any, signed_in: SignIn, tmp_path: Path) -> None:
    mine = words_in(ask(signed_in(cast.alice), relation_id), tmp_path)
    answer = ask(signed_in(cast.bob), relation_id)
    bobs = words_in(answer, tmp_path)

    assert answer.headers["Content-Type"] == "application/pdf"
    assert "attachment" in answer.headers["Content-Disposition"]
    wanted = ("Henk Žižek-Ørsted", "Ελλάδα", "Zwolle", "Hekwerk BV", "inkoper", "henk@hekwerk.example", "klant",
              "Offerte sturen", "Offerte hekwerk", "Vraagt om een hek.", "printed by Bob", "Noorderlicht")  # fmt: skip
    assert [one for one in wanted if one not in bobs] == []
    assert [one for one in ("Geheim BV", "Vertrouwelijk", "Alleen voor mij.") if one in bobs] == []
    assert [one for one in ("Geheim BV", "Vertrouwelijk", "Alleen voor mij.") if one not in mine] == []


def test_a_stranger_gets_404(cast: Cast, relation_id: Any, signed_in: SignIn) -> None:
    assert ask(signed_in(cast.charlie), relation_id).status_code == 404


def test_it_is_printed_in_dutch_for_who_reads_dutch(
    cast: Cast, relation_id: Any, signed_in: SignIn, tmp_path: Path
) -> None:
    with no_workspace("test"):
        User.objects.filter(id=cast.bob.id).update(language="nl")

    found = words_in(ask(signed_in(cast.bob), relation_id), tmp_path)

    assert "Plaats" in found


def test_a_long_file_has_many_pages_and_says_what_it_left_out(
    cast: Cast, signed_in: SignIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("plein.moments.dossier.content.MOST_MOMENTS", 20)
    with entered(cast.alice):
        henk = make_person("Henk")
        for number in range(24):
            make_moment(henk, title=f"Gesprek {number}", text="Een heel verhaal. " * 30)

    answer = ask(signed_in(cast.bob), henk.id)
    found = words_in(answer, tmp_path)

    assert len(pypdfium2.PdfDocument(tmp_path / "file.pdf")) > 2
    assert "The newest 20 contact moments are printed" in found
    assert "page 2 of" in found


def test_taking_the_file_along_is_in_the_log_with_what_is_in_it(
    cast: Cast, relation_id: Any, signed_in: SignIn
) -> None:
    assert ask(signed_in(cast.alice), relation_id).status_code == 200
    with entered(cast.alice) as alice:
        lines = AuditEntry.objects.filter(event="export", seat_id=alice.seat_id)
        taken = {line.kind: set(line.records) for line in lines}
        assert {line.facts for line in lines} == {'{"format":"pdf"}'}
        moments, todos = (set(model.objects.values_list("id", flat=True)) for model in (Moment, ToDo))
    assert taken == {"relation": {relation_id}, "moment": moments, "todo": todos}
    assert len(moments) == 2 and len(todos) == 1
