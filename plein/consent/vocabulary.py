# SPDX-License-Identifier: AGPL-3.0-or-later
"""The fixed words of this domain, as the General Data Protection Regulation has them."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Basis(models.TextChoices):
    """On what ground something may be done with what we know of somebody (article 6)."""

    CONSENT = "consent", _("they said yes")
    CONTRACT = "contract", _("needed for what we agreed")
    INTEREST = "interest", _("legitimate interest, until they object")
    OBLIGATION = "obligation", _("the law obliges us")
    VITAL = "vital", _("somebody's life depends on it")
    TASK = "task", _("a task in the public interest, until they object")


#: Grounds on which somebody's objection ends it.
OBJECTABLE = frozenset({Basis.CONSENT, Basis.INTEREST, Basis.TASK})


class State(models.TextChoices):
    """What somebody decided. Never asked means that there is no decision; `expired` is said by the clock."""

    GIVEN = "given", pgettext_lazy("of a consent", "said yes")
    REFUSED = "refused", pgettext_lazy("of a consent", "said no")
    WITHDRAWN = "withdrawn", pgettext_lazy("of a consent", "withdrew")
    EXPIRED = "expired", pgettext_lazy("of a consent", "no longer counts")
    NEVER = "never", pgettext_lazy("of a consent", "never asked")


#: What can be recorded; the other two follow.
DECISIONS = (State.GIVEN, State.REFUSED, State.WITHDRAWN)
NO = frozenset({State.REFUSED, State.WITHDRAWN})


class How(models.TextChoices):
    """How we know."""

    MAIL = "mail", _("by mail")
    FORM = "form", _("on a form")
    CALL = "call", _("on the phone")
    TALK = "talk", _("in a talk")
    PAPER = "paper", _("on paper")
    IMPORT = "import", _("from a list")
    MY_PAGE = "my_page", _("on their own page")


class Steps(models.TextChoices):
    """Whether people may be asked to introduce us to somebody."""

    OBJECTION = "objection", _("everybody may be asked, unless they object")
    CONSENT = "consent", _("colleagues may be asked; others only after they said yes")


#: The keys of purposes that Plein itself asks for.
PERSONAL, INTRODUCTIONS = "personal", "introductions"
