# SPDX-License-Identifier: AGPL-3.0-or-later
"""Everything about somebody that may be told to them: facts about them, what passed between us, what they decided.

What colleagues wrote for each other is not told, and nothing about others: docs/operate/erasure.md has the list by
kind. Only what the reader may see is in it.
"""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q

from plein.consent.models import Subject
from plein.consent.queries import book_of, book_of_subjects, purposes
from plein.core.audit import Shown, audit, audit_look
from plein.core.isolation import default_circle_id
from plein.moments.models import Attachment, MomentSubject, MomentText, Participant
from plein.moments.vocabulary import MomentKind
from plein.relations.models import ContactPointLink, ImportantDate, Interest, Membership, Relation
from plein.trust.circles import describe

VERSION = 1
#: Contact of which they had the words themselves: they wrote them, or received them.
WRITTEN = (MomentKind.EMAIL, MomentKind.LETTER, MomentKind.TEXT, MomentKind.CHAT)
#: How they had them. Who was copied in secret is told of their own copy only.
HAD = ("from", "to", "cc", "bcc", "with")


def export_subject(subject: Subject, *, how: str = "json") -> dict[str, Any]:
    """All that may be told to a person about themselves, as plain values. The look at it is logged."""
    relation: Relation | None = Relation.objects.filter(id=subject.relation_id).first() if subject.relation_id else None
    audit_look("relation", [Shown(relation.id, relation.circle_id)] if relation else [])
    audit("export", kind="subject", about=subject.id, format=how)
    told: dict[str, Any] = {"version": VERSION, "subject": str(subject.id), "since": subject.created_at}
    if relation is not None:
        told |= {"person": _person(relation), "contact_points": _points(relation), "works_at": _works(relation)}
        told |= {"dates": _dates(relation), "interests": _interests(relation), "contact": _contact(relation)}
        told["seen_by"] = describe(relation.circle_id)
    told["decisions"] = _decisions(subject)
    return told


def _person(one: Relation) -> dict[str, Any]:
    return {
        "name": one.name,
        "given_name": one.given_name,
        "infix": one.infix,
        "family_name": one.family_name,
        "place": one.place,
        "country": one.country,
        "language": one.language,
        "do_not_contact": one.do_not_contact,
        "from": str(one.get_source_display()),
        "since": one.created_at,
    }


def _points(one: Relation) -> list[dict[str, Any]]:
    links = ContactPointLink.objects.filter(relation=one, revoked_at__isnull=True).select_related("contact_point")
    return [
        {
            "kind": link.contact_point.kind,
            "value": link.contact_point.value,
            "written": str(link.contact_point),
            "label": link.label,
            "do_not_use": link.contact_point.do_not_contact,
            "from": str(link.get_source_display()),
            "since": link.decided_at,
        }
        for link in links.order_by("-is_primary", "id")
    ]


def _works(one: Relation) -> list[dict[str, Any]]:
    found = Membership.objects.filter(person=one).select_related("organization").order_by("starts_on", "id")
    return [
        {"organization": part.organization.name, "role": part.role, "department": part.department,
         "from": part.starts_on, "until": part.ends_on}
        for part in found
    ]  # fmt: skip


def _dates(one: Relation) -> list[dict[str, Any]]:
    return [{"kind": day.kind, "on": day.on} for day in ImportantDate.objects.filter(relation=one).order_by("on", "id")]


def _interests(one: Relation) -> list[dict[str, Any]]:
    found = Interest.objects.filter(relation=one).order_by("id")
    return [{"text": interest.text, "since": interest.noted_at} for interest in found]


def _contact(one: Relation) -> list[dict[str, Any]]:
    """When we were in touch and how; the words only of what they wrote or received, and nothing seen by fewer."""
    parts = Participant.objects.filter(relation=one).select_related("moment").order_by("-occurred_at", "-id")
    seen: dict[UUID, Participant] = {}
    for part in parts:
        seen.setdefault(part.moment_id, part)
    had = [part.moment_id for part in seen.values() if _had(part)]
    words = _words(had)
    return [
        {
            "kind": part.moment.kind,
            "direction": part.moment.direction,
            "at": part.moment.occurred_at,
            **words.get(part.moment_id, {}),
        }
        for part in seen.values()
    ]


def _had(part: Participant) -> bool:
    return part.moment.kind in WRITTEN and part.role in HAD


def _words(moments: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    """Subject, text and names of files, where everyone here may read them: what is narrower is among us."""
    everyone = Q(moment_id__in=moments, circle_id=default_circle_id())
    found: dict[UUID, dict[str, Any]] = {}
    for subject in MomentSubject.objects.filter(everyone):
        found.setdefault(subject.moment_id, {})["subject"] = subject.title
    for text in MomentText.objects.filter(everyone):
        found.setdefault(text.moment_id, {})["text"] = text.text
    for file in Attachment.objects.filter(everyone, is_inline=False):
        found.setdefault(file.moment_id, {}).setdefault("files", []).append(file.name)
    return found


def _decisions(subject: Subject) -> list[dict[str, Any]]:
    """What they decided, for what, and the words they were shown. What we noted beside it is not among it.

    Of whoever became one with others it is that of all of them, as on their own page.
    """
    known = {one.id: one for one in purposes(with_retired=True)}
    found = []
    whole = book_of(subject.relation_id, most=None) if subject.relation_id else book_of_subjects([subject], most=None)
    for past in whole.lines:
        one = past.decision
        shown = one.text or (known[one.purpose_id].wording if one.purpose_id in known else None)
        found.append(
            {
                "purpose": shown.name if shown else "",
                "what_for": shown.what if shown else "",
                "what_you_get": shown.benefit if shown else "",
                "address": "" if one.point_value.startswith("#") else one.point_value,
                "state": str(one.state_now),
                "decided_at": one.decided_at,
                "holds_until": one.holds_until,
                "how": str(one.get_how_display()),
                "counts": past.is_in_force,
            }
        )
    return found


def vcard(told: dict[str, Any]) -> str:
    """The same person as a card that every address book reads (vCard 4.0)."""
    person = told.get("person", {})
    lines = ["BEGIN:VCARD", "VERSION:4.0", f"UID:urn:uuid:{told['subject']}", f"FN:{_safe(person.get('name', ''))}"]
    family = " ".join(filter(None, (person.get("infix", ""), person.get("family_name", ""))))
    lines.append(f"N:{_safe(family)};{_safe(person.get('given_name', ''))};;;")
    lines += [_card_line(point) for point in told.get("contact_points", [])]
    for work in told.get("works_at", []):
        if work["until"] is None:
            lines += [f"ORG:{_safe(work['organization'])}", f"TITLE:{_safe(work['role'])}"]
    lines += [f"BDAY:{day['on']:%Y%m%d}" for day in told.get("dates", []) if day["kind"] == "birthday"]
    return "\r\n".join(_folded([*lines, "END:VCARD"])) + "\r\n"


def _card_line(point: dict[str, Any]) -> str:
    match point["kind"]:
        case "email":
            return f"EMAIL:{_safe(point['value'])}"
        case "phone":
            return f"TEL;VALUE=uri:tel:{_safe(point['value'])}"
        case "postal":
            return f"ADR:;;{_safe(point['written'])};;;;"
    return f"URL:{_safe(point['value'])}"


def _safe(text: str) -> str:
    """A value with the signs escaped that mean something to a card."""
    for sign in ("\\", ",", ";"):
        text = text.replace(sign, f"\\{sign}")
    return "\\n".join(text.splitlines())


def _folded(lines: Iterable[str]) -> Iterable[str]:
    """No line longer than 75 bytes: the rest goes on in the next, behind a space."""
    for line in lines:
        rest, limit = line, 75
        while len(rest.encode()) > limit:
            cut = len(rest.encode()[:limit].decode(errors="ignore"))
            yield rest[:cut] if limit == 75 else f" {rest[:cut]}"
            rest, limit = rest[cut:], 74
        yield rest if limit == 75 else f" {rest}"
