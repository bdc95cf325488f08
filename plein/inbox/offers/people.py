# SPDX-License-Identifier: AGPL-3.0-or-later
"""Suggestions about people: who somebody new is, what they do by now, that they left, and how they are reached."""

import re
from collections.abc import Iterator

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from plein.inbox.offers.facts import Facts, Stretch, jobs_of
from plein.inbox.offers.kinds import Kind, Offer
from plein.relations.contact import ContactError, normalise
from plein.relations.domains import company_domain, is_desk, is_nobody
from plein.relations.models import ContactPointLink, Membership, Relation
from plein.relations.vocabulary import ContactKind, RelationKind

#: Somebody says that they take over, or in what role they start.
_TAKES_OVER = re.compile(
    r"\bI(?:'ll| will| am going to)? (?:take|taking|am taking) (?:it )?over\b|\bneem ik\b.{0,60}\bover\b"
    r"|\bik neem\b.{0,60}\bover\b|\bI decide\b|\bik beslis\b",
    re.IGNORECASE,
)
_ROLE = re.compile(
    r"\b(?:I|ik)\b[^.\n]{0,60}?\b(?:as|als|become|becoming|word|ben)\s+"
    r"(?:de |het |the |your |a |an |new |nieuwe |our |je |jullie )*"
    r"([A-Za-zÀ-ÿ][\w &-]{3,40}?)(?=\s+(?:at|bij|van|from|vanaf|per|en|and|for|voor|with|in)\b|[.,;:!?\n]|$)",
)
_LEAVES = re.compile(
    r"\bno longer (?:work\w*|employed|with)\b|\bhas left\b|\bleft (?:our|the) (?:company|organi[sz]ation)\b"
    r"|\bwerkt niet (?:meer|langer)\b|\bniet (?:meer|langer) (?:werkzaam|in dienst)\b"
    r"|\bheeft (?:ons|het) (?:bedrijf )?verlaten\b",
    re.IGNORECASE,
)
#: A report that an address does not exist, for good.
_UNKNOWN = re.compile(
    r"\b5\.1\.[0-36]\b|\b550\b|user unknown|no such user|does not exist|bestaat niet|unknown user", re.IGNORECASE
)
_POINTS = {"phone": ContactKind.PHONE, "email": ContactKind.EMAIL, "address": ContactKind.POSTAL}
LONGEST_ROLE = 60


def of_strangers(facts: Facts) -> Iterator[Offer]:
    """Somebody we do not know: a person of their own, at the organization that their address tells of."""
    if facts.sender is None or facts.person is not None or facts.sender.relation_id is not None:
        return
    address, name = facts.address, facts.sender.heard_name
    if facts.is_report or not name or "@" in name or (address and (is_nobody(address) or is_desk(address))):
        return
    organization = organization_at(address)
    where = _("with %(address)s") % {"address": address} if address else ""
    if organization is not None:
        where = _("at %(organization)s, with %(address)s") % {"organization": organization.name, "address": address}
    about = {"organization": str(organization.id) if organization else ""}
    yield Offer(Kind.PERSON, _("Add %(name)s as a contact") % {"name": name}, where, "", about)


def organization_at(address: str) -> Relation | None:
    """The organization that has addresses at this domain, when there is just one."""
    domain = company_domain(address) if address else ""
    if not domain:
        return None
    at_home = ContactPointLink.objects.filter(
        contact_point__kind=ContactKind.EMAIL, contact_point__value__endswith=f"@{domain}", revoked_at__isnull=True
    )
    people = list(at_home.values_list("relation_id", flat=True)[:50])
    found = Relation.objects.filter(id__in=people, kind=RelationKind.ORGANIZATION, is_ours=False)
    works = Membership.objects.filter(person_id__in=people, ends_on__isnull=True, organization__is_ours=False)
    ids = {*found.values_list("id", flat=True), *works.values_list("organization_id", flat=True)}
    return Relation.objects.filter(id__in=ids).first() if len(ids) == 1 else None


def of_roles(facts: Facts) -> Iterator[Offer]:
    """What somebody does from a day on, as they write themselves."""
    if facts.person is None or not facts.jobs:
        return
    is_told = facts.heard.holds("job_change")
    for one, meant in facts.days():
        role = _role_in(one, is_told=is_told)
        if not role or any(job.role.casefold() == role.casefold() for job in facts.jobs):
            continue
        organization = facts.jobs[0].organization
        title = _("Note %(name)s as %(role)s") % {"name": facts.name, "role": role}
        since = date_format(meant.day, "j F Y")
        detail = _("at %(organization)s, from %(day)s") % {"organization": organization.name, "day": since}
        about = {"organization": str(organization.id), "role": role, "since": str(meant.day)}
        yield Offer(Kind.ROLE, title, detail, one.sentence, about)
        return


def _role_in(one: Stretch, *, is_told: bool) -> str:
    if found := _ROLE.search(one.sentence) if is_told else None:
        return found[1].strip()[:LONGEST_ROLE]
    return _("decision maker") if _TAKES_OVER.search(one.sentence) else ""


def of_leaving(facts: Facts) -> Iterator[Offer]:
    """A colleague of theirs, a machine or a mail server tells that somebody is not there any more."""
    for one in facts.stretches("email"):
        for link in holders_of(one.text):
            if one.start < facts.signature_from and _LEAVES.search(one.sentence):
                yield from _left(link.relation, one.sentence)
            elif facts.is_report and _UNKNOWN.search(facts.text):
                title = _("Note that %(address)s no longer works") % {"address": one.text}
                detail = _("an address of %(name)s; what came in on it stays") % {"name": link.relation.name}
                yield Offer(Kind.GONE, title, detail, one.sentence, {"link": str(link.id)})
    leaves = _LEAVES.search(facts.said)
    if leaves is None:
        return
    if facts.heard.filed_as == "auto_reply" and facts.person is not None:
        yield from _left(facts.person, facts.sentence(leaves.start()))
        return
    for one in facts.stretches("person"):
        if _LEAVES.search(one.sentence) and (colleague := colleague_of(facts, one.text)) is not None:
            yield from _left(colleague, one.sentence)


def holders_of(address: str) -> list[ContactPointLink]:
    links = ContactPointLink.objects.filter(
        contact_point__kind=ContactKind.EMAIL, contact_point__value=address.lower(), revoked_at__isnull=True
    )
    return list(links.select_related("relation").order_by("id")[:2])


def colleague_of(facts: Facts, name: str) -> Relation | None:
    """The one person of this name where the writer works."""
    where = [job.organization_id for job in facts.jobs]
    works = Membership.objects.filter(
        organization_id__in=where, ends_on__isnull=True, person__name__iexact=name.strip()
    )
    found = list(works.select_related("person")[:2])
    return found[0].person if len(found) == 1 else None


def _left(person: Relation, sentence: str) -> Iterator[Offer]:
    for job in jobs_of(person)[:1]:
        if person.is_person and job.ends_on is None:
            names = {"name": person.name, "organization": job.organization.name}
            title = _("Note that %(name)s no longer works at %(organization)s") % names
            yield Offer(Kind.LEFT, title, _("the work ends today; the past stays"), sentence, {"job": str(job.id)})


def of_addresses(facts: Facts) -> Iterator[Offer]:
    """Numbers and addresses under what somebody wrote that we do not have of them yet."""
    if facts.person is None or facts.is_report:
        return
    for one in facts.stretches(*_POINTS):
        if one.start < facts.signature_from:
            continue
        try:
            contact = normalise(one.text, kind=_POINTS[one.kind])
        except ContactError:
            continue
        if contact.value in facts.points or contact.value == facts.address:
            continue
        title = _("Add %(point)s") % {"point": contact.display or contact.value}
        detail = _("of %(name)s, from the signature") % {"name": facts.name}
        yield Offer(Kind.POINT, title, detail, "", {"text": one.text, "kind": str(_POINTS[one.kind])})
