# SPDX-License-Identifier: AGPL-3.0-or-later
"""Forms with the words in force, what was filled in, and where a form is looked up before anybody knows the place."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from plein.consent.models import Purpose, PurposeText
from plein.consent.queries import purposes
from plein.consent.vocabulary import Basis
from plein.core.ids import now
from plein.core.isolation import no_workspace
from plein.metadata.models import Field
from plein.metadata.queries import catalog
from plein.metadata.vocabulary import FieldKind, FieldType
from plein.relations.vocabulary import ContactKind
from plein.trust.actions.links import digest_of
from plein.trust.models import Seat
from plein.trust.seats import Entrance, NoSeat, entered
from plein.webforms.models import Confirmed, FormAddress, FormText, Submission, WebForm

LONGEST_KEY, MOST_SHOWN = 100, 50


class NoForm(Exception):
    """There is no such form, or nobody looks after it any more."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A form as a visitor meets it: as whom it is kept, its words, and what of them can be asked today."""

    actor: Entrance
    form: WebForm
    own: Sequence[Field]
    purposes: Sequence[Purpose]

    @property
    def text(self) -> FormText:
        return self.form.wording


@contextmanager
def opened(key: str) -> Iterator[Sheet]:
    """Run what is inside as whoever looks after the form with this key, in one transaction; raises NoForm."""
    with no_workspace("find the address of a form"):
        known = FormAddress.objects.select_related("user").filter(user__is_active=True)
        address = known.filter(digest=digest_of(key)).first() if len(key) <= LONGEST_KEY else None
    if address is None:
        raise NoForm
    try:
        with entered(address.user, address.into_workspace, door="form") as actor:
            form = form_of(address.form_id)
            if form is None or not actor.can_write:
                raise NoForm
            yield Sheet(actor, form, own_of(form.wording), purposes_of(form.wording))
    except NoSeat as trouble:
        raise NoForm from trouble


def forms() -> list[WebForm]:
    """The forms that the reader sees, the oldest first, each with its words and counts."""
    found = list(_counted().order_by("created_at", "id"))
    texts = FormText.objects.filter(form__in=found).order_by("form_id", "-number").distinct("form_id")
    words = {one.form_id: one for one in texts}
    for one in found:
        one.wording = words[one.id]
    return found


def form_of(form_id: UUID) -> WebForm | None:
    """One of them."""
    found: WebForm | None = WebForm.objects.filter(id=form_id, removed_at__isnull=True).first()
    if found is not None:
        found.wording = FormText.objects.filter(form_id=form_id).order_by("-number")[0]
    return found


def form_with_versions(form_id: UUID) -> tuple[WebForm, list[FormText]] | None:
    """One of them, with all the words it ever had, the newest first."""
    found: WebForm | None = _counted().filter(id=form_id).first()
    if found is None:
        return None
    texts = list(FormText.objects.filter(form_id=form_id).select_related("seat__user").order_by("-number"))
    found.wording = texts[0]
    return found, texts


def _counted() -> QuerySet[WebForm]:
    """The forms, each with how many wait for their link, and how many confirmed."""
    open_ = Submission.objects.filter(confirmed_at__isnull=True, expires_at__gt=now())
    return WebForm.objects.filter(removed_at__isnull=True).annotate(
        waiting=_count(open_), confirmed=_count(Confirmed.objects.all())
    )


def _count(rows: QuerySet[Any]) -> Coalesce:
    of_one = rows.filter(form_id=OuterRef("id")).order_by().values("form_id").annotate(count=Count("id"))
    return Coalesce(Subquery(of_one.values("count")), 0)


def purposes_to_ask() -> list[Purpose]:
    """What a visitor may be asked to say yes to: what needs a yes, and is done by mail, which is what they prove."""
    return [one for one in purposes() if one.basis == Basis.CONSENT and ContactKind.EMAIL in one.kinds]


def purposes_of(text: FormText) -> list[Purpose]:
    """The purposes of a form that are still in use, with the words in force."""
    wanted = set(text.purposes)
    return [one for one in purposes_to_ask() if one.id in wanted] if wanted else []


def words_shown(text_id: UUID) -> PurposeText | None:
    """The words of a purpose as they were shown."""
    found: PurposeText | None = PurposeText.objects.filter(id=text_id).first()
    return found


def fields_to_ask() -> list[Field]:
    """The company's own fields of people that a visitor may be asked; never who else there is."""
    return [one for one in catalog().shown(FieldKind.PERSON) if one.type != FieldType.RELATION]


def own_of(text: FormText) -> list[Field]:
    """The own fields of a form that are still in use, as whoever looks after it sees them."""
    wanted = [str(one["key"]) for one in text.own]
    known = {one.key: one for one in fields_to_ask()} if wanted else {}
    return [known[key] for key in wanted if key in known]


def submission_at(form: WebForm, link: str) -> Submission | None:
    """What waits behind a link, by its hash; also when it was confirmed, for as long as the link would have worked."""
    mine = Submission.objects.filter(form_id=form.id, expires_at__gt=now()).select_related("form", "text")
    found: Submission | None = mine.filter(link=link).first() if link else None
    return found


def confirmed_of(form: WebForm) -> list[Confirmed]:
    """What was confirmed last."""
    mine = Confirmed.objects.filter(form_id=form.id).select_related("text")
    return list(mine.order_by("-confirmed_at", "-id")[:MOST_SHOWN])


def colleagues() -> list[Seat]:
    """Whose work it can be."""
    return list(Seat.objects.filter(is_active=True).select_related("user").order_by("user__name", "id"))
