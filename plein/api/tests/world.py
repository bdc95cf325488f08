# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the callers find: one relation with something of everything, and what is only Alice's."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO
from uuid import UUID

from plein.channels.models import MailImport
from plein.core.ids import new_id, now
from plein.core.models import Operation
from plein.core.operations import operation
from plein.identity.actions import keep_apart
from plein.imports.models import ContactImport
from plein.metadata.actions import add_field, add_group
from plein.moments.actions import IncomingFile, attach_files
from plein.moments.models import Moment, MomentText, Participant
from plein.relations.actions import add_important_date, add_interest, add_tie, tag
from plein.relations.models import Relation
from plein.testing.factories import (
    make_contact_point,
    make_decision,
    make_membership,
    make_message,
    make_moment,
    make_organization,
    make_page_request,
    make_person,
    make_purpose,
    make_tie_type,
    make_todo,
)
from plein.testing.website_forms import make_form
from plein.trust.circles import only_me
from plein.trust.models import Seat, Team, User
from plein.trust.seats import entered

HIDDEN = "zilverspar"
#: Of what there is none in this world.
AWAY = ("token_id", "upload_id", "problem_id", "run_id", "view_id", "mail_id", "identity_id", "template_id") + (
    "introduction_id",
    "turn_id",
    "question_id",
    "search_id",
    "topic_id",
    "suggestion_id",
    "answer_id",
    "pair_id",
    "connection_id",
    "entry_id",
    "hook_id",
    "document_id",
    "out_id",
    "export_id",
    "address",
)


@dataclass(frozen=True)
class World:
    """The ids of what there is; `ids` are those by which the addresses of the door name it."""

    person: UUID
    organization: UUID
    moment: UUID
    operation: UUID
    hidden_person: UUID
    hidden_moment: UUID
    hidden_operation: UUID
    ids: dict[str, str]

    def address(self, path: str, **others: object) -> str:
        """An address of the description with the ids of this world in it."""
        names = self.ids | {name: str(value) for name, value in others.items()}
        return re.sub(r"{(\w+)}", lambda found: names[found[1]], path)


def last_operation() -> UUID:
    """What was done last."""
    return Operation.objects.order_by("-id").values_list("id", flat=True)[0]


def put_among_people(users: Iterable[User]) -> None:
    """Each of them is a person of the workspace too, as whoever gets a seat is."""
    for user in users:
        with entered(user) as actor:
            if not Relation.objects.filter(seat_id=actor.seat_id).exists():
                make_person(user.name, seat_id=actor.seat_id)


def fill(alice: User) -> World:
    """Fill Alice's workspace; whatever is called by the secret is for her alone."""
    with entered(alice) as actor:
        person = make_person("Henk van Dijk", place="Zwolle")
        operation_id = last_operation()
        organization = make_organization("Van Dijk Installatietechniek", place="Ommen")
        parts = {
            "membership_id": make_membership(person, organization).id,
            "link_id": make_contact_point(person, "email", "henk@vandijk.example").id,
            "tie_id": add_tie(actor=actor, one=person, other=organization, kind="knows").id,
            "tag_id": tag(actor=actor, relation=person, name="Klant").tag_id,
            "other_tag": tag(actor=actor, relation=person, name="Vaste klant").tag_id,
            "interest_id": add_interest(actor=actor, relation=person, text="Duiven").id,
            "date_id": add_important_date(actor=actor, relation=person, kind="birthday", on=date(1970, 2, 3)).id,
        }
        other = make_person("Sanne de Wit")
        parts["other_person"] = other.id
        parts["type_id"] = make_tie_type(actor).id
        parts["apart_id"] = keep_apart(actor=actor, relation=person, other=other)[0].id
        moment = make_moment(person, organization, title="Offerte")
        parts |= belongings_of(moment)
        make_message(moment)
        [file] = attach_files(actor=actor, moment=moment, files=[IncomingFile("a.txt", 3, BytesIO(b"abc"))])
        make_moment(person, title="Afspraak", state="planned", occurred_at=now() + timedelta(days=2))
        todo = make_todo("Offerte nabellen", relation=person)
        mine = only_me()
        hidden = make_person(f"Piet {HIDDEN}", circle_id=mine, place=HIDDEN)
        hidden_operation = last_operation()
        make_membership(hidden, organization, role=HIDDEN)
        make_contact_point(hidden, "email", f"piet@{HIDDEN}.example", circle_id=mine)
        hidden_moment = make_moment(hidden, organization, title=f"Over {HIDDEN}", circle_id=mine)
        make_message(hidden_moment)
        make_todo(f"Bel {HIDDEN}", relation=hidden, circle_id=mine)
        team, seat = Team.objects.get(name="Sales"), Seat.objects.get(user__email="bob@plein.example")
        running = MailImport.objects.create(seat_id=actor.seat_id, name="post.mbox", path="/", state="running")
        group = add_group(actor=actor, name_nl="Zaken", name_en="")
        own = add_field(actor=actor, group=group, type="text", details={"label_nl": "Segment", "kinds": ["person"]})
        parts |= {"group_id": group.id, "field_id": own.id}
        parts |= {"team_id": team.id, "seat_id": seat.id, "import_id": running.id}
        waiting = {"state": "preview", "encoding": "utf-8-sig", "delimiter": ",", "head": ["Naam"], "mapping": ["name"]}
        book = ContactImport.objects.create(seat_id=actor.seat_id, name="lijst.csv", path="/nowhere.csv", **waiting)
        parts["book_id"] = book.id
        decision = make_decision(actor, person, "newsletter", "refused")
        make_decision(actor, hidden, "newsletter", "refused", note=HIDDEN)
        parts |= {"purpose_id": make_purpose(actor).id, "subject_id": decision.subject_id}
        parts |= {"request_id": make_page_request(actor, person).id, "form_id": make_form(actor).id}
        parts |= {name: new_id() for name in AWAY}
    parts |= {"relation_id": person.id, "moment_id": moment.id, "todo_id": todo.id, "file_id": file.id}
    ids = (
        {name: str(value) for name, value in parts.items()}
        | {"operation_id": str(operation_id), "mark": "first"}
        | {
            "kind": "person",
            "act": "tag",
            "key": "sunk",
            "about": "complaint",
            "thing": "relations",
            "record_id": str(person.id),
        }
    )
    return World(
        person.id,
        organization.id,
        moment.id,
        operation_id,
        hidden.id,
        hidden_moment.id,
        hidden_operation,
        ids,
    )


def belongings_of(moment: Moment) -> dict[str, UUID]:
    """The ids of what belongs to a moment, which now also names a follow-up."""
    with operation("edit_moment"):
        MomentText.objects.filter(moment=moment).update(follow_up="Nabellen")
    participant = Participant.objects.filter(moment=moment).order_by("id")[0]
    return {"participant_id": participant.id, "thread_id": moment.thread_id}
