# SPDX-License-Identifier: AGPL-3.0-or-later
"""Links to somebody's own page: for them alone, once, and not for long. Only the hash of each is kept."""

import secrets
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from plein.consent.actions import subject_for
from plein.consent.actions.purposes import begin_purposes
from plein.consent.models import Purpose, Subject
from plein.core.audit import audit, audit_apart
from plein.core.events import publish
from plein.core.ids import now
from plein.core.isolation import no_workspace, workspace_id
from plein.core.operations import operation
from plein.mypage.events import PageWanted
from plein.mypage.models import Way
from plein.mypage.places import whole_address
from plein.mypage.queries import addresses_of, is_theirs_alone, settings_of_pages, stops_of
from plein.relations.models import Relation
from plein.trust import letters, secret_box
from plein.trust.actions.links import digest_of
from plein.trust.letters import HouseLetter
from plein.trust.permissions import permit
from plein.trust.seats import Entrance

#: A link in a letter, one that was asked for, and the visit that it begins.
IN_A_LETTER, ASKED_FOR, VISIT = timedelta(days=14), timedelta(hours=24), timedelta(hours=1)
SEALED = "my page"


class CannotOpen(ValueError):
    """Why somebody can get no link to their page, in words."""


def link_of_subject(*, subject: UUID, lifetime: timedelta) -> str:
    """A link that opens somebody's page once. It is made in their workspace, and goes to nobody but them."""
    secret = secrets.token_urlsafe(32)
    Way.objects.create(
        digest=digest_of(secret),
        kind="link",
        into_workspace=workspace_id(),
        subject_id=subject,
        expires_at=now() + lifetime,
    )
    return whole_address(f"open/{secret}/")


def link_for(*, actor: Entrance, relation: Relation, address: str) -> str:
    """A link to somebody's page, for a letter that leaves now to this address; nothing when they can have none."""
    permit(actor, "write")
    if not relation.is_person or not settings_of_pages().is_open or not is_theirs_alone(relation, address):
        return ""
    subject = begun_subject(actor, relation)
    audit("make_page_link", kind="relation", about=relation.id)
    return link_of_subject(subject=subject.id, lifetime=IN_A_LETTER)


def begun_subject(actor: Entrance, relation: Relation) -> Subject:
    """The subject of a person whose page can be opened: it is there, and so are the purposes."""
    subject: Subject | None = Subject.objects.filter(relation_id=relation.id).order_by("created_at", "id").first()
    if subject is None or not Purpose.objects.exists():
        with operation("begin_subject"):
            begin_purposes()
            subject = subject or subject_for(actor=actor, relation=relation)
    return subject


def send_page(*, actor: Entrance, relation: Relation) -> None:
    """Send somebody a link to their page; raises CannotOpen with what to do instead.

    It goes out as every mail of a colleague does. Who asks for the page themselves gets it all the same.
    """
    permit(actor, "write")
    if not relation.is_person:
        raise CannotOpen(_("Only a person has a page of their own."))
    if not settings_of_pages().is_open:
        raise CannotOpen(_("The pages of people are closed here. An administrator can open them in the settings."))
    addresses = addresses_of(relation)
    if not addresses:
        raise CannotOpen(_("There is no e-mail address that is theirs alone. Note one, and try again."))
    stops = stops_of(addresses)
    address = next((one for one in addresses if one not in stops), "")
    if not address:
        raise CannotOpen(stops[addresses[0]])
    if not letters.can_send():
        raise CannotOpen(_("There is no mail server yet. An administrator can set one up in the settings."))
    link = link_for(actor=actor, relation=relation, address=address)
    if not letters.send(letter_for(address, actor.workspace_name, relation.language, link)):
        raise CannotOpen(_("The mail server did not take the letter. Try again later."))


def letter_for(address: str, company: str, language: str, link: str) -> HouseLetter:
    """The letter with the link, in the reader's language."""
    facts = {"company": company}
    with translation.override("nl" if language[:2] == "nl" else "en"):
        paragraphs = (
            _("Hello,"),
            _("Here you see what %(company)s has about you, from where, and what for; there you decide.") % facts,
            link,
            _("The link opens your page once and is yours alone, so do not pass it on."),
        )
        return HouseLetter(address, _("Your page at %(company)s") % facts, "\n\n".join(paragraphs) + "\n")


def want_page(*, email: str) -> None:
    """Somebody wants a link. Known or not, the address is sealed and a job looks later whose it is."""
    sealed = secret_box.seal(SEALED, email.strip().lower()).decode()
    with transaction.atomic():
        publish(PageWanted(sealed))


def take_link(secret: str) -> str | None:
    """Spend a link for a visit of an hour: the secret that the visitor's cookie carries, or None."""
    with no_workspace("open my page"), transaction.atomic():
        good = Way.objects.filter(digest=digest_of(secret), kind="link", used_at__isnull=True, expires_at__gt=now())
        link = good.select_for_update().first()
        if link is None:
            return None
        Way.objects.filter(id=link.id).update(used_at=now())
        Way.objects.filter(expires_at__lt=now() - timedelta(days=30)).delete()
        visit = secrets.token_urlsafe(32)
        Way.objects.create(
            digest=digest_of(visit),
            kind="visit",
            into_workspace=link.into_workspace,
            subject_id=link.subject_id,
            expires_at=now() + VISIT,
        )
        audit_apart(
            "open_my_page",
            workspace=link.into_workspace,
            door="my-page",
            kind="subject",
            about=link.subject_id,
        )
    return visit
