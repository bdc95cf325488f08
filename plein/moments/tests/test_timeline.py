# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from plein.core.finding import search
from plein.core.ids import new_id, now
from plein.core.operations import operation
from plein.moments.models import MomentText, Participant
from plein.moments.queries import BadCursor, Cursor, fold_threads, last_contact, thread, timeline
from plein.testing.budgets import within_budget
from plein.testing.factories import make_moment, make_organization, make_person, make_todo
from plein.trust.circles import only_me
from plein.trust.models import User
from plein.trust.seats import entered

type SignIn = Callable[[User], Client]


def test_pages_follow_each_other_without_gap_or_double(alice: User) -> None:
    with entered(alice):
        henk, same = make_person(), now() - timedelta(days=1)
        made = {make_moment(henk, title=str(n), occurred_at=same - timedelta(hours=n // 3)).id for n in range(10)}
        seen = []
        page = timeline(henk.id, limit=4)
        while True:
            seen += [line.id for line in page.moments]
            if page.next is None:
                break
            page = timeline(henk.id, before=Cursor.read(str(page.next)), limit=4)

        assert len(seen) == len(set(seen)) == 10
        assert set(seen) == made


def test_a_relation_named_twice_has_the_moment_once(alice: User) -> None:
    with entered(alice):
        henk = make_person()
        made = make_moment(henk)
        with operation("test"):
            Participant.objects.create(moment=made, relation=henk, role="cc", occurred_at=made.occurred_at)

        assert [line.id for line in timeline(henk.id).moments] == [made.id]


def test_the_first_page_brings_what_is_coming_up(alice: User) -> None:
    with entered(alice):
        henk = make_person()
        later = make_moment(henk, state="planned", occurred_at=now() + timedelta(days=2))
        sooner = make_moment(henk, state="planned", occurred_at=now() + timedelta(days=1))
        past = make_moment(henk, state="planned", occurred_at=now() - timedelta(days=1))
        page = timeline(henk.id, with_coming=True)

        assert [line.id for line in page.coming] == [sooner.id, later.id]
        assert [line.id for line in page.moments] == [past.id]


def test_the_preview_leaves_out_quotes_and_signature(alice: User) -> None:
    with entered(alice):
        henk = make_person()
        make_moment(henk, text="Akkoord,\n  voor donderdag.\n-- \nHenk\n> eerder")
        with operation("test"):
            MomentText.objects.update(signature_from=27, quote_from=35)

        assert timeline(henk.id).moments[0].text == "Akkoord, voor donderdag."


def test_the_preview_of_an_answer_between_the_lines_is_the_answer(alice: User) -> None:
    with entered(alice):
        person = make_person()
        make_moment(person, text="> Is dinsdag goed?\n> En hoe laat?\nDinsdag om tien uur.\n")
        make_moment(person, text="> Alleen een citaat")

        assert [line.text for line in timeline(person.id).moments] == ["> Alleen een citaat", "Dinsdag om tien uur."]


def test_the_preview_keeps_apart_what_was_listed_by_hand_and_not_what_a_mail_wrapped(alice: User) -> None:
    with entered(alice):
        person = make_person()
        make_moment(person, kind="email", text="We spraken met\nHenk over de loods.")
        make_moment(person, kind="visit", text="Offerte fase 2\nKennismaken met Rik\n")

        assert [line.text for line in timeline(person.id).moments] == [
            "Offerte fase 2 · Kennismaken met Rik",
            "We spraken met Henk over de loods.",
        ]


def test_moments_of_one_thread_fold_to_the_newest(alice: User) -> None:
    with entered(alice):
        henk, together = make_person(), new_id()
        mails = [
            make_moment(henk, kind="email", thread_id=together, occurred_at=now() - timedelta(hours=n))
            for n in (1, 2, 3)
        ]
        other = make_moment(henk, occurred_at=now() - timedelta(hours=2, minutes=30))
        folded = fold_threads(timeline(henk.id).moments)

        assert [(newest.id, len(earlier)) for newest, earlier in folded] == [(mails[0].id, 2), (other.id, 0)]
        assert [line.id for line in thread(together)] == [mails[2].id, mails[1].id, mails[0].id]


def test_a_hidden_participant_is_in_no_line_no_count_and_no_search(alice: User, bob: User) -> None:
    with entered(alice):
        henk, hidden = make_person(), make_person("Verborgen Vos", circle_id=only_me())
        make_moment(henk, hidden)
    with entered(bob):
        line = timeline(henk.id).moments[0]
        assert [part.name for part in line.parts] == ["Henk van Dijk"]
        assert timeline(hidden.id).moments == []
        assert search("Verborgen").relations == []
        assert last_contact([henk.id, hidden.id]).keys() == {henk.id}


def test_last_contact_counts_no_notes_no_newsletters_and_nothing_planned(alice: User) -> None:
    with entered(alice):
        henk, nobody = make_person(), make_person("Niemand")
        real = make_moment(henk, occurred_at=now() - timedelta(days=9))
        make_moment(henk, kind="note")
        make_moment(henk, kind="email", nature="newsletter")
        make_moment(henk, state="planned", occurred_at=now() + timedelta(days=1))
        found = last_contact([henk.id, nobody.id])

        assert found[henk.id].moment_id == real.id
        assert nobody.id not in found
        assert last_contact([]) == {}


def test_a_page_costs_few_statements_however_much_it_shows(alice: User, signed_in: SignIn) -> None:
    with entered(alice):
        company = make_organization()
        for n in range(40):
            make_moment(company, title=f"Contact {n}", occurred_at=now() - timedelta(hours=n))
        make_todo("Bel", relation=company)
    client = signed_in(alice)
    address = f"/relations/{company.id}/timeline"
    client.get(address)
    with within_budget(__file__, "timeline"):
        first = client.get(address).text
    after = first.split('hx-get="' + address + "?")[1:]
    more = next(part.split('"')[0] for part in after if part.startswith("before="))
    with within_budget(__file__, "timeline_rows"):
        rows = client.get(f"{address}?{more}", headers={"HX-Request": "true"})

    assert first.count('class="moment') >= 30
    assert rows.text.count("<article") == 10
    assert "<html" not in rows.text
    assert "<html" in client.get(f"{address}?{more}").text
    assert rows.headers["Vary"].count("HX-Request") == 1


def test_filters_choose_kinds_and_keep_a_real_address(alice: User, signed_in: SignIn) -> None:
    with entered(alice):
        henk = make_person()
        make_moment(henk, kind="email", title="Offerte per mail")
        make_moment(henk, kind="visit", title="Bezoek aan de loods")
    client = signed_in(alice)
    text = client.get(f"/relations/{henk.id}/timeline?kinds=mail").text

    assert "Offerte per mail" in text
    assert "Bezoek aan de loods" not in text
    assert client.get(f"/relations/{henk.id}/timeline?kinds=nonsense").status_code == 200


def test_a_place_that_is_none_is_refused_in_words(alice: User, signed_in: SignIn) -> None:
    with entered(alice):
        henk = make_person()
    for nonsense in ("x", "2026-01-01T00:00:00~" + str(uuid4()), "2026-01-01T00:00:00Z~x"):
        with pytest.raises(BadCursor):
            Cursor.read(nonsense)
        assert signed_in(alice).get(f"/relations/{henk.id}/timeline?before={nonsense}").status_code == 400


def test_strangers_find_no_timeline_and_no_thread(alice: User, charlie: User, bob: User, signed_in: SignIn) -> None:
    with entered(alice):
        henk, together = make_person(), new_id()
        make_moment(henk, thread_id=together)
    for path in (f"/relations/{henk.id}/timeline", f"/threads/{together}/"):
        assert signed_in(bob).get(path).status_code == 200
        assert signed_in(charlie).get(path).status_code == 404
    colleague = signed_in(bob)
    colleague.get("/todos/")
    with within_budget(__file__, "thread"):
        colleague.get(f"/threads/{together}/")


def test_an_empty_timeline_says_what_to_do(alice: User, gina: User, signed_in: SignIn) -> None:
    with entered(alice):
        henk = make_person()
        make_moment(make_person("Rik"))
    assert "No contact yet" in signed_in(alice).get(f"/relations/{henk.id}/timeline").text
    guest = signed_in(gina).get(f"/relations/{henk.id}/timeline").text
    assert "plein-composer" not in guest
