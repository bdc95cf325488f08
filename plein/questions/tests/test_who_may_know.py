# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who is suggested, and why: exactly what may be told from what the asker sees, and nothing from what they do not."""

import os
import random
from datetime import timedelta

import pytest

from plein.core.finding import WRITTEN, alike
from plein.core.ids import now
from plein.core.operations import operation
from plein.moments.actions import Part
from plein.questions.queries import Suggestion, colleagues, suggestions
from plein.questions.tests.conftest import PUMPS, SignIn, Square
from plein.questions.tests.reference import scores
from plein.questions.wording import reason_of
from plein.relations.models import Interest, Relation, Tie
from plein.testing.factories import make_membership, make_organization, make_person, make_todo
from plein.testing.figures import Judge
from plein.trust.circles import circle_for
from plein.trust.seats import entered

pytestmark = pytest.mark.django_db
#: Words that are their own stem, and in no list of stop words.
WORDS = ("zorbak", "klimpor", "tavinok", "murgol", "pellavik", "drunak")
NIGHTLY = bool(os.environ.get("PLEIN_NIGHTLY"))


def suggested(square: Square, name: str, text: str, most: int = 5) -> list[Suggestion]:
    with entered(square.users[name]) as actor:
        me, people = colleagues(actor.seat_id)
        return suggestions(me, people, *alike(text, WRITTEN), seat_id=actor.seat_id, most=most)


def why(square: Square, name: str, text: str) -> dict[str, str]:
    with entered(square.users[name]) as actor:
        me, people = colleagues(actor.seat_id)
        [written] = alike(text, WRITTEN)
        found = suggestions(me, people, written, seat_id=actor.seat_id)
        return {one.person.name: reason_of(one, written) for one in found}


def fill(square: Square, chance: random.Random, many: int) -> None:
    """Random notes, calls, mails, to-dos, roles and ties, some of them for the eyes of few."""
    names = list(square.users)
    with entered(square.users["alice"]):
        henk, ans = make_person("Henk Vos"), make_person("Ans Bos")
    for _ in range(many):
        name = chance.choice(names)
        text = " ".join(chance.choices(WORDS, k=chance.randint(1, 4)))
        whom = chance.sample([square.people[one] for one in names if one != name] + [henk, ans], 2)
        circle = chance.choice(["everyone", "everyone", "me", f"people:{square.people[chance.choice(names)].seat_id}"])
        at = now() - timedelta(days=chance.randint(0, 900), hours=1)
        kind, role = chance.choice([("note", "about"), ("call", "to"), ("visit", "with"), ("email", "cc")])
        parts = [Part(one.id, role) for one in whom]
        more = {"kind": kind, "circle": circle, "occurred_at": at, "subject": chance.choice(WORDS)}
        square.wrote(name, text, parts, **more)
        with entered(square.users[name]) as actor:
            if chance.random() < 0.3:
                mine = circle_for(chance.choice(["everyone", "me"]))
                make_todo(f"{chance.choice(WORDS)} nabellen", assignee_id=actor.seat_id, own_circle_id=mine)
    with entered(square.users["bob"]), operation("add_interest"):
        Interest.objects.create(relation=square.people["erik"], text=WORDS[0])
        Relation.objects.filter(id=square.people["fleur"].id).update(headline=f"Alles over {WORDS[1]}")
        make_membership(square.people["gijs"], make_organization("Wij"), role=WORDS[2])
        for one, other in ((henk, square.people["jet"]), (henk, square.people["alice"])):
            Tie.objects.create(one=one, other=other, kind="friend")
        secret = circle_for(f"people:{square.people['dana'].seat_id}")
        Tie.objects.create(one=square.people["bob"], other=square.people["ivo"], kind="family", own_circle_id=secret)


def test_suggestions_are_exactly_what_reading_everything_tells(square: Square, judge: Judge) -> None:
    compared = wrong = 0
    for seed in range(8 if NIGHTLY else 1):
        chance = random.Random(seed)  # noqa: S311 — the same each time
        fill(square, chance, 60 if NIGHTLY else 25)
        for name in ("alice", "bob", "dana")[:: 1 if NIGHTLY else 2]:
            for size in (1, 2, 5):
                question = chance.sample(WORDS, size) + (["nergens"] if size == 2 else [])
                with entered(square.users[name]) as actor:
                    me, people = colleagues(actor.seat_id)
                    assert me is not None
                    naive = scores(me, people, question)
                found = suggested(square, name, " ".join(question), most=100)
                told = {one.person.id: one.score for one in found}
                expected = {id: score for id, score in naive.items() if score > 0}
                compared += len(naive)
                wrong += sum(abs(told.get(id, 0.0) - score) > 1e-6 for id, score in naive.items())
                assert not expected or [round(one.score, 5) for one in found] == sorted(
                    (round(score, 5) for score in expected.values()), reverse=True
                )
    judge(
        "questions: suggestions that differ from reading everything",
        goal=f"0 of {compared}",
        measured=str(wrong),
        is_good=not wrong,
    )
    assert wrong == 0 and compared >= 40


def test_what_the_asker_may_not_see_changes_no_suggestion_no_rank_and_no_reason(square: Square) -> None:
    square.wrote("bob", "Een warmtepomp."), square.wrote("dana", "De warmtepomp draait.")
    before, reasons = suggested(square, "alice", PUMPS), why(square, "alice", PUMPS)

    for _ in range(5):
        square.wrote("erik", "Warmtepomp, warmtepomp.", circle="me")
        square.wrote("dana", "Warmtepomp.", circle=f"people:{square.people['erik'].seat_id}")
    with entered(square.users["erik"]), operation("add_tie"):
        Tie.objects.create(
            one=square.people["alice"], other=square.people["bob"], kind="family", own_circle_id=circle_for("me")
        )
    after = suggested(square, "alice", PUMPS)
    assert [(one.person.name, one.score) for one in after] == [(one.person.name, one.score) for one in before]
    assert why(square, "alice", PUMPS) == reasons
    assert {one.person.name for one in suggested(square, "erik", PUMPS)} == {"Bob", "Dana"}
    assert suggested(square, "erik", PUMPS)[0].person.name == "Dana"


def test_the_reason_says_what_they_did_and_never_what_they_wrote(square: Square) -> None:
    square.wrote("bob", "Het geheim van de warmtepomp."), square.wrote("bob", "Nog een warmtepomp.")
    with entered(square.users["dana"]) as dana, operation("add_interest"):
        Interest.objects.create(relation=square.people["dana"], text="Warmtepompen")
        make_todo("Warmtepomp nakijken", assignee_id=dana.seat_id)
    told = why(square, "alice", PUMPS)
    assert told["Bob"].startswith("Wrote about warmtepompen 2 times, last in ") and "geheim" not in told["Bob"]
    assert told["Dana"].startswith("Has warmtepompen in their work or interests and took on 1 thing")


def test_when_nobody_wrote_about_it_the_nearest_are_shown_and_said_to_be_a_guess(square: Square) -> None:
    found = suggested(square, "alice", "Wie kent er een goede keeper?")
    assert len(found) == 3 and found[0].person.name == "Dana" and not found[0].is_known
    assert not suggested(square, "alice", "wie weet iets?")[0].is_known
    assert "Wrote nothing about this" in why(square, "alice", "keeper")["Dana"]


def test_a_common_word_alone_makes_nobody_an_expert(square: Square) -> None:
    for name in ("bob", "dana", "erik", "fleur", "gijs", "hanna"):
        for _ in range(3):
            square.wrote(name, "Zwolle gebeld")
    square.wrote("jet", "Warmtepomp in Zwolle")
    assert [one.person.name for one in suggested(square, "alice", "Warmtepomp in Zwolle?")] == ["Jet"]


@pytest.mark.parametrize(
    ("starts", "ends", "counts"), [(-9, None, True), (0, 0, True), (1, None, False), (-9, -1, False)]
)
def test_work_counts_while_it_lasts(
    starts: int, ends: int | None, counts: bool, square: Square, signed_in: SignIn
) -> None:
    today = now().date()
    with entered(square.users["alice"]):
        days = {"starts_on": today + timedelta(days=starts)}
        days |= {"ends_on": today + timedelta(days=ends)} if ends is not None else {}
        make_membership(square.people["gijs"], make_organization("Wij"), role="warmtepompen", **days)

    assert ("Gijs" in why(square, "alice", PUMPS)) == counts
    page = signed_in(square.users["alice"]).get("/questions/new/", {"text": PUMPS})
    assert ("in their work" in page.text) == counts
