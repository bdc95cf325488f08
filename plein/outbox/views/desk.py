# SPDX-License-Identifier: AGPL-3.0-or-later
"""The writing desk: where a mail is written, with everything that lies ready there."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString

from plein.core.audit import audit_look
from plein.core.html import clean_html
from plein.core.ids import new_id
from plein.moments.forms import MODES
from plein.moments.models import Attachment, Draft, Moment
from plein.outbox.actions import Content
from plein.outbox.composing import body_of, draft_key
from plein.outbox.fields import Missing
from plein.outbox.forms import LetterForm, line_of
from plein.outbox.models import Mail, MailFile, MailState
from plein.outbox.queries import (
    Answer,
    Reachable,
    Sender,
    answer_to,
    chosen,
    purposes_for_mail,
    reachable,
    senders_of,
    templates_for,
    with_scheduled,
)
from plein.outbox.views.answers import uuid_or_none
from plein.relations.models import Relation
from plein.trust.answers import Request

FILES_OFFERED = 12


@dataclass
class Desk:
    """A place where one mail is written: about a relation, as a reply, or a draft taken up again."""

    request: Request
    relation: Relation | None = None
    answer: Answer | None = None
    mail: Mail | None = None
    senders: list[Sender] = field(default_factory=list)
    missing: list[Missing] = field(default_factory=list)
    #: The id that a new mail gets. The form brings it, so that two clicks are one mail.
    new_mail: UUID = field(default_factory=new_id)

    def __post_init__(self) -> None:
        self.senders = senders_of(self.request.seat)

    @property
    def here(self) -> str:
        """The address of this desk."""
        if self.answer is not None:
            return reverse("outbox:reply", args=[self.answer.moment_id])
        if self.relation is not None:
            return reverse("outbox:write", args=[self.relation.id])
        return reverse("outbox:edit", args=[self.mail.id]) if self.mail else reverse("outbox:outbox")

    @property
    def key(self) -> str:
        """Under which name a draft written here is kept."""
        return draft_key(self.relation_id, self.answers_id)

    @property
    def is_ready(self) -> bool:
        """Whether templates and files are asked for; they are fetched when their fold opens."""
        return self.request.method == "POST" or bool(self.request.GET.get("ready"))

    @property
    def asks_what_for(self) -> bool:
        """Whether the purposes are asked for; they too are fetched when their fold opens."""
        return self.request.method == "POST" or bool(self.request.GET.get("what_for"))

    @property
    def answers_id(self) -> UUID | None:
        return self.answer.moment_id if self.answer else None

    def sender(self, key: str) -> Sender | None:
        """The chosen sender."""
        return chosen(self.senders, key)

    def form(self, data: Any = None) -> LetterForm:
        """The form, empty or as it was left."""
        templates = [(str(one.id), one.name) for one in templates_for()[:200]] if self.is_ready else []
        return LetterForm(
            data,
            senders=self.senders,
            templates=templates,
            initial=self._initial(data is not None),
            purposes=[(one.key, one.name) for one in purposes_for_mail()] if self.asks_what_for else [],
        )

    def _initial(self, is_bound: bool) -> dict[str, Any]:
        if is_bound:
            return {}
        kept = Draft.objects.filter(seat_id=self.request.seat.seat_id, key=self.key).first()
        content = dict(kept.content) if kept else {}
        if self.mail is None and content.get("mail"):
            self.mail = own_draft(self.request, uuid_or_none(content["mail"]))
        if self.mail is not None:
            return initial_of(self.mail) | {name: value for name, value in content.items() if value}
        begun = self._begun()
        return begun | {name: value for name, value in content.items() if value and name in (*begun, *KEPT)}

    def _begun(self) -> dict[str, Any]:
        if self.answer is not None:
            return {
                "to": line_of([[box.name, box.address] for box in self.answer.to]),
                "cc": line_of([[box.name, box.address] for box in self.answer.cc]),
                "subject": self.answer.subject,
                "quoted": self.answer.quoted,
            }
        first = next((one for one in self.people if not one.trouble), None)
        return {"to": first.mailbox if first and first.relation_id == self.relation_id else ""}

    @cached_property
    def people(self) -> list[Reachable]:
        """Who is near: the relation, and the people there."""
        return reachable(self.relation) if self.relation and self.answer is None else []

    def _scheduled(self) -> list[dict[str, Any]]:
        lines = getattr(self.relation, "scheduled", [])
        return [{**one, "send_at": datetime.fromisoformat(one["send_at"])} for one in lines]

    @property
    def relation_id(self) -> UUID | None:
        return self.relation.id if self.relation else None

    def context(self, form: LetterForm, **more: Any) -> dict[str, Any]:
        """Everything the template needs."""
        relation = self.relation
        return {
            "desk": self,
            "form": form,
            "relation": relation,
            "modes": MODES,
            "mail_id": self.mail.id if self.mail else self.new_mail,
            "files": list(MailFile.objects.filter(mail=self.mail).order_by("id")) if self.mail else [],
            "known_files": _known_files(relation) if self.is_ready else [],
            "people": [one for one in self.people if one.trouble or one.address not in str(form["to"].value() or "")],
            "people_url": reverse("outbox:people"),
            "scheduled": self._scheduled(),
            "signature": _signature(self, form),
            "compose_url": reverse("moments:compose", args=[relation.id]) if relation and not self.answer else "",
            **more,
        }


KEPT = ("identity", "to", "cc", "bcc", "subject", "text", "circle", "purpose", "send_at", "quoted")


def initial_of(mail: Mail) -> dict[str, Any]:
    """A mail as the form shows it."""
    return {
        "identity": str(mail.identity_id or ""),
        "to": line_of(mail.to),
        "cc": line_of(mail.cc),
        "bcc": line_of(mail.bcc),
        "subject": mail.subject,
        "text": mail.text,
        "quoted": mail.quoted,
        "circle": mail.circle_key,
        "purpose": mail.purpose_key,
        "send_at": timezone.localtime(mail.send_at) if mail.send_at and mail.is_scheduled else None,
    }


def own_draft(request: Request, mail_id: UUID | None) -> Mail | None:
    """A mail of the writer's own that is not sent."""
    if mail_id is None:
        return None
    found: Mail | None = Mail.objects.filter(id=mail_id, seat_id=request.seat.seat_id, state=MailState.DRAFT).first()
    return found


def sent_before(request: Request, mail_id: UUID | None, content: Content) -> Mail | None:
    """The mail of the writer's own that the same form sent already, word for word."""
    if mail_id is None:
        return None
    mine = Mail.objects.filter(id=mail_id, seat_id=request.seat.seat_id).exclude(state=MailState.DRAFT)
    found: Mail | None = mine.first()
    if found is None:
        return None
    boxes = [[[box.name, box.address] for box in listed] for listed in (content.to, content.cc, content.bcc)]
    is_same = boxes == [found.to, found.cc, found.bcc] and content.text == found.text
    return found if is_same and content.subject[:300] == found.subject else None


def desk_of_relation(request: Request, relation_id: UUID) -> Desk:
    """The desk on a relation's page."""
    relation = with_scheduled(Relation.objects.filter(id=relation_id), request.seat.seat_id).first()
    if relation is None:
        raise Http404
    audit_look("relation", [relation])
    return Desk(request, relation=relation)


def desk_of_moment(request: Request, moment_id: UUID) -> Desk:
    """The desk for a reply."""
    answer = answer_to(moment_id, to_all=request.GET.get("all") == "1")
    if answer is None:
        raise Http404
    return Desk(request, relation=answer.relation, answer=answer)


def desk_of_mail(request: Request, mail_id: UUID) -> Desk:
    """The desk for a mail that was left, or taken back."""
    mail = own_draft(request, mail_id)
    if mail is None:
        raise Http404
    answer = answer_to(mail.answers_id) if mail.answers_id else None
    relation = Relation.objects.filter(id=mail.relation_id).first() if mail.relation_id else None
    whom = relation or (answer.relation if answer else None)
    audit_look("relation", [whom])
    return Desk(request, relation=whom, answer=answer, mail=mail)


def _known_files(relation: Relation | None) -> list[Attachment]:
    if relation is None:
        return []
    moments = Moment.objects.filter(participants__relation=relation).values("id")
    found = Attachment.objects.filter(moment_id__in=moments, is_inline=False)
    return list(found.order_by("-id")[:FILES_OFFERED])


def _signature(desk: Desk, form: LetterForm) -> str:
    sender = desk.sender(str(form["identity"].value() or ""))
    return sender.signature if sender else ""


def preview_of(desk: Desk, form: LetterForm) -> SafeString:
    """The mail as it will look, clean as everything that is shown."""
    values = form.cleaned_data
    return format_html("{}", clean_html(body_of(values["text"], _signature(desk, form), values["quoted"]).html))
