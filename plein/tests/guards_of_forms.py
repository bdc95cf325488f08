# SPDX-License-Identifier: AGPL-3.0-or-later
"""The guards at the door of visitors: how to take each away, and the short suite that must turn red without it."""

from contextlib import AbstractContextManager

from plein.consent.actions import add_never_contact
from plein.relations.contact import email
from plein.testing.cast import Cast
from plein.tests.guards import Guard, replaced
from plein.trust import letters
from plein.trust.seats import entered
from plein.webforms import middleware, stamps
from plein.webforms.actions import Filled, NotTaken, keep_submission, mail_link, taking
from plein.webforms.models import Submission
from plein.webforms.tests.visitor import EMAIL, FORM, Visitor, form_of


def somebody_carries() -> AbstractContextManager[None]:
    """A mail server that takes everything and sends nothing."""
    return replaced(letters, "_carriers", [(lambda: True, lambda letter: True)])


def nothing_goes_to_who_is_never_written(cast: Cast) -> None:
    form = form_of(cast.alice)
    with entered(cast.alice) as actor:
        add_never_contact(actor=actor, contacts=[email(EMAIL)], reason="asked us")
        kept = keep_submission(actor=actor, form=form, filled=Filled(EMAIL))
        try:
            mail_link(actor=actor, submission_id=kept.id)
        except NotTaken:
            raise AssertionError("it would have been mailed") from None
        assert not Submission.objects.exists()


def one_mail_an_hour(cast: Cast) -> None:
    form = form_of(cast.alice)
    with somebody_carries(), entered(cast.alice) as actor:
        for is_first in (True, False):
            kept = keep_submission(actor=actor, form=form, filled=Filled("second@visser.example"))
            later = mail_link(actor=actor, submission_id=kept.id)
            assert (later is None) == is_first


def a_form_from_elsewhere_is_refused(cast: Cast) -> None:
    visitor = Visitor(form_of(cast.alice))
    crossing = {"Sec-Fetch-Site": "cross-site"}
    assert visitor.client.post(visitor.path, "email=x", content_type=FORM, headers=crossing).status_code == 403


def a_form_ends(cast: Cast) -> None:
    visitor = Visitor(form_of(cast.alice))
    body = "email=" + "x" * middleware.LARGEST_BODY
    assert visitor.client.post(visitor.path, body, content_type=FORM).status_code == 413


def nobody_types_that_quickly(cast: Cast) -> None:
    with somebody_carries():
        assert Visitor(form_of(cast.alice)).fill(age=0.5).status_code == 422


FORM_GUARDS = [
    Guard(
        "forms and the never-contact list",
        lambda: replaced(taking, "never_contact", lambda values: {}),
        nothing_goes_to_who_is_never_written,
    ),
    Guard(
        "one mail of a form an hour",
        lambda: replaced(taking, "seconds_to_wait", lambda subject, **more: 0),
        one_mail_an_hour,
    ),
    Guard(
        "forms sent by other websites",
        lambda: replaced(middleware, "_trouble", lambda request: 0),
        a_form_from_elsewhere_is_refused,
    ),
    Guard("how large a form is", lambda: replaced(middleware, "_trouble", lambda request: 0), a_form_ends),
    Guard("how quickly a form comes back", lambda: replaced(stamps, "QUICKEST", 0.0), nobody_types_that_quickly),
]
