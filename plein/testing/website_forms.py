# SPDX-License-Identifier: AGPL-3.0-or-later
"""Forms for websites, for the tests of all domains."""

from plein.trust.seats import Entrance
from plein.webforms.actions import FormFacts, add_form
from plein.webforms.models import WebForm


def make_form(actor: Entrance, name: str = "Website") -> WebForm:
    """A form for a website."""
    return add_form(actor=actor, facts=FormFacts(name, title_en="Write us", circle="everyone"))
