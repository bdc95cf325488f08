# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is plain to any reader is recognised, in both languages and both tiers; and what comes in may be anything."""

import json
import zipfile
from pathlib import Path

import pytest

from plein.recognition.labels import LABELS
from plein.recognition.model import BASE, LIGHT, STANDARD, UnknownModel, base, load
from plein.recognition.recognise import Incoming, Recognition, recognise
from plein.recognition.texts import said, sentences

PLAIN = [
    ("Kunt u mij de factuur van maart nog een keer sturen?", "request"),
    ("Welke kleuren hebben jullie van deze stoel?", "question"),
    ("Dit is nu al de derde keer dat jullie monteur niet komt opdagen, schandalig.", "complaint"),
    ("Wij zeggen ons contract bij jullie op per 1 januari.", "churn_threat"),
    ("Anne de Wit is per 1 mei onze nieuwe directeur.", "job_change"),
    ("Kent iemand een goede notaris in Zwolle?", "introduction_request"),
    ("Schikt dinsdag om tien uur voor een afspraak?", "appointment"),
    ("Ik maak het bedrag morgen over.", "payment_promise"),
    ("Deze factuur klopt niet, die uren zijn nooit gemaakt.", "payment_dispute"),
    ("Hoe was je vakantie? Wij hadden alleen maar regen op de camping.", "small_talk"),
    ("Could you send me a quote for six new desks?", "buying_intent"),
    ("What a brilliant job your team did, we are delighted with the kitchen.", "praise"),
    ("It would be great if the app had a dark mode.", "idea"),
    ("I passed your number to my neighbour, she needs a new roof.", "referral"),
    ("We won't be renewing our subscription next year.", "churn_threat"),
    ("I'll pay the outstanding amount by Friday.", "payment_promise"),
    ("Does anyone know a good accountant in Leeds?", "introduction_request"),
]


def one(text: str, tier: str = STANDARD) -> Recognition:
    return recognise([Incoming(text)], tier=tier)[0]


@pytest.mark.parametrize(("text", "label"), PLAIN)
def test_what_is_plain_is_recognised(text: str, label: str) -> None:
    found = one(text)
    assert found.labels[label] >= 0.5, found.labels
    assert set(found.labels) == set(LABELS)
    assert label in found.reasons or label == "small_talk"


def test_the_light_tier_sees_most_of_it() -> None:
    found = recognise([Incoming(text) for text, _ in PLAIN], tier=LIGHT)
    assert sum(each.labels[label] >= 0.5 for each, (_, label) in zip(found, PLAIN, strict=True)) >= len(PLAIN) * 0.75


def test_a_message_alone_is_what_it_is_among_others() -> None:
    together = recognise([Incoming(text) for text, _ in PLAIN])
    for (text, _), found in zip(PLAIN[:4], together, strict=False):
        alone = one(text)
        assert alone.labels == pytest.approx(found.labels, abs=0.01)
        assert alone.mentions == found.mentions


def test_how_it_came_in_counts_where_that_is_known() -> None:
    text = "Weet iemand hier een goede app voor facturen?"
    untold, unknown, forum = recognise([Incoming(text), Incoming(text, "fax"), Incoming(text, "forum")])
    assert untold.labels == pytest.approx(unknown.labels, abs=0.01)
    assert forum.labels["introduction_request"] != pytest.approx(untold.labels["introduction_request"], abs=0.001)


def test_mentions_have_their_places() -> None:
    text = "Anne de Wit van Bakkerij Jansen belt dinsdag om 10 uur over € 1.250, of bel 0612345678 (anne@jansen.nl)."
    found = one(text)
    kinds = {mention.kind: mention.text for mention in found.mentions}
    assert all(text[each.start : each.end] == each.text for each in found.mentions)
    assert kinds["person"] == "Anne de Wit"
    assert kinds["organization"] == "Bakkerij Jansen"
    assert kinds["amount"] == "€ 1.250"
    assert kinds["phone"] == "0612345678"
    assert kinds["email"] == "anne@jansen.nl"
    assert "dinsdag" in kinds["date"]


def test_places_count_code_points() -> None:
    text = "🎉🎉 Groetjes van Sanne Bakker"
    assert ("person", "Sanne Bakker") in {(each.kind, text[each.start : each.end]) for each in one(text).mentions}


def test_known_names_help() -> None:
    text = "hebben jullie de stalen frame 3000 ook in het groen, vraagt Quirzo"
    known = recognise([Incoming(text)], known={"stalen frame 3000": "product", "quirzo": "organization"})[0]
    found = {(each.kind, each.text) for each in known.mentions}
    assert {("product", "stalen frame 3000"), ("organization", "Quirzo")} <= found
    assert ("product", "stalen frame 3000") not in {(each.kind, each.text) for each in one(text).mentions}


def test_a_known_word_that_is_written_small_is_no_name() -> None:
    known = recognise([Incoming("doe mij er maar drie, goed?")], known={"goed": "organization"})[0]
    assert known.mentions == ()


def test_small_talk_is_marked_where_it_is() -> None:
    text = "Hoe was het op Texel, nog gezeild met de kinderen? Graag ontvang ik de offerte voor de twaalf stoelen."
    found = one(text)
    assert [text[start:end] for start, end in found.small_talk] == [text[: text.index("?") + 1]]


def test_what_is_quoted_and_signed_gives_no_label() -> None:
    bare = "Akkoord."
    quoted = "Akkoord.\n> Dit is een schande, ik eis mijn geld terug!\n-- \nComplaints department"
    assert said(quoted) == bare
    assert one(quoted).labels == one(bare).labels


def test_relevance_has_three_states() -> None:
    assert one("Stuurt u ons een offerte voor het nieuwe dak?").relevance == "business"
    assert one("Kijk die film vanavond, echt. Iedereen huilde.").relevance == "small_talk"
    assert one("Gefeliciteerd met je verjaardag!").relevance == "small_talk"
    assert one("Mijn zusje is jarig. Wanneer komt de factuur?").relevance == "business"
    assert one("Fijn weekend!").relevance == "unsure"


@pytest.mark.parametrize("text", ["", " ", "\n\n", "👍", "?", "\ud800", "a" * 100_000, "> alles\n> geciteerd", "\x00"])
def test_anything_may_come_in(text: str) -> None:
    for tier in (LIGHT, STANDARD):
        found = one(text, tier)
        assert all(0 <= chance <= 1 for chance in found.labels.values())


def test_sentences_keep_their_places_and_abbreviations() -> None:
    text = "Dhr. Smit belde. Hij komt! \n Tot dan"
    assert [text[start:end] for start, end in sentences(text)] == ["Dhr. Smit belde.", "Hij komt!", "Tot dan"]


def test_nothing_in_a_model_can_run() -> None:
    with zipfile.ZipFile(BASE / "arrays.npz") as arrays:
        for name in arrays.namelist():
            assert b"'|O'" not in arrays.read(name)[:200]
    assert json.loads((BASE / "model.json").read_text("utf-8"))["version"] == base().version


def test_a_folder_without_a_model_is_said(tmp_path: Path) -> None:
    with pytest.raises(UnknownModel, match="no readable model"):
        load(tmp_path)
    (tmp_path / "model.json").write_text("{}")
    (tmp_path / "arrays.npz").write_bytes(b"PK")
    with pytest.raises(UnknownModel):
        load(tmp_path)
