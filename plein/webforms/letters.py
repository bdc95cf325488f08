# SPDX-License-Identifier: AGPL-3.0-or-later
"""The one mail that a form sends: because the person asked for it, and about nothing else.

It holds nothing of what was filled in, so that nobody sends words of their own to others by a form.
"""

from django.utils.translation import gettext as _

from plein.trust.letters import HouseLetter


def link_letter(*, to: str, company: str, title: str, link: str) -> HouseLetter:
    """The letter with the link, in the language in force."""
    facts = {"company": company, "title": title}
    paragraphs = (
        _("Hello,"),
        _("Somebody, probably you, filled in the form “%(title)s” of %(company)s with this address.") % facts,
        _("Look at what was filled in and confirm it here, within seven days:"),
        link,
        _("Was it not you? Then you need not do anything: it counts for nothing, and after seven days it is removed."),
    )
    return HouseLetter(to, _("Confirm what you filled in at %(company)s") % facts, "\n\n".join(paragraphs) + "\n")
