# SPDX-License-Identifier: AGPL-3.0-or-later
"""What administrators do with forms for websites, and what becomes of what visitors fill in."""

from plein.webforms.actions.confirming import Settled, confirm_submission
from plein.webforms.actions.making import FormFacts, add_form, change_form, close_form, open_form, remove_form
from plein.webforms.actions.taking import Filled, NotTaken, keep_submission, mail_link

__all__ = [
    "Filled",
    "FormFacts",
    "NotTaken",
    "Settled",
    "add_form",
    "change_form",
    "close_form",
    "confirm_submission",
    "keep_submission",
    "mail_link",
    "open_form",
    "remove_form",
]
