# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a newcomer finds: enough of everything, told in words that do not repeat themselves."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from plein.consent.models import NeverContact, Purpose, Restriction
from plein.consent.queries import latest, purposes
from plein.consent.queries.retention import asked_for
from plein.core.ids import now
from plein.core.isolation import current, workspace_context
from plein.core.models import Operation
from plein.core.operations import CannotUndo, operation, undo
from plein.example.actions import is_loaded, load_example, remove_example
from plein.example.library import read, threads
from plein.example.staff import eyes_of_everybody
from plein.example.tests.conftest import fresh
from plein.inbox.models import Message
from plein.inbox.queries import messages
from plein.inbox.vocabulary import Tab
from plein.listening.queries import heard_by, searches
from plein.lists.models import SavedView
from plein.moments.models import Attachment, Moment, MomentSubject, MomentText, Participant, ToDo
from plein.mypage.queries import requests
from plein.outbox.models import Identity, Template
from plein.relations.models import ContactPoint, ContactPointLink, Membership, Relation, RelationValues, Tie
from plein.testing.factories import make_person, make_todo
from plein.trust.actions import change_workspace
from plein.trust.circles import circle_for
from plein.trust.models import Seat, Team, User, Workspace
from plein.trust.seats import entered

pytestmark = pytest.mark.timeout(240)
Loaded = tuple[Workspace, User]


@contextmanager
def everything(loaded: Loaded) -> Iterator[None]:
    """With the eyes of everybody at once."""
    with entered(loaded[1]), workspace_context(replace(current(), circles=eyes_of_everybody())):
        yield


def test_the_company_has_the_size_that_is_promised(loaded: Loaded) -> None:
    with everything(loaded):
        assert Relation.objects.filter(kind="organization").count() == 150
        assert Relation.objects.filter(kind="person").count() == 600
        assert Moment.objects.count() >= 6000
        assert Seat.objects.count() == 17 and Team.objects.count() == 4
        assert Tie.objects.count() >= 300
        assert Attachment.objects.count() >= 40


def test_every_page_about_consent_has_something_to_show(loaded: Loaded) -> None:
    with everything(loaded):
        states = Counter(str(one.state_now) for one in latest())
        assert {"given", "refused", "withdrawn", "expired"} <= states.keys() and states["given"] > 40
        assert NeverContact.objects.count() == Restriction.objects.count() == 1
        assert [one.is_late for one in requests(None)] == [False]
        assert [one.keeping.key for one in asked_for()] == ["moment-voicemail"]
        assert len(purposes()) == Purpose.objects.count() == 5


def test_every_channel_is_used_and_contacts_span_two_years(loaded: Loaded) -> None:
    with everything(loaded):
        kinds = Counter(Moment.objects.values_list("kind", flat=True))
        first = now() - timedelta(days=640)
        assert len(kinds) == 10 and min(kinds.values()) >= 50
        assert Moment.objects.filter(occurred_at__lt=first).count() >= 100


def test_no_text_is_there_more_than_three_times(loaded: Loaded) -> None:
    with everything(loaded):
        texts = Counter(
            text[:quote] if quote else text for text, quote in MomentText.objects.values_list("text", "quote_from")
        )
        assert max(texts.values()) <= 3
        assert sum(many for many in texts.values() if many == 1) >= 0.9 * sum(texts.values())


def test_no_slot_and_no_variation_is_left_open(loaded: Loaded) -> None:
    with everything(loaded):
        told = [
            *MomentText.objects.values_list("text", flat=True),
            *MomentSubject.objects.values_list("title", flat=True),
        ]
        told += [*ToDo.objects.values_list("title", flat=True), *ToDo.objects.values_list("note", flat=True)]
        told += MomentText.objects.values_list("follow_up", flat=True)
        assert [text for text in told if re.search(r"\[\[|\]\]|[{}]|lorem", text)] == []


def test_nobody_writes_to_themselves_and_nothing_done_lies_in_the_future(loaded: Loaded) -> None:
    with everything(loaded):
        twice = Counter(Participant.objects.filter(relation__isnull=False).values_list("moment_id", "relation_id"))
        assert max(twice.values()) == 1
        assert not Moment.objects.filter(state="done", occurred_at__gt=now()).exists()


def test_nobody_is_spoken_to_at_a_company_before_or_after_working_there(loaded: Loaded) -> None:
    with everything(loaded):
        told = {moment["subject"] for moment in read("texts/stories")["moment"] if "subject" in moment}
        mails = Participant.objects.filter(moment__kind="email", is_ours=False, relation__kind="person", role="from")
        strangers = 0
        for relation, at, moment in mails.values_list("relation_id", "occurred_at", "moment_id")[:400]:
            employers = set(
                Membership.objects.filter(person=relation, starts_on__lte=at.date())
                .exclude(ends_on__lt=at.date())
                .values_list("organization_id", flat=True)
            )
            named = set(Participant.objects.filter(moment=moment, role="for").values_list("relation_id", flat=True))
            strangers += (
                not named <= employers and not MomentSubject.objects.filter(moment=moment, title__in=told).exists()
            )
        assert strangers == 0


def test_addresses_and_numbers_reach_nobody(loaded: Loaded) -> None:
    with everything(loaded):
        mails = ContactPoint.objects.filter(kind="email").values_list("value", flat=True)
        assert all(value.endswith(".example") for value in mails)
        assert len(set(mails)) == len(mails)
        dutch = ContactPoint.objects.filter(kind="phone", value__startswith="+31").values_list("value", flat=True)
        assert [value for value in dutch if not re.match(r"\+31(600|(38|55|5\d\d?)0)", value)] == []


def test_the_stories_are_told_word_for_word(loaded: Loaded) -> None:
    stories = read("texts/stories")
    with everything(loaded):
        told = set(MomentText.objects.values_list("text", flat=True))
        plain = [moment["text"].strip() for moment in stories["moment"] if "{" not in moment["text"]]
        assert [text for text in plain if text not in told] == []
        names = set(Relation.objects.values_list("name", flat=True))
        cast = [*stories["colleague"], *stories["person"], *stories["organization"]]
        assert {table["name"] for table in cast} <= names
        titles = set(MomentSubject.objects.filter(moment__state="planned").values_list("title", flat=True))
        assert {appointment["title"] for appointment in stories["appointment"]} <= titles
        assert ToDo.objects.filter(title="Offerte Tuinstra nakijken", assignee__user__name="Sanne de Wit").exists()


def test_the_man_of_the_lost_quotation_has_one_history_over_both_jobs(loaded: Loaded) -> None:
    with everything(loaded):
        ruud = Relation.objects.get(name="Ruud Scholten")
        assert Membership.objects.filter(person=ruud).count() == 2
        heard = Participant.objects.filter(relation=ruud, role="from", moment__kind="email").values_list(
            "contact_point__value", flat=True
        )
        assert list(heard) == ["ruud@koelhuissalland.example"]
        assert ContactPointLink.objects.filter(relation=ruud, contact_point__kind="email").count() == 2
        assert Tie.objects.filter(one__name="Jeroen Wolters", other__name="Bram Wolters", kind="family").exists()


def test_the_hidden_lead_does_not_exist_for_anybody_but_hanneke(loaded: Loaded) -> None:
    for name, sees in (("Olga Owner", False), ("Sanne de Wit", False), ("Hanneke Voortman", True)):
        with entered(loaded[1]):
            user = User.objects.get(name=name)
        with entered(user):
            assert Relation.objects.filter(name="Charlotte van Rhijn").exists() == sees
            assert Relation.objects.filter(name="Van Rhijn Warmtenetten").exists() == sees
            assert MomentText.objects.filter(text__contains="Charlotte").exists() == sees
            assert ContactPoint.objects.filter(value__contains="vanrhijn").exists() == sees
            assert ToDo.objects.filter(title__contains="Beheerplan").exists() == sees


def test_a_note_for_accounts_is_read_by_accounts_only(loaded: Loaded) -> None:
    for name, sees in (("Sanne de Wit", False), ("Pieter Kuipers", True)):
        with entered(loaded[1]):
            user = User.objects.get(name=name)
        with entered(user):
            assert MomentSubject.objects.filter(title="Aanmaning aangehouden").exists() == sees


def test_whoever_signs_in_first_has_a_day_ahead(loaded: Loaded) -> None:
    with entered(loaded[1]) as actor:
        today = timezone.localdate()
        mine = Moment.objects.filter(
            state="planned",
            participants__relation__seat_id=actor.seat_id,
            occurred_at__date__gte=today - timedelta(days=1),
        )
        assert mine.count() >= 6
        open_todos = ToDo.objects.filter(assignee_id=actor.seat_id, done_at=None)
        assert open_todos.filter(due_on__lt=today + timedelta(days=1)).count() >= 3
        assert open_todos.filter(due_on__gt=today).exists()
        assert Relation.objects.filter(owner_id=actor.seat_id, kind="organization").count() >= 3
        assert Relation.objects.get(seat_id=actor.seat_id).name == "Olga Owner"


def test_colleagues_cannot_sign_in_with_a_password(loaded: Loaded) -> None:
    with entered(loaded[1]):
        colleagues = User.objects.filter(seats__role__in=["member", "manager", "administrator"])
        assert len(colleagues) == 16
        assert [user for user in colleagues if user.has_usable_password()] == []


def literal(text: str) -> str:
    """The longest piece of a text that no slot and no variation changes."""
    return max(re.split(r"\[\[.*?\]\]|\{\w+\}", text, flags=re.DOTALL), key=len).strip()


def test_seasons_are_kept(loaded: Loaded) -> None:
    zone = timezone.get_default_timezone()
    with everything(loaded):
        found = 0
        for thread in threads():
            if len(thread.months) == 12:
                continue
            words = literal(thread.messages[0].text)
            texts = MomentText.objects.filter(text__contains=words).select_related("moment")
            # An answer quotes it, and may be of the month after.
            said = [one.moment.occurred_at for one in texts if words in one.text[: one.quote_from]]
            months = {at.astimezone(zone).month for at in said}
            assert months <= thread.months, thread.id
            found += len(months)
        assert found >= 18


def test_a_text_about_him_is_about_a_man(loaded: Loaded) -> None:
    names = read("names/people")
    first = {gender: set(names["known"][gender]) for gender in "mf"}
    for origin in names["origin"]:
        for gender in "mf":
            first[gender] |= set(origin[gender])
    with everything(loaded):
        wrong = []
        for thread in threads():
            if not thread.gender or thread.is_by_stranger:
                continue
            parts = Participant.objects.filter(moment__texts__text__startswith=literal(thread.messages[0].text)[:30])
            people = parts.filter(relation__kind="person", is_ours=False).exclude(role="cc")
            wrong += [n for n in people.values_list("relation__given_name", flat=True) if n not in first[thread.gender]]
        assert wrong == []


def test_no_colleague_tells_of_themselves_by_name(loaded: Loaded) -> None:
    """Some texts name a colleague as somebody else, who then cannot have written it."""
    with everything(loaded):
        written = Moment.objects.filter(kind__in=["call", "visit", "meeting", "note"], state="done").exclude(
            texts__text__in=[moment["text"].strip() for moment in read("texts/stories")["moment"]]
        )
        told = written.values_list("recorded_by__user__name", "texts__text")
        assert [text for name, text in told if name and re.search(rf"\b{name.split()[0]}\b", text)] == []


def test_the_company_shows_what_one_can_make_oneself(loaded: Loaded, signed_in: Callable[[User], Client]) -> None:
    client = signed_in(loaded[1])
    page = client.get("/organizations/").content.decode()
    with entered(loaded[1]) as actor:
        views = SavedView.objects.filter(pins__seat_id=actor.seat_id)
        assert views.count() == 2 and all(view.name in page for view in views)
        shown = [client.get(f"/organizations/?view={view.id}").content.decode() for view in views]
        assert all("Kind of heat pump" in one or "Soort warmtepomp" in one for one in shown)
        assert not any("shown without it" in one or "zonder getoond" in one for one in shown)
        assert RelationValues.objects.count() >= 40
        assert Identity.objects.get().seat_id == actor.seat_id and Template.objects.count() == 1


def test_loading_twice_changes_nothing(loaded: Loaded) -> None:
    with everything(loaded):
        before = Moment.objects.count()
    load_example(loaded[0])
    with everything(loaded):
        assert Moment.objects.count() == before
    assert is_loaded(loaded[0]) and loaded[0].name == "Noorderlicht Techniek"


def test_the_inbox_holds_what_was_not_answered_yet(loaded: Loaded) -> None:
    with everything(loaded):
        states = Counter(Message.objects.values_list("state", flat=True))
        mine, heard = messages(Tab.ME), messages(Tab.HEARD)
        listened = heard_by(searches()).by
    assert states["open"] >= 8 and states["done"] >= 20
    assert mine.lines and heard.lines
    assert len(listened) == 3 and all(len(found) >= 1 for found in listened.values())


def test_what_people_made_themselves_is_told_apart_and_stays(loaded: Loaded) -> None:
    # The last of this module, for it leaves nothing to look at.
    workspace, owner = loaded
    with entered(owner) as actor:
        change_workspace(actor=actor, name="Echt Bedrijf", country="NL", domains=[])
        henk = Relation.objects.get(name="Henk van Dijk")
        sanne = Seat.objects.get(user__name="Sanne de Wit")
        with operation("edit_relation"):
            Relation.objects.filter(id=henk.id).update(headline="Veranderd")
        mine = make_person("Mijn Eigen Klant", owner=sanne, circle_id=circle_for("Verkoop"))
        todo = make_todo("Zelf bedacht", relation=henk, assignee=sanne)
        with operation("record_moment"):
            moment = Moment.objects.create(kind="call", occurred_at=now())
            text = MomentText.objects.create(moment=moment, text="Zelf gebeld.")
            point = ContactPoint.objects.get(value="henk@vandijkzwolle.example")
            heard = Participant.objects.create(
                moment=moment, role="from", relation=henk, contact_point=point, heard_name="Henk", occurred_at=now()
            )
        remove_example(actor=actor)
    with entered(owner) as actor:
        assert not Relation.objects.filter(name="Henk van Dijk").exists()
        assert Relation.objects.get(id=mine.id).owner_id is None
        assert ToDo.objects.get(id=todo.id).relation_id is None
        assert MomentText.objects.get(id=text.id).text == "Zelf gebeld."
        kept = Participant.objects.get(id=heard.id)
        assert kept.relation_id is None and kept.heard_name == "Henk"
        assert Moment.objects.count() == 1 and Seat.objects.count() == 1
        last = Operation.objects.filter(verb="undo").latest("started_at")
        with pytest.raises(CannotUndo):
            undo(last.id)
    assert fresh(workspace).name == "Echt Bedrijf"
