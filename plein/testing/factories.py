# SPDX-License-Identifier: AGPL-3.0-or-later
"""Plain functions that make records for tests, in the context in force."""

from datetime import timedelta
from typing import Any

from plein.asking.models import IntroductionRequest, IntroductionStep, Turn
from plein.consent.actions import Answer, PurposeFacts, add_purpose, record_consent
from plein.consent.models import Decision, Purpose
from plein.consent.queries import purpose_called
from plein.core.ids import now
from plein.core.isolation import default_circle_id
from plein.core.operations import operation
from plein.hooks.actions import HookFacts, OutFacts, add_hook, add_out_hook, set_example
from plein.hooks.models import Hook, OutHook
from plein.imports.models import ContactImport, Foreseen
from plein.inbox.models import Message
from plein.metadata.models import Field, FieldGroup
from plein.moments.models import Moment, MomentSubject, MomentText, Participant, ToDo
from plein.mypage.actions.ways import begun_subject
from plein.mypage.models import PageRequest
from plein.questions.models import Answer as QuestionAnswer
from plein.questions.models import Asked
from plein.questions.models import Question as SquareQuestion
from plein.questions.models import Turn as QuestionTurn
from plein.relations.actions import TieTypeFacts, add_tie_type
from plein.relations.models import ContactPoint, ContactPointLink, Membership, Relation, TieType
from plein.trust.circles import only_me
from plein.trust.seats import Entrance


def make_person(name: str = "Henk van Dijk", **changes: Any) -> Relation:
    """A person, with `name` as display and sort name unless told otherwise."""
    with operation("create_person"):
        return Relation.objects.create(**{"kind": "person", "name": name, "sort_name": name.lower(), **changes})


def make_organization(name: str = "Van Dijk Installatietechniek", **changes: Any) -> Relation:
    """An organization."""
    with operation("create_organization"):
        return Relation.objects.create(**{"kind": "organization", "name": name, "sort_name": name.lower(), **changes})


def make_membership(person: Relation, organization: Relation, role: str = "directeur", **changes: Any) -> Membership:
    """A person's role at an organization."""
    with operation("add_membership"):
        return Membership.objects.create(person=person, organization=organization, role=role, **changes)


def make_contact_point(relation: Relation, kind: str, value: str, **changes: Any) -> ContactPointLink:
    """A contact point that belongs to a relation."""
    with operation("add_contact_point"):
        point = ContactPoint.objects.create(kind=kind, value=value, display=value)
        return ContactPointLink.objects.create(contact_point=point, relation=relation, **changes)


def make_moment(*relations: Relation, title: str = "Offerte", text: str = "Goed gesprek.", **changes: Any) -> Moment:
    """A contact moment with these relations, its subject and its text."""
    values = {"kind": "call", "occurred_at": now() - timedelta(hours=1), **changes}
    with operation("record_moment"):
        moment = Moment.objects.create(**values)
        MomentSubject.objects.create(moment=moment, title=title)
        MomentText.objects.create(moment=moment, text=text)
        for relation in relations:
            Participant.objects.create(moment=moment, role="with", relation=relation, occurred_at=moment.occurred_at)
        return moment


def make_message(moment: Moment, **changes: Any) -> Message:
    """That a moment came in as a message, in its circle."""
    with operation("receive_message"):
        values = {"came_at": moment.occurred_at, "at": moment.occurred_at, "circle_id": moment.circle_id}
        return Message.objects.create(moment=moment, **values | changes)


def make_todo(title: str = "Bel terug", **changes: Any) -> ToDo:
    """A to-do."""
    with operation("create_todo"):
        return ToDo.objects.create(title=title, **changes)


def make_group(name: str = "Commercial", **changes: Any) -> FieldGroup:
    """A group of fields, for everyone here unless told otherwise."""
    with operation("add_field_group"):
        return FieldGroup.objects.create(
            **{"name_nl": name, "name_en": name, "circle_id": default_circle_id()} | changes
        )


def make_field(type: str = "text", group: FieldGroup | None = None, key: str = "", **changes: Any) -> Field:
    """A field of people, in a group of its own unless told otherwise; choices are given by their words."""
    key = key or type
    choices = [{"key": word.lower(), "nl": word, "en": word} for word in changes.pop("choices", ())]
    values = {"label_nl": key.title(), "label_en": key.title(), "kinds": ["person"], "choices": choices, **changes}
    group = group or make_group(f"Group of {key}")
    with operation("add_field"):
        return Field.objects.create(group=group, type=type, key=key, **values)


def make_purpose(actor: Entrance, name: str = "Birthday cards", **changes: Any) -> Purpose:
    """Something to use data for, for which people say yes."""
    words = {"name_en": name, "what_en": "We send a card.", "benefit_en": "A card.", "basis": "consent"}
    return add_purpose(actor=actor, facts=PurposeFacts(**{**words, "kinds": ("email", "postal"), **changes}))


def make_tie_type(actor: Entrance, name: str = "is mentor of", **changes: Any) -> TieType:
    """A kind of tie of the company's own, from one person to another."""
    facts: dict[str, Any] = {"name_en": name, "strength": "ordinary", "may_introduce": True} | changes
    return add_tie_type(actor=actor, facts=TieTypeFacts(**facts))


def make_decision(actor: Entrance, relation: Relation, key: str, state: str = "given", **more: Any) -> Decision:
    """What somebody said to a purpose."""
    purpose = purpose_called(key)
    assert purpose is not None
    answer = Answer(**{"relation": relation, "purpose": purpose, "state": state, "how": "call", **more})
    return record_consent(actor=actor, answer=answer)


def make_introduction(actor: Entrance, target: Relation, *people: Relation) -> IntroductionRequest:
    """A request of somebody to be introduced, on a way through these; nobody was asked yet."""
    values = {"seat_id": actor.seat_id, "own_circle_id": only_me(), "expires_at": now() + timedelta(days=14)}
    made: IntroductionRequest = IntroductionRequest.objects.create(target=target, purpose="Heat pumps", **values)
    for place, person in enumerate(people, start=1):
        IntroductionStep.objects.create(request=made, person=person, place=place)
    return made


def make_turn(actor: Entrance, request: IntroductionRequest, person: Relation) -> Turn:
    """That somebody is asked themselves, as part of a request."""
    values = {"place": 1, "asker_id": actor.seat_id, "seat_id": actor.seat_id, "text": "Could you introduce me?"}
    made: Turn = Turn.objects.create(
        request=request,
        person=person,
        target_id=request.target_id,
        own_circle_id=only_me(),
        expires_at=request.expires_at,
        **values,
    )
    return made


def make_question(actor: Entrance, person: Relation, text: str = "Who knows about heat pumps?") -> QuestionAnswer:
    """A question of one's own that one is asked oneself too, with an answer."""
    with operation("ask_question"):
        values = {"seat_id": actor.seat_id, "ring_until": now() + timedelta(days=2)}
        asked = SquareQuestion.objects.create(text=text, expires_at=now() + timedelta(days=14), **values)
        values = {"question": asked, "person": person, "own_circle_id": only_me(), "ring": 1}
        Asked.objects.create(**values)
        QuestionTurn.objects.create(seat_id=actor.seat_id, **values)
        moment = make_moment(person, title=text, text="The ones from De Linde are quiet.", kind="chat")
        made: QuestionAnswer = QuestionAnswer.objects.create(question=asked, moment=moment, seat_id=actor.seat_id)
        return made


def make_page_request(actor: Entrance, relation: Relation, **changes: Any) -> PageRequest:
    """Something that a person asks on their own page."""
    usual = {"kind": "correct", "words": "My name has a k.", "due_on": now().date() + timedelta(days=30)}
    return PageRequest.objects.create(subject=begun_subject(actor, relation), **usual | changes)


def make_book(actor: Entrance) -> ContactImport:
    """An address book of which was looked what would become of it."""
    looked = {"seat_id": actor.seat_id, "name": "adressen.csv", "path": "/nowhere.csv", "encoding": "utf-8-sig"}
    table = {
        "delimiter": ",",
        "head": ["Naam"],
        "mapping": ["name"],
        "foreseen": {"new": 1, "looked": 1, "is_all": True},
    }
    made: ContactImport = ContactImport.objects.create(state="preview", **looked, **table)
    Foreseen.objects.create(contact_import=made, circle_id=made.circle_id, number=1, name="Ada Bos", what="new")
    return made


def make_hook(actor: Entrance, name: str = "Telephone") -> Hook:
    """An address for a program, with an example of what it says."""
    hook = add_hook(actor=actor, facts=HookFacts(name, circle="everyone")).hook
    return set_example(actor=actor, hook=hook, text='{"from": "+31201234567"}')


def make_out_hook(actor: Entrance, name: str = "Books") -> OutHook:
    """A program that is told of contact, at an address where nobody listens."""
    facts = OutFacts(name, "https://127.0.0.1:1/", ("moment.created",))
    return add_out_hook(actor=actor, facts=facts).hook
