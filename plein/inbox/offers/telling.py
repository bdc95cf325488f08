# SPDX-License-Identifier: AGPL-3.0-or-later
"""Suggestions from what people tell of themselves and of each other: where they work by now, what they are called on a
network, how long they are away, and who stands in for them.
"""

import re
from collections.abc import Iterator

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from plein.inbox.offers.facts import Facts, Stretch, jobs_of
from plein.inbox.offers.kinds import Kind, Offer
from plein.inbox.offers.people import colleague_of, holders_of
from plein.relations.contact import Contact, ContactError, normalise
from plein.relations.domains import is_desk, is_nobody
from plein.relations.models import Relation
from plein.relations.vocabulary import ContactKind, RelationKind

#: Somebody begins, or works by now, somewhere.
_JOINS = re.compile(
    r"\b(?:join(?:s|ed|ing)?|start(?:s|ed|ing)? (?:at|with)|work(?:s|ing)? (?:at|for|with)|(?:have|has) moved to"
    r"|new (?:job|role) (?:at|with)|begin(?:t|nen)? (?:\w+ ){0,3}bij|werkt? (?:\w+ ){0,3}(?:bij|voor)"
    r"|in dienst (?:\w+ ){0,2}bij|aan de slag (?:\w+ ){0,2}bij|overgestapt naar|nieuwe (?:baan|functie) bij)\b",
    re.IGNORECASE,
)
#: Whoever writes so writes of themselves.
_SELF = re.compile(r"\b(?:I|I'm|I've|ik)\b", re.IGNORECASE)
#: A name on a network, with the network before it.
_PROFILE = re.compile(
    r"\b(mastodon|bluesky|linkedin|instagram|github|twitter)[ \t]*[:|][ \t]*(@?[\w.@/-]{2,100})", re.IGNORECASE
)
_CALLED = {"twitter": "x"}
#: So many words of a signature are looked at.
MOST_WORDS = 200


def of_moves(facts: Facts) -> Iterator[Offer]:
    """Where somebody works by now: the writer by their signature or their words, or somebody they write of."""
    for one in facts.stretches("organization"):
        if one.start >= facts.signature_from:
            organization = _organization(one.text)
            if facts.person is not None and facts.jobs and organization is not None and not facts.is_report:
                yield from _moved(facts, facts.person, one, organization)
        elif _JOINS.search(one.sentence) and (person := _whose(facts, one)) is not None:
            organization = _organization(one.text)
            if organization is not None or facts.heard.holds("job_change"):
                yield from _moved(facts, person, one, organization)


def _organization(name: str) -> Relation | None:
    """The one organization of this name that we know and that is not ours."""
    found = Relation.objects.filter(kind=RelationKind.ORGANIZATION, name__iexact=" ".join(name.split()))
    known = list(found.filter(is_ours=False)[:2])
    return known[0] if len(known) == 1 else None


def _whose(facts: Facts, one: Stretch) -> Relation | None:
    """Of whom a sentence tells that they begin somewhere: a colleague that it names, else the writer."""
    named = [other for other in facts.stretches("person") if other.sentence == one.sentence]
    for other in named:
        if (colleague := colleague_of(facts, other.text)) is not None:
            return colleague
    return facts.person if not named and _SELF.search(one.sentence) and not facts.is_report else None


def _moved(facts: Facts, person: Relation, one: Stretch, organization: Relation | None) -> Iterator[Offer]:
    jobs = facts.jobs if person == facts.person else jobs_of(person)
    name = organization.name if organization is not None else " ".join(one.text.split())
    if any(job.organization.name.casefold() == name.casefold() for job in jobs):
        return
    left = ", ".join(job.organization.name for job in jobs)
    title = _("Note that %(name)s works at %(organization)s") % {"name": person.name, "organization": name}
    detail = _("and no longer at %(organization)s; the past stays") % {"organization": left} if left else ""
    about = {"person": str(person.id), "organization": str(organization.id) if organization else "", "name": name}
    yield Offer(Kind.MOVED, title, detail, one.sentence, about)


def of_profiles(facts: Facts) -> Iterator[Offer]:
    """Their names on networks, as links or by the name of the network, that we do not have of them yet."""
    if facts.person is None or facts.is_report:
        return
    signature = facts.text[facts.signature_from :]
    links = [(word.strip("<>()[],;|"), "") for word in signature.split()[:MOST_WORDS]]
    named = [(found[2].rstrip("."), found[1].lower()) for found in _PROFILE.finditer(signature)]
    for text, network in [*links, *((text, _CALLED.get(name, name)) for text, name in named)]:
        contact = _handle(text, network)
        if contact is None or contact.value in facts.points:
            continue
        title = _("Add %(point)s on %(network)s") % {"point": contact.display, "network": contact.network.title()}
        detail = _("of %(name)s, from the signature") % {"name": facts.name}
        about = {"text": contact.value, "kind": str(ContactKind.HANDLE), "network": contact.network}
        yield Offer(Kind.POINT, title, detail, "", about)


def _handle(text: str, network: str) -> Contact | None:
    try:
        return normalise(text, kind=ContactKind.HANDLE, network=network)
    except ContactError:
        return None


def of_absence(facts: Facts) -> Iterator[Offer]:
    """A machine says how long somebody is away, and who stands in for them."""
    if facts.heard.filed_as != "auto_reply":
        return
    days = [(one, meant.day) for one, meant in facts.days() if not meant.is_month]
    if days and facts.name:
        one, back = max(days, key=lambda each: each[1])
        title = _("Try %(name)s again") % {"name": facts.name}
        if title not in facts.todos:
            detail = _("On your list, for %(day)s") % {"day": date_format(back, "j F")}
            yield Offer(Kind.TODO, title, detail, one.sentence, {"title": title, "due": str(back)})
    for one in facts.stretches("email"):
        yield from _stand_in(facts, one)


def _stand_in(facts: Facts, one: Stretch) -> Iterator[Offer]:
    address = one.text.lower()
    if one.start >= facts.signature_from or address == facts.address or is_nobody(address) or is_desk(address):
        return
    name = next((other.text for other in facts.stretches("person") if other.sentence == one.sentence), "")
    if not name or "@" in name or holders_of(one.text):
        return
    title = _("Add %(name)s, who stands in") % {"name": name}
    detail = _("with %(address)s") % {"address": address}
    work = str(facts.jobs[0].organization_id) if facts.jobs else ""
    yield Offer(Kind.STAND_IN, title, detail, one.sentence, {"name": name, "text": address, "organization": work})
