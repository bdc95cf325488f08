# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an administrator does with a form: make it, word it, let it rest, remove it."""

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

from plein.consent.actions.purposes import begin_purposes
from plein.core.ids import now
from plein.core.operations import operation, save_edit
from plein.trust.actions.links import digest_of
from plein.trust.circles import circle_for_new, seats_within
from plein.trust.models import Seat
from plein.trust.permissions import permit
from plein.trust.seats import Entrance
from plein.webforms.models import FormAddress, FormText, Submission, WebForm
from plein.webforms.queries import fields_to_ask, purposes_to_ask
from plein.webforms.refusals import CannotForm
from plein.webforms.vocabulary import Need, Part, Work

MOST_FORMS, MOST_ORIGINS = 100, 20
WORDS = ("title_nl", "title_en", "intro_nl", "intro_en", "thanks_nl", "thanks_en", "thanks_url")
#: A website as a browser names it: scheme, host and port, nothing that could be more than one word of a policy.
ORIGIN = re.compile(r"https?://[a-z0-9]([a-z0-9.-]{0,250}[a-z0-9])?(:[0-9]{1,5})?\Z")
_is_page = URLValidator(schemes=["https", "http"])


@dataclass(frozen=True, slots=True)
class FormFacts:
    """A form as an administrator describes it; `asks` says how each part is asked, `own` are keys of own fields."""

    name: str
    title_nl: str = ""
    title_en: str = ""
    intro_nl: str = ""
    intro_en: str = ""
    thanks_nl: str = ""
    thanks_en: str = ""
    thanks_url: str = ""
    asks: Mapping[str, str] = field(default_factory=lambda: {str(Part.NAME): str(Need.REQUIRED)})
    own: Sequence[str] = ()
    purposes: Sequence[UUID] = ()
    origins: Sequence[str] = ()
    work: str = str(Work.INBOX)
    for_seat: UUID | None = None
    circle: str = ""


def add_form(*, actor: Entrance, facts: FormFacts) -> WebForm:
    """Make a form that is open at once, looked after by whoever makes it; raises CannotForm."""
    permit(actor, "manage")
    if WebForm.objects.filter(removed_at__isnull=True).count() >= MOST_FORMS:
        raise CannotForm(_("There are very many forms already. Remove those that nobody uses first."))
    circle = circle_for_new(facts.circle)
    rules, words = _rules(facts, circle), _words(facts)
    with operation("add_form"):
        begin_purposes()
        form: WebForm = WebForm.objects.create(
            seat_id=actor.seat_id, circle_id=circle, key=secrets.token_urlsafe(32), **rules
        )
        form.wording = _write(actor, form, words, 1)
        FormAddress.objects.create(
            digest=digest_of(form.key),
            user=actor.user,
            into_workspace=actor.workspace_id,
            circle=form.circle_id,
            form_id=form.id,
        )
    return form


def change_form(*, actor: Entrance, form: WebForm, facts: FormFacts, based_on: int) -> WebForm:
    """Change a form; other words are a new version. From now on it is looked after by whoever changes it.

    Raises CannotForm, and EditConflict when somebody changed it meanwhile.
    """
    permit(actor, "manage")
    rules, words = _rules(facts, form.circle_id), _words(facts)
    with operation("change_form"):
        begin_purposes()
        saved = save_edit(form, rules | {"seat_id": actor.seat_id}, based_on=based_on)
        FormAddress.objects.filter(form_id=form.id).update(user=actor.user)
        present: FormText = FormText.objects.filter(form_id=form.id).order_by("-number")[0]
        if any(getattr(present, name) != value for name, value in words.items()):
            present = _write(actor, saved, words, present.number + 1)
        saved.wording = present
    return saved


def close_form(*, actor: Entrance, form: WebForm) -> None:
    """Let a form rest: whoever opens it reads that it is closed. What waits can still be confirmed."""
    permit(actor, "manage")
    with operation("close_form"):
        WebForm.objects.filter(id=form.id, is_open=True).update(is_open=False)


def open_form(*, actor: Entrance, form: WebForm) -> None:
    """Let a form that rested be filled in again, looked after by whoever opens it."""
    permit(actor, "manage")
    with operation("open_form"):
        WebForm.objects.filter(id=form.id, is_open=False).update(is_open=True, seat_id=actor.seat_id)
        FormAddress.objects.filter(form_id=form.id).update(user=actor.user)


def remove_form(*, actor: Entrance, form: WebForm) -> None:
    """Take a form away. What came in by it stays, with the words that people saw; what was not confirmed goes."""
    permit(actor, "manage")
    with operation("remove_form"):
        WebForm.objects.filter(id=form.id, removed_at__isnull=True).update(removed_at=now())
        Submission.objects.filter(form_id=form.id).delete()


def _write(actor: Entrance, form: WebForm, words: Mapping[str, Any], number: int) -> FormText:
    text: FormText = FormText.objects.create(
        form=form, circle_id=form.circle_id, number=number, seat_id=actor.seat_id, **words
    )
    return text


def _rules(facts: FormFacts, circle: int) -> dict[str, Any]:
    """What of a form no visitor reads; raises CannotForm."""
    if not facts.name.strip():
        raise CannotForm(_("Give it a name by which you know it."), "name")
    if facts.work not in Work.values:
        raise CannotForm(_("Choose what it becomes."), "work")
    if facts.for_seat is not None and not Seat.objects.filter(id=facts.for_seat, is_active=True).exists():
        raise CannotForm(_("Choose one of your colleagues."), "for_seat")
    if facts.for_seat is not None and not seats_within([circle], [facts.for_seat]):
        raise CannotForm(_("That colleague would not see what comes in. Choose somebody who does."), "for_seat")
    return {
        "name": facts.name.strip()[:120],
        "work": facts.work,
        "for_seat_id": facts.for_seat,
        "origins": _origins(facts.origins),
    }


def _origins(wanted: Sequence[str]) -> list[str]:
    found = list(dict.fromkeys(origin_of(one) for one in wanted if one.strip()))
    if len(found) > MOST_ORIGINS:
        raise CannotForm(_("Name at most %(most)s websites.") % {"most": MOST_ORIGINS}, "origins")
    return found


def origin_of(text: str) -> str:
    """A website as a browser names it, from how somebody wrote it; raises CannotForm."""
    line = text.strip().lower()
    try:
        parts = urlsplit(line if "://" in line else f"https://{line}")
        host = (parts.hostname or "").encode("idna").decode()
        origin = f"{parts.scheme}://{host}" + (f":{parts.port}" if parts.port else "")
    except (ValueError, UnicodeError):
        origin = ""
    if not ORIGIN.match(origin) or len(origin) > 300:
        words = _("“%(text)s” is not the address of a website. Write it like https://www.example.com.")
        raise CannotForm(words % {"text": text.strip()[:80]}, "origins")
    return origin


def _words(facts: FormFacts) -> dict[str, Any]:
    """What visitors read and are asked; raises CannotForm."""
    words: dict[str, Any] = {name: str(getattr(facts, name)).strip() for name in WORDS}
    if not words["title_nl"] and not words["title_en"]:
        raise CannotForm(_("Give it a title that visitors read, in at least one language."), "title_en")
    if words["thanks_url"]:
        try:
            _is_page(words["thanks_url"])
        except ValidationError as trouble:
            raise CannotForm(_("Write a web address, such as https://example.com/page."), "thanks_url") from trouble
    return words | {
        "asks": {part: need for part, need in _asked(facts.asks).items() if need != Need.NOT},
        "own": _own(facts.own),
        "purposes": _purposes(facts.purposes),
    }


def _asked(asks: Mapping[str, str]) -> dict[str, str]:
    for part, need in asks.items():
        if part not in Part.values or need not in Need.values:
            raise CannotForm(_("Choose how it is asked."), "asks")
    return {part: str(asks.get(part, Need.NOT)) for part in Part.values}


def _own(keys: Sequence[str]) -> list[dict[str, str]]:
    known = {one.key: one for one in fields_to_ask()} if keys else {}
    if not set(keys) <= set(known):
        raise CannotForm(_("Choose fields of people that you see here."), "own")
    return [
        {"key": one.key, "label_nl": one.label_nl, "label_en": one.label_en, "help_nl": one.help_nl,
         "help_en": one.help_en}
        for one in known.values()
        if one.key in keys
    ]  # fmt: skip


def _purposes(wanted: Sequence[UUID]) -> list[UUID]:
    known = [one.id for one in purposes_to_ask()] if wanted else []
    if not set(wanted) <= set(known):
        raise CannotForm(
            _("Choose purposes that need a yes and are done by mail: a form proves an e-mail address."), "purposes"
        )
    return [one for one in known if one in wanted]
