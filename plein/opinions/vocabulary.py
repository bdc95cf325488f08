# SPDX-License-Identifier: AGPL-3.0-or-later
"""The fixed words of second opinions, and the sentence somebody has to agree with."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Unit(models.TextChoices):
    """What a budget counts."""

    CALLS = "calls", _("questions")
    TOKENS = "tokens", _("tokens, as the model counts words")


#: Which sentence was agreed with: another one asks for agreement anew.
SENTENCE = "2026-11"
CONSENT = _(
    "I agree that texts of these circles that Plein is not sure of go to this address, where whoever runs it can read"
    " them. Plein first takes out the names, addresses, numbers, amounts and days that it recognises; what it does not"
    " recognise goes along. I have made sure that we may do this."
)
