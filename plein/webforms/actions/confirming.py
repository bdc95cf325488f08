# SPDX-License-Identifier: AGPL-3.0-or-later
"""Makes what somebody filled in count, once, when they have proven their address."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from plein.core.events import publish
from plein.core.ids import new_id, now
from plein.core.operations import operation
from plein.metadata.actions import set_values
from plein.metadata.models import Field
from plein.metadata.refusals import WrongValues
from plein.moments.actions import create_todo
from plein.moments.events import MailBroughtIn
from plein.moments.models import Moment
from plein.relations.models import Relation, RelationValues
from plein.trust.permissions import permit
from plein.trust.seats import Entrance
from plein.webforms.agreeing import agreed_in, note_yes
from plein.webforms.answering import OWN, lines_of, text_of
from plein.webforms.bringing import Brought, bring_in
from plein.webforms.events import FormConfirmed
from plein.webforms.models import Confirmed, Submission, WebForm
from plein.webforms.queries import own_of
from plein.webforms.vocabulary import Work


@dataclass(frozen=True, slots=True)
class Settled:
    """What came of a link: whether it counts now, and whether it did already."""

    submission: Submission
    is_new: bool


def confirm_submission(*, actor: Entrance, submission: Submission) -> Settled:
    """Make what was filled in a contact moment of whoever filled it in, with their yes as they saw it; once."""
    permit(actor, "write")
    one: Submission = (
        Submission.objects.select_for_update(of=("self",)).select_related("form", "text").get(id=submission.id)
    )
    if one.confirmed_at is not None:
        return Settled(one, is_new=False)
    since = new_id()
    with translation.override(actor.user.language), operation("confirm_form"):
        agreed = agreed_in(one)
        own = own_of(one.text)
        text = text_of(lines_of(one, own), [purpose.name for purpose in agreed])
        brought = bring_in(one, text)
        Confirmed.objects.create(
            moment_id=brought.moment_id,
            circle_id=one.form.circle_id,
            form_id=one.form_id,
            text_id=one.text_id,
            language=one.language,
            came_at=one.came_at,
        )
        note_yes(actor, one, agreed, brought)
        if brought.person is not None:
            _fill(actor, one, own, brought.person)
        _put_to_work(actor, one.form, brought)
    one.confirmed_at = now()
    Submission.objects.filter(id=one.id).update(confirmed_at=one.confirmed_at, email="", answers={}, yes={})
    # What is new has a later id than this.
    publish(MailBroughtIn(since))
    return Settled(one, is_new=True)


def _fill(actor: Entrance, one: Submission, own: Sequence[Field], person: Relation) -> None:
    """Own fields that are empty get what was said; what stands there already stays. All of it is in the moment."""
    present: dict[str, Any] = {}
    for row in RelationValues.objects.filter(relation_id=person.id):
        present |= row.values
    for field in own:
        value = one.answers.get(OWN + field.key)
        if value is None or present.get(str(field.id)) is not None:
            continue
        try:
            set_values(actor=actor, values_model=RelationValues, record=person, values={field.key: value})
        except WrongValues:
            # The field was changed since: what was said is kept in the contact moment.
            continue


def _put_to_work(actor: Entrance, form: WebForm, brought: Brought) -> None:
    """Give it to whoever looks at what comes in by this form."""
    if form.work == Work.TODO:
        create_todo(
            actor=actor,
            title=_("Look at what came in by the form “%(name)s”") % {"name": form.name},
            assignee_id=form.for_seat_id,
            relation_id=brought.person.id if brought.person is not None else None,
            moment=Moment.objects.get(id=brought.moment_id),
        )
    publish(FormConfirmed(brought.moment_id, form.for_seat_id))
