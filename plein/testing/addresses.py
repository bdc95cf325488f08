# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every address Plein has, read from its URLconf, and a workspace with one of each thing to fill their ids with."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO
from uuid import UUID

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from plein.channels.models import Connection, ConnectionProblem, ImportProblem, MailImport, SunkLetter
from plein.consent.actions import keep_list
from plein.core.ids import new_id, now
from plein.core.models import Operation
from plein.core.operations import operation
from plein.identity.models import Pair
from plein.lists.actions import save_view
from plein.lists.bulk.actions import change_many
from plein.lists.query import ViewQuery
from plein.metadata.actions import set_values
from plein.moments.actions import IncomingFile, Part, attach_files, plan_appointment
from plein.moments.models import MomentText
from plein.outbox.actions import Content, IdentityFacts, TemplateFacts, keep_identity, keep_mail, keep_template
from plein.relations.actions import delete_relation, edit_relation, tag
from plein.relations.models import ImportantDate, Interest, Relation, RelationValues, Tie
from plein.testing import factories, searches, website_forms
from plein.trust.models import Seat, SignInProvider, Team, User
from plein.trust.seats import Entrance, entered

WORDS = {
    "key": "person",
    "kind": "person",
    "act": "tag",
    "thing": "relations",
    "name": "place",
    "part": "details",
    "mark": "first",
    "secret": "x" * 43,
    "code": "not_found",
    "new/kind": "feed",
}


def every_address(
    leaving_out: tuple[str, ...] = (), patterns: list[URLPattern | URLResolver] | None = None, prefix: str = ""
) -> Iterator[str]:
    """The routes of the URLconf, as they are written there, but for those behind another door."""
    for one in get_resolver().url_patterns if patterns is None else patterns:
        route = prefix + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from every_address(leaving_out, one.url_patterns, route)
        elif not route.startswith(leaving_out):
            yield route


@dataclass(frozen=True)
class World:
    """One of each thing in Alice's workspace, by the names that addresses use."""

    ids: dict[str, UUID]

    def path(self, route: str, *, nowhere: bool = False) -> str:
        """An address with real ids in it, or with ids of nothing at all."""
        parts: list[str] = []
        for part in route.split("/"):
            filled = part
            if part.startswith("<"):
                kind, _colon, name = part.strip("<>").partition(":")
                words = WORDS.get(f"{parts[-1]}/{name}") or WORDS.get(name, "1")
                filled = words if kind != "uuid" else str(self._id(parts[-1], name, nowhere))
            parts.append(filled)
        return "/" + "/".join(parts)

    def _id(self, folder: str, name: str, nowhere: bool) -> UUID:
        """The id of a name; one that means different things in different folders is kept with its folder."""
        if nowhere:
            return new_id()
        return self.ids.get(f"{folder}/{name}") or self.ids.get(name) or new_id()


@pytest.fixture
def world(alice: User) -> World:
    """A workspace with one of each."""
    with entered(alice) as actor:
        return World(
            _people(actor) | _moments(actor) | _mail(actor) | _settings(actor, alice) | _consent(actor) | _asking(actor)
        )


def _people(actor: Entrance) -> dict[str, UUID]:
    person, organization = factories.make_person(place="Zwolle"), factories.make_organization(place="Zwolle")
    other = factories.make_person("Sanne de Wit")
    membership = factories.make_membership(person, organization)
    point = factories.make_contact_point(person, "email", "henk@vandijk.example")
    tagging = tag(actor=actor, relation=person, name="Fair")
    with operation("add_tie"):
        tie = Tie.objects.create(one=person, other=other, kind="knows")
        interest = Interest.objects.create(relation=person, text="Quiet heat pumps")
        dated = ImportantDate.objects.create(relation=person, kind="birthday", on=date(1980, 5, 1))
    edit_relation(actor=actor, relation=person, changes={"place": "Hattem"}, based_on=person.version)
    edited = Operation.objects.latest("started_at")
    delete_relation(actor=actor, relation=factories.make_person("Hotel De Zon"))
    wish = {"name": ["fair"]}
    run = change_many(actor=actor, kind="person", ids=[other.id], act="tag", wish=wish, in_background=True)
    return {
        "relation_id": person.id,
        "known": other.id,
        "organization": organization.id,
        "record_id": person.id,
        "part_id": membership.id,
        "contact-points/part_id": point.id,
        "ties/part_id": tie.id,
        "tags/part_id": tagging.id,
        "interests/part_id": interest.id,
        "dates/part_id": dated.id,
        "tag_id": tagging.tag_id,
        "operation_id": edited.id,
        "run_id": run.id,
        "topic_id": searches.make_topic(actor).id,
        "suggestion_id": searches.make_suggestion().id,
        "search_id": searches.make_search(actor).id,
        "view_id": save_view(actor=actor, name="Quiet", query=ViewQuery("person"), audience="everyone").id,
    }


def _moments(actor: Entrance) -> dict[str, UUID]:
    person = Relation.objects.get(name="Henk van Dijk")
    moment = factories.make_moment(person, title="Offerte 2026-311")
    with operation("edit_moment"):
        MomentText.objects.filter(moment=moment).update(follow_up="Nabellen")
    [file] = attach_files(actor=actor, moment=moment, files=[IncomingFile("plan.txt", 3, BytesIO(b"abc"))])
    factories.make_message(moment)
    visit = plan_appointment(
        actor=actor,
        occurred_at=now() + timedelta(hours=2),
        participants=[Part(person.id), Part(Relation.objects.get(name="Sanne de Wit").id)],
        subject="Opname",
    )
    factories.make_todo("Offerte nabellen", relation=person, assignee_id=actor.seat_id)
    done = Operation.objects.latest("started_at")
    running = MailImport.objects.create(
        seat_id=actor.seat_id, name="post.mbox", path="/nowhere", state="done", operation_id=done.id
    )
    left = ImportProblem.objects.create(mail_import=running, position=1, reason="no head", circle_id=running.circle_id)
    return {
        "moment_id": moment.id,
        "appointments/moment_id": visit.id,
        "todo_id": factories.make_todo("Van Dijk bellen", relation=person).id,
        "thread_id": moment.thread_id,
        "participant_id": moment.participants.all()[0].id,
        "file_id": file.id,
        "import_id": running.id,
        "book_id": factories.make_book(actor).id,
        "problem_id": left.id,
    }


def _mail(actor: Entrance) -> dict[str, UUID]:
    person = Relation.objects.get(name="Henk van Dijk")
    sender = IdentityFacts(name="Alice", address=actor.user.email)
    template = TemplateFacts(kind="template", name="Offerte", text="Dag {{person.name}}", circle="everyone")
    letter = SunkLetter.objects.create(sender="plein@plein.example", receivers="henk@vandijk.example", subject="Dag")
    listened = Connection.objects.create(
        seat_id=actor.seat_id, connector="feed", name="News", state="paused", settings={"url": "https://news.example/"}
    )
    refused = ConnectionProblem.objects.create(
        connection=listened, position=1, reason="The message is empty.", circle_id=listened.circle_id
    )
    return {
        "connection_id": listened.id,
        "refused/problem_id": refused.id,
        "identity_id": keep_identity(actor=actor, facts=sender).id,
        "template_id": keep_template(actor=actor, facts=template).id,
        "mail_id": keep_mail(actor=actor, content=Content(text="Dag **Henk**", relation_id=person.id)).id,
        "letter_id": letter.id,
    }


def _pair() -> Pair:
    """Two who may be one, as comparing the book would have found them."""
    both = Relation.objects.filter(name__in=["Henk van Dijk", "Sanne de Wit"]).order_by("id")[:2]
    levels = [["name", "other", -6.0], ["organization", "same", 12.0]]
    made: Pair = Pair.objects.create(
        one_id=both[0].id, other_id=both[1].id, bits=2.0, prior=-4.0, levels=levels, run_id=new_id()
    )
    return made


def _settings(actor: Entrance, user: User) -> dict[str, UUID]:
    person = Relation.objects.get(name="Henk van Dijk")
    field = factories.make_field("choices", choices=["Gold", "Silver"], kinds=["person", "moment"])
    factories.make_field("relation", field.group, kinds=["person"])
    set_values(actor=actor, values_model=RelationValues, record=person, values={"choices": "gold"})
    return {
        "form_id": website_forms.make_form(actor).id,
        "hook_id": factories.make_hook(actor).id,
        "out_id": factories.make_out_hook(actor).id,
        "pair_id": _pair().id,
        "type_id": factories.make_tie_type(actor).id,
        "field_id": field.id,
        "group_id": field.group_id,
        "seat": Seat.objects.get(user=user).id,
        "team": Team.objects.get(name="Sales").id,
    }


def _consent(actor: Entrance) -> dict[str, UUID]:
    person = Relation.objects.get(name="Henk van Dijk")
    purpose = factories.make_purpose(actor, "Birthday cards")
    factories.make_decision(actor, person, "newsletter", "refused")
    data = b"email,consent\nhenk@vandijk.example,yes\nrik@nobody.example,no\n"
    kept = keep_list(actor=actor, name="fair.csv", data=data)
    asked = factories.make_page_request(actor, person)
    return {"purpose_id": purpose.id, "list_id": kept.id, "request_id": asked.id}


def _asking(actor: Entrance) -> dict[str, UUID]:
    person, other = Relation.objects.get(name="Henk van Dijk"), Relation.objects.get(name="Sanne de Wit")
    asked = factories.make_introduction(actor, other, person)
    turn, answer = factories.make_turn(actor, asked, person), factories.make_question(actor, person)
    question = {"question_id": answer.question_id, "answer_id": answer.id}
    return {"introduction_id": asked.id, "turn_id": turn.id, **question}


def make_way_in(actor: Entrance) -> SignInProvider:
    """Another way to sign in. Its provider is nowhere, so that who goes there is told it cannot be reached."""
    made: SignInProvider = SignInProvider.objects.create(
        into_workspace=actor.workspace_id, name="Company login", issuer="https://login.plein.example", client_id="plein"
    )
    return made
