# SPDX-License-Identifier: AGPL-3.0-or-later
from django.utils import translation

from plein.consent.models import Purpose, PurposeText
from plein.consent.queries import purposes
from plein.consent.tests.conftest import SignIn, decide, purpose
from plein.core.models import Operation
from plein.relations.models import Relation
from plein.trust.models import User
from plein.trust.seats import entered

WORDS = {
    "name_en": "Birthday cards",
    "what_en": "We send a card on your birthday.",
    "benefit_en": "A card on your birthday.",
    "basis": "consent",
    "kinds": ["postal"],
    "holds_months": "12",
}


def test_a_new_company_has_purposes_in_both_languages_without_writing_anything(alice: User) -> None:
    with entered(alice):
        found = {one.key: one for one in purposes()}
        assert not Purpose.objects.exists()

    assert {"personal", "service", "newsletter", "invitations", "introductions"} == found.keys()
    assert {one.basis for one in found.values()} == {"interest", "contract", "consent"}
    with translation.override("nl"):
        assert found["newsletter"].name == "Nieuwsbrief" and "eerste" in found["newsletter"].wording.benefit
    with translation.override("en"):
        assert found["newsletter"].name == "Newsletter"


def test_the_page_tells_what_each_is_for_and_what_one_gets(alice: User, signed_in: SignIn) -> None:
    page = signed_in(alice).get("/settings/purposes/").text

    assert "Newsletter" in page and "You are the first to hear what is new" in page


def test_only_administrators_come_here(bob: User, gina: User, signed_in: SignIn) -> None:
    for user in (bob, gina):
        for path in ("/settings/purposes/", "/settings/purposes/new/", "/settings/never-contact/"):
            assert signed_in(user).get(path).status_code == 403
            assert signed_in(user).post(path, WORDS).status_code in (403, 405)
    with entered(bob):
        assert not Purpose.objects.exists()


def test_a_purpose_that_asks_for_a_yes_says_what_one_gets_for_it(alice: User, signed_in: SignIn) -> None:
    client = signed_in(alice)
    answer = client.post("/settings/purposes/new/", {**WORDS, "benefit_en": ""})

    assert answer.status_code == 422 and "nobody says yes for nothing" in answer.text
    assert "We send a card on your birthday." in answer.text
    assert client.post("/settings/purposes/new/", WORDS).status_code == 302
    made = purpose(alice, "birthday_cards")
    assert (made.holds_months, made.kinds, made.wording.number) == (12, ["postal"], 1)
    with entered(alice):
        assert Purpose.objects.count() == 6


def test_other_words_are_a_new_version_and_the_old_ones_are_kept(
    alice: User, henk: Relation, signed_in: SignIn
) -> None:
    client = signed_in(alice)
    client.post("/settings/purposes/new/", WORDS)
    one = purpose(alice, "birthday_cards")
    decision = decide(alice, henk, "birthday_cards", "given")
    path = f"/settings/purposes/{one.id}/"

    assert client.post(path, {**WORDS, "what_en": "We visit you.", "version": one.version}).status_code == 302
    with entered(alice):
        texts = PurposeText.objects.filter(purpose=one).order_by("number")
        assert [text.what_en for text in texts] == ["We send a card on your birthday.", "We visit you."]
        assert decision.text_id == texts[0].id
    page = client.get(path).text
    assert "Version 2" in page and "People decided on these words." in page

    with entered(alice):
        changing = Operation.objects.get(verb="change_purpose")
    assert client.post(f"/undo/{changing.id}/").status_code in (204, 302)
    assert purpose(alice, "birthday_cards").wording.number == 1


def test_two_who_change_the_same_purpose_hear_of_each_other(alice: User, signed_in: SignIn) -> None:
    client = signed_in(alice)
    client.post("/settings/purposes/new/", WORDS)
    one = purpose(alice, "birthday_cards")
    path = f"/settings/purposes/{one.id}/"
    client.post(path, {**WORDS, "holds_months": "24", "version": one.version})
    late = client.post(path, {**WORDS, "holds_months": "36", "version": one.version})

    assert late.status_code == 409 and "just before you" in late.text and 'value="36"' in late.text
    assert purpose(alice, "birthday_cards").holds_months == 24


def test_a_purpose_is_retired_and_brought_back(alice: User, signed_in: SignIn) -> None:
    client = signed_in(alice)
    one = purpose(alice, "newsletter")

    assert client.post(f"/settings/purposes/{one.id}/retire/").status_code == 302
    with entered(alice):
        assert "newsletter" not in {other.key for other in purposes()}
        assert Purpose.objects.count() == 5
    assert client.post(f"/settings/purposes/{one.id}/back/").status_code == 302
    assert purpose(alice, "newsletter").id == one.id


def test_another_company_has_its_own(alice: User, charlie: User, signed_in: SignIn) -> None:
    ours = purpose(alice, "newsletter")

    assert ours.id != purpose(charlie, "newsletter").id
    assert signed_in(charlie).get(f"/settings/purposes/{ours.id}/").status_code == 404
