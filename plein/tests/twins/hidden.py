# SPDX-License-Identifier: AGPL-3.0-or-later
"""A confidential relation with everything it drags along, as insiders make it, by the product's own actions."""

from datetime import date, timedelta
from io import BytesIO
from string import ascii_lowercase
from uuid import UUID

from plein.channels.letters import Mailbox
from plein.channels.models import Connection, ConnectionProblem, ImportProblem, MailImport
from plein.core.ids import now
from plein.core.models import Operation
from plein.core.operations import operation
from plein.hooks.models import Delivery, Hook, OutHook, Telling
from plein.inbox.actions import close_message
from plein.inbox.models import Message
from plein.lists.actions import pin_view, save_view
from plein.lists.bulk.actions import change_many
from plein.lists.conditions import parse
from plein.lists.query import ViewQuery
from plein.metadata.actions import add_field, add_group, set_values
from plein.metadata.models import Field, FieldGroup
from plein.moments.actions import (
    IncomingFile,
    Part,
    attach_files,
    correct_recognition,
    create_todo,
    plan_appointment,
    record_moment,
    save_draft,
    tag_moment,
)
from plein.moments.intake.told_work import ToldWork, ask_about_work
from plein.moments.vocabulary import NewsSource
from plein.outbox.actions import Content, TemplateFacts, keep_mail, keep_template
from plein.relations import actions
from plein.relations.models import Relation, RelationValues
from plein.telephone.models import Ring
from plein.testing.factories import make_introduction, make_turn
from plein.trust.actions import undo_operation
from plein.trust.circles import circle_for
from plein.trust.models import Seat, Team
from plein.trust.seats import Entrance
from plein.webforms.models import FormText, Submission, WebForm

#: A word that is in every text of the hidden world and in none of the visible one.
MARKER = "zilverspar"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"


def last_operation() -> UUID:
    return Operation.objects.order_by("-started_at", "-id").values_list("id", flat=True)[0]


def audience_of(number: int) -> str:
    """Every other one is for Alice alone, the rest for the board, in which Dora is too."""
    return "me" if number % 2 else f"team:{Team.objects.get(name='Board').id}"


def make_hidden(actor: Entrance, number: int, known: Relation, company: Relation) -> dict[str, UUID]:
    """One hidden relation, tied to a visible person and a visible company; the ids by which addresses would name it."""
    circle = audience_of(number)
    # A name that is nearly that of somebody visible, so that it stands in the way of typos.
    name = f"Piet {MARKER.title()} Dijk{ascii_lowercase[number % 26]}{ascii_lowercase[number // 26]}"
    hidden = actions.create_person(actor=actor, name=name, circle_key=circle)
    made = last_operation()
    ids = _in_the_network(actor, hidden, number, known, company)
    ids |= _what_happened(actor, hidden, number, known, circle)
    ids |= _around_it(actor, hidden, number, circle)
    _edited_and_back(actor, hidden, number, circle)
    ids["former"] = _merged(actor, number, circle)
    return ids | {"relation_id": hidden.id, "record_id": hidden.id, "operation_id": made}


def _in_the_network(
    actor: Entrance, hidden: Relation, number: int, known: Relation, company: Relation
) -> dict[str, UUID]:
    firm = actions.create_organization(actor=actor, name=f"{MARKER} {number} bv", circle_key=audience_of(number))
    mail = actions.add_contact_point(actor=actor, relation=hidden, text=f"piet{number}@{MARKER}.example")
    actions.add_contact_point(actor=actor, relation=hidden, text=f"+31 6 5000 {number:04}")
    actions.add_membership(actor=actor, person=hidden, organization=firm, role=f"{MARKER} chef")
    _told_elsewhere(hidden, known, number)
    membership = actions.add_membership(actor=actor, person=hidden, organization=company, role=f"{MARKER} adviseur")
    tie = actions.add_tie(actor=actor, one=known, other=hidden, kind="knows", note=MARKER)
    interest = actions.add_interest(actor=actor, relation=hidden, text=f"{MARKER} telen")
    dated = actions.add_important_date(actor=actor, relation=hidden, kind="birthday", on=now().date())
    tagging = actions.tag(actor=actor, relation=hidden, name=f"{MARKER} {number % 7}")
    actions.tag(actor=actor, relation=hidden, name="Fair")
    actions.set_favourite(actor=actor, relation=hidden, is_favourite=True)
    actions.set_following(actor=actor, relation=hidden, is_following=True)
    if number < 3:
        actions.note_visit(actor=actor, relation=hidden)
    return {
        "organization": firm.id,
        "part_id": membership.id,
        "contact-points/part_id": mail.id,
        "ties/part_id": tie.id,
        "interests/part_id": interest.id,
        "dates/part_id": dated.id,
        "tags/part_id": tagging.id,
        "tag_id": tagging.tag_id,
    }


def _told_elsewhere(hidden: Relation, known: Relation, number: int) -> None:
    """A network says that the hidden one works elsewhere, and to insiders alone that a visible one does."""
    told = [ToldWork(one.id, f"Elders {MARKER} {number}", f"{MARKER} elders", "LinkedIn") for one in (hidden, known)]
    circle_id = circle_for(audience_of(number))
    with operation("load_connections"):
        ask_about_work(told, source=NewsSource.PROFILE, brought_by=hidden.id, circle_id=circle_id)


def _what_happened(actor: Entrance, hidden: Relation, number: int, known: Relation, circle: str) -> dict[str, UUID]:
    """Moments with the hidden relation alone and together with a visible one, files, to-dos, appointments."""
    moment = record_moment(
        actor=actor,
        kind="call",
        participants=[Part(hidden.id), Part(known.id)],
        subject=f"Overname {MARKER}",
        text=f"Over {MARKER} gesproken, @Bob en @Dora.",
        follow_up=f"{MARKER} bellen",
        circle=circle,
    )
    [file] = attach_files(actor=actor, moment=moment, files=[IncomingFile(f"{MARKER}.pdf", len(PDF), BytesIO(PDF))])
    tag_moment(actor=actor, moment=moment, name=f"{MARKER} moment")
    correct_recognition(actor=actor, moment=moment, about="complaint", value="yes")
    visit = plan_appointment(
        actor=actor,
        occurred_at=now() + timedelta(hours=1 + number % 20),
        participants=[Part(hidden.id)],
        subject=f"Langs bij {MARKER}",
        circle=circle,
    )
    todo = create_todo(
        actor=actor, title=f"{MARKER} nabellen", relation_id=hidden.id, due_on=now().date(), circle=circle
    )
    create_todo(actor=actor, title=f"{MARKER} en bekende", relation_id=known.id, due_on=date(2020, 1, 1), circle=circle)
    # A secret about somebody whom everybody sees, and one whose words alone are kept in the circle.
    about = record_moment(
        actor=actor, kind="note", participants=[Part(known.id)], text=f"{known.name} en {MARKER}", circle=circle
    )
    # Something that came in, from the hidden one and from the known one, and that somebody is done with or not.
    for sender in (hidden, known):
        record_moment(
            actor=actor,
            kind="email",
            direction="inbound",
            participants=[Part(sender.id, "from")],
            subject=f"Vraag van {MARKER}",
            text=f"Wat kost {MARKER}?",
            circle=circle,
        )
    close_message(actor=actor, message=Message.objects.latest("id"))
    save_draft(actor=actor, key=f"relation:{hidden.id}", content={"text": MARKER})
    return {
        "moment_id": moment.id,
        "appointments/moment_id": visit.id,
        "todo_id": todo.id,
        "thread_id": about.thread_id,
        "participant_id": moment.participants.all()[0].id,
        "file_id": file.id,
    }


def _around_it(actor: Entrance, hidden: Relation, number: int, circle: str) -> dict[str, UUID]:
    """Saved views, templates, mail that waits, an import, a change to many, own fields."""
    query = ViewQuery("person", conditions=parse(f"place:is:{MARKER}"))
    view = save_view(actor=actor, name=f"{MARKER} {number}", query=query, audience=circle)
    if number < 3:
        pin_view(actor=actor, view=view, is_pinned=True)
    facts = TemplateFacts(kind="template", name=f"{MARKER} {number}", text=MARKER, circle=circle)
    template = keep_template(actor=actor, facts=facts)
    to = (Mailbox(f"piet{number}@{MARKER}.example", hidden.name),)
    mail = keep_mail(actor=actor, content=Content(to=to, subject=MARKER, text=MARKER, relation_id=hidden.id))
    where = circle_for(circle)
    running = MailImport.objects.create(
        seat_id=actor.seat_id, name=f"{MARKER}.mbox", path="/nowhere", state="done", circle_id=where
    )
    left = ImportProblem.objects.create(mail_import=running, position=1, reason=MARKER, circle_id=where)
    heard = Connection.objects.create(seat_id=actor.seat_id, connector="imap", name=MARKER, circle_id=where)
    ConnectionProblem.objects.create(connection=heard, position=1, reason=MARKER, circle_id=where)
    hook = Hook.objects.create(seat_id=actor.seat_id, name=MARKER, circle_id=where, example={"from": MARKER})
    Delivery.objects.create(hook=hook, key=MARKER, payload={"from": MARKER}, state="refused", circle_id=where)
    with operation("add_form"):
        form = WebForm.objects.create(seat_id=actor.seat_id, name=MARKER, key=MARKER, circle_id=where)
        words = FormText.objects.create(form=form, number=1, title_en=MARKER, circle_id=where)
    Submission.objects.create(form=form, text=words, email=f"{MARKER}@x.example", expires_at=now(), circle_id=where)
    for seat in Seat.objects.filter(is_active=True):
        # At everybody's telephone, and yet only for who may hear what this exchange tells.
        Ring.objects.create(seat=seat, key=hook.id, number=MARKER[:40], circle_id=where)
    told = OutHook.objects.create(seat_id=actor.seat_id, name=MARKER, url=f"https://{MARKER}.example/", circle_id=where)
    Telling.objects.create(
        hook=told, happening="relation.created", record_id=hidden.id, happened_at=now(), circle_id=where, problem=MARKER
    )
    run = change_many(actor=actor, kind="person", ids=[hidden.id], act="tag", wish={"name": [f"{MARKER} veel"]})
    group, field = _own_field(actor, number, circle)
    set_values(actor=actor, values_model=RelationValues, record=hidden, values={field.key: MARKER})
    asked = make_introduction(actor, hidden, hidden)
    return {
        "introduction_id": asked.id,
        "turn_id": make_turn(actor, asked, hidden).id,
        "view_id": view.id,
        "template_id": template.id,
        "mail_id": mail.id,
        "import_id": running.id,
        "problem_id": left.id,
        "form_id": form.id,
        "hook_id": hook.id,
        "out_id": told.id,
        "run_id": run.id,
        "group_id": group.id,
        "field_id": field.id,
    }


def _own_field(actor: Entrance, number: int, circle: str) -> tuple[FieldGroup, Field]:
    """A group of fields of each circle, whose fields nobody else knows."""
    name = f"{MARKER} {number % 2}"
    group = FieldGroup.objects.filter(name_nl=name).first()
    if group is None:
        group = add_group(actor=actor, name_nl=name, name_en=name, audience=circle)
        label = f"{MARKER} veld {number % 2}"
        add_field(
            actor=actor, group=group, type="text", details={"label_nl": label, "label_en": label, "kinds": ["person"]}
        )
    return group, Field.objects.get(group=group)


def _edited_and_back(actor: Entrance, hidden: Relation, number: int, circle: str) -> None:
    """Edits, a removal, an undo, and a move from one circle to a narrower one: all of it leaves history."""
    hidden.refresh_from_db()
    actions.edit_relation(
        actor=actor, relation=hidden, changes={"place": MARKER.title(), "name": hidden.name}, based_on=hidden.version
    )
    if number % 3 == 0:
        undo_operation(actor=actor, operation_id=last_operation())
    gone = actions.create_person(actor=actor, name=f"Weg {MARKER}", circle_key=circle)
    if number % 4 == 1:
        actions.change_circle(actor=actor, relation=gone, circle_key="me")
    actions.delete_relation(actor=actor, relation=gone)


def _merged(actor: Entrance, number: int, circle: str) -> UUID:
    """Two relations become one, and some of them two again; the id of the one that went."""
    into, other = (
        actions.create_person(actor=actor, name=f"{MARKER} dubbel {number} {which}", circle_key=circle)
        for which in ("een", "twee")
    )
    actions.add_contact_point(actor=actor, relation=other, text=f"dubbel{number}@{MARKER}.example")
    actions.tag(actor=actor, relation=other, name=f"{MARKER} dubbel")
    for one in (into, other):
        one.refresh_from_db()
    done = actions.merge_relations(actor=actor, into=into, other=other)
    if number % 3 == 1:
        undo_operation(actor=actor, operation_id=done.id)
    return other.id
