# SPDX-License-Identifier: AGPL-3.0-or-later
"""Fifty markers about one person, in every place that a Plein has for what is known of people."""

import io
from dataclasses import dataclass, field
from uuid import UUID

from plein.channels.models import Connection, ConnectionProblem, ImportProblem, MailImport, SunkLetter
from plein.consent.models import ConsentList, Subject
from plein.consent.queries import purpose_called
from plein.core import blobs
from plein.core.ids import new_id, now
from plein.core.operations import operation
from plein.dav.models import Kept, Mirrored
from plein.hooks.models import Delivery, Hook
from plein.imports.models import ContactImport, Foreseen, LeftOut
from plein.listening.models import Search
from plein.lists.models import SavedView
from plein.metadata.models import Field
from plein.moments.models import (
    Attachment,
    Draft,
    Guest,
    JobNews,
    MessageReference,
    Moment,
    MomentSource,
    MomentSubject,
    MomentText,
    MomentValues,
    Participant,
    Proposal,
    Topic,
)
from plein.mypage.models import PageRequest
from plein.outbox.models import Mail, MailFile
from plein.relations.models import (
    ContactPoint,
    ContactPointLink,
    ImportantDate,
    Interest,
    Membership,
    Relation,
    RelationValues,
    Tie,
)
from plein.telephone.models import Ring
from plein.testing.factories import (
    make_contact_point,
    make_decision,
    make_field,
    make_moment,
    make_organization,
    make_person,
    make_purpose,
    make_todo,
)
from plein.trust.circles import only_me
from plein.trust.models import User
from plein.trust.seats import Entrance, entered
from plein.webforms.models import FormText, Submission, WebForm

#: A letter sequence that no word of ours has.
SIGN = "qzx"
EMAIL, OLD_EMAIL, PHONE = f"{SIGN}mail@person.example", f"{SIGN}oldmail@person.example", "+31612345678"
GIVEN, FAMILY, MAIDEN = f"{SIGN.title()}given", f"{SIGN.title()}family", f"{SIGN.title()}maiden"


@dataclass
class Planted:
    """What was planted, about whom, and what of it the others keep."""

    person: UUID
    friend: UUID
    alone: UUID
    together: UUID
    markers: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)


class Planter:
    """Hands out markers, each once."""

    def __init__(self) -> None:
        self.given: list[str] = [EMAIL, OLD_EMAIL, PHONE, "612345678", GIVEN, FAMILY, MAIDEN]

    def mark(self, place: str) -> str:
        """A word that is found nowhere else."""
        word = f"{SIGN}{place}"
        assert word not in self.given
        self.given.append(word)
        return word

    def file(self, place: str) -> str:
        """A file with a marker in it; its hash."""
        return blobs.store(io.BytesIO(f"a file about {self.mark(place)}".encode()))


def plant(user: User) -> Planted:
    """Everything there may be about one person, by an owner; some of it in circles that are theirs alone."""
    planter = Planter()
    with entered(user) as actor:
        person, friend = _person(planter), make_person("Wim Blijver")
        _parts(planter, actor, person, friend)
        alone, together = _contact(planter, person, friend)
        _mail(planter, actor, person)
        _elsewhere(planter, actor, person)
        _decided(planter, actor, person)
    files = [one for one in planter.given if "file" in one]
    return Planted(person.id, friend.id, alone.id, together.id, planter.given, files)


def _person(planter: Planter) -> Relation:
    mark = planter.mark
    person = make_person(
        f"{GIVEN} {MAIDEN}",
        given_name=GIVEN,
        family_name=MAIDEN,
        headline=mark("headline"),
        about=mark("about"),
        place=mark("place"),
        photo=planter.file("photofile"),
        do_not_contact_reason=mark("silence"),
    )
    with operation("edit_relation"):
        Relation.objects.filter(id=person.id).update(
            name=f"{GIVEN} {FAMILY}", sort_name=f"{FAMILY} {GIVEN}".lower(), family_name=FAMILY, about=mark("about2")
        )
    person.refresh_from_db()
    return person


def _parts(planter: Planter, actor: Entrance, person: Relation, friend: Relation) -> None:
    mark = planter.mark
    make_contact_point(person, "email", EMAIL, label=mark("label"))
    make_contact_point(person, "phone", PHONE)
    make_contact_point(person, "url", f"https://{mark('site')}.example")
    old = make_contact_point(person, "email", OLD_EMAIL)
    with operation("test"):
        point = ContactPoint.objects.create(kind="postal", value=mark("street"), detail={"street": mark("detail")})
        ContactPointLink.objects.create(contact_point=point, relation=person, reasons=[mark("reasons")])
        ContactPointLink.objects.filter(id=old.id).delete()
        ContactPoint.objects.filter(id=old.contact_point_id).delete()
        organization = make_organization("Blijver BV", about="Blijft zoals het is")
        work = Membership.objects.create(
            person=person, organization=organization, role=mark("role"), department=mark("dept")
        )
        told = {"told_by": mark("toldby"), "named": mark("employer"), "role": mark("newrole")}
        JobNews.objects.create(person=person, work=work, import_id=person.id, heard_on=now().date(), **told)
        Tie.objects.create(one=friend, other=person, kind="friend", note=mark("tie"), own_circle_id=only_me())
        ImportantDate.objects.create(relation=person, kind="birthday", on=now().date(), note=mark("date"))
        Interest.objects.create(relation=person, text=mark("interest"))
        lost = Interest.objects.create(relation=person, text=mark("lostinterest"))
    with operation("test"):
        Interest.objects.filter(id=lost.id).delete()
    own: Field = make_field("text", kinds=["person"])
    refers: Field = make_field("relation", key="introduced_by")
    with operation("test"):
        RelationValues.objects.create(relation=person, group=own.group, values={str(own.id): mark("value")})
        RelationValues.objects.create(relation=friend, group=refers.group, values={str(refers.id): str(person.id)})
    make_todo(mark("todo"), note=mark("todonote"), relation=person)


def _contact(planter: Planter, person: Relation, friend: Relation) -> tuple[Moment, Moment]:
    mark = planter.mark
    alone = make_moment(person, title=mark("subject"), text=f"Kort: {mark('text')}")
    shared = f"Met {GIVEN} {FAMILY} en Wim; bel {PHONE} of 06-1234 5678, mail {EMAIL}. {FAMILY} komt ook. Dag, Alice"
    together = make_moment(person, friend, title=f"Lunch met {GIVEN}", text=shared)
    hidden = make_moment(person, title=mark("hiddensubject"), circle_id=only_me())
    gone = make_moment(person, title=mark("gonesubject"), text=mark("gonetext"))
    with operation("test"):
        text = MomentText.objects.get(moment=alone)
        MomentText.objects.filter(id=text.id).update(
            html=f"<p>{mark('html')}</p>", purpose=mark("purpose"), outcome=mark("outcome"), follow_up=mark("follow")
        )
        MomentText.objects.filter(moment=together).update(signature_from=shared.index("Dag, Alice"))
        MomentSubject.objects.filter(moment=alone).update(location=mark("location"))
        Attachment.objects.create(
            moment=alone,
            text=text,
            name=mark("filename"),
            mime="text/plain",
            size=9,
            sha256=planter.file("attachedfile"),
        )
        Participant.objects.create(
            moment=hidden, role="with", heard_name=f"{mark('heard')} {FAMILY}", relation=person, occurred_at=now()
        )
        MomentSource.objects.create(moment=alone, external_id=f"<{mark('messageid')}@x.example>", folder=mark("folder"))
        MessageReference.objects.create(moment=alone, external_id=f"<{mark('reference')}@x.example>")
        point = ContactPoint.objects.get(value=EMAIL)
        Guest.objects.create(moment=alone, contact_point=point, organizer="alice@ours.example", told="0:0")
        Proposal.objects.create(contact_point=point, import_id=person.id, name=mark("proposal"))
        own: Field = make_field("text", key="of_moment", kinds=["moment"])
        MomentValues.objects.create(moment=alone, group=own.group, values={str(own.id): mark("momentvalue")})
    with operation("test"):
        Moment.objects.filter(id=gone.id).delete()
    return alone, together


def _mail(planter: Planter, actor: Entrance, person: Relation) -> None:
    mark = planter.mark
    own = {"seat_id": actor.seat_id, "own_circle_id": only_me()}
    words = {"subject": mark("mailsubject"), "text": mark("mailtext"), "answered": mark("mailanswered")}
    mail = Mail.objects.create(relation=person, to=[["", EMAIL]], **words, **own)
    file = {"name": mark("mailname"), "mime": "text/plain", "size": 9, "sha256": planter.file("mailfile")}
    MailFile.objects.create(mail=mail, **file)
    both = [["", "wim@blijver.example"], [mark("recipient"), EMAIL]]
    Mail.objects.create(to=both, subject=f"Aan {GIVEN} {FAMILY}", **own)
    SunkLetter.objects.create(sender="plein@ours.example", receivers=EMAIL, subject=mark("sunk"), text="x")


def _elsewhere(planter: Planter, actor: Entrance, person: Relation) -> None:
    mark = planter.mark
    Draft.objects.create(seat_id=actor.seat_id, key=f"moment:{person.id}", content={"text": mark("draft")})
    with operation("save_view"):
        SavedView.objects.create(
            kind="person", name="Mijn lijst", query=f'name ~ "{GIVEN} {FAMILY}"', owner_id=actor.seat_id
        )
    with operation("save_topic"):
        Topic.objects.create(
            name=f"Zaak {GIVEN} {FAMILY}", words=f"{GIVEN} {FAMILY}", examples=f"Bel {GIVEN} {FAMILY} terug"
        )
    with operation("save_search"):
        Search.objects.create(name=mark("search"), words="", relation=person)
        Search.objects.create(name=f"Over {GIVEN} {FAMILY}", words=f"{GIVEN} {FAMILY}", never=f"niet {GIVEN} {FAMILY}")
    brought = MailImport.objects.create(
        seat_id=actor.seat_id,
        name=f"Post van {GIVEN} {FAMILY}",
        path="",
        preview={"people": [[f"{GIVEN} {FAMILY}", EMAIL]]},
    )
    unread = blobs.store(io.BytesIO(f"From: {EMAIL.upper()}\n\n{mark('unread')}".encode()))
    ImportProblem.objects.create(mail_import=brought, position=1, reason=f"unreadable: {EMAIL}", sha256=unread)
    heard = Connection.objects.create(seat_id=actor.seat_id, connector="imap", name="Mijn mail", account=EMAIL)
    refused = blobs.store(io.BytesIO(f"From: {EMAIL}\n\n{mark('unheard')}".encode()))
    ConnectionProblem.objects.create(connection=heard, position=1, reason=f"too large: {EMAIL}", sha256=refused)
    for place, name in ((f"imports/{brought.id}/spool", "spool"), (f"connections/{heard.id}", "waited")):
        waiting = blobs.folder() / place
        waiting.mkdir(parents=True)
        (waiting / "one").write_text(f"To: {EMAIL}\n\n{mark(name)}")
    hook = Hook.objects.create(seat_id=actor.seat_id, name="Telefoon", example={"from": EMAIL, "x": mark("example")})
    said = {"from": [PHONE], "x": mark("told")}
    Delivery.objects.create(hook=hook, key=mark("callkey"), payload=said, state="refused")
    with operation("add_form"):
        form = WebForm.objects.create(seat_id=actor.seat_id, name="Website", key="k")
        text = FormText.objects.create(form=form, number=1, title_nl="Vraag het ons")
    said = {"name": f"{GIVEN} {FAMILY}", "message": mark("filledin")}
    Submission.objects.create(form=form, text=text, email=EMAIL, answers=said, expires_at=now())
    Ring.objects.create(seat_id=actor.seat_id, key=new_id(), number=PHONE)
    book = ContactImport.objects.create(seat_id=actor.seat_id, name="adressen.csv", path="")
    LeftOut.objects.create(contact_import=book, number=1, reason=f"no name: {EMAIL}", cells=[EMAIL, mark("leftout")])
    told = {"changes": [["email", "", EMAIL]], "reasons": [mark("foreseen")], "who": [[str(person.id), EMAIL]]}
    Foreseen.objects.create(contact_import=book, number=1, name=f"{GIVEN} {FAMILY}", what="doubtful", **told)
    with operation("add_from_device"):
        Kept.objects.create(
            seat_id=actor.seat_id,
            own_circle_id=only_me(),
            relation=person,
            collection="people",
            name=f"{FAMILY}.vcf",
            uid=mark("deviceuid"),
            text=f"FN:{GIVEN} {FAMILY}\nNOTE:{mark('devicenote')}",
        )
        there = {"connection": heard, "own_circle_id": only_me()}
        note = f"NOTE:{mark('mirrorednote')}"
        Mirrored.objects.create(relation=person, name="card", uid=mark("mirroreduid"), text=note, **there)
        # In a calendar that is listened to, somebody is named in appointments of others.
        named = {"collection": f"Agenda van {GIVEN} {FAMILY}", "theirs": f"SUMMARY:{GIVEN} {FAMILY}"}
        Mirrored.objects.create(name="event", uid=EMAIL, text=f"ATTENDEE:mailto:{EMAIL}", **named, **there)
    ConsentList.objects.create(seat_id=actor.seat_id, name="lijst.csv", rows=[["yes", EMAIL, f"{GIVEN} {FAMILY}"]])


def _decided(planter: Planter, actor: Entrance, person: Relation) -> None:
    make_purpose(actor, "Birthday cards")
    purpose = purpose_called("newsletter")
    assert purpose is not None
    make_decision(
        actor, person, "newsletter", "refused", point_kind="email", point_value=EMAIL, note=planter.mark("said")
    )
    asked = {"kind": "correct", "about": planter.mark("datum"), "words": planter.mark("asked"), "due_on": now().date()}
    told = {"why_later": planter.mark("later"), "answer": planter.mark("answered")}
    PageRequest.objects.create(subject=Subject.objects.get(relation_id=person.id), **asked, **told)
