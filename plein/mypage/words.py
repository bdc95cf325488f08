# SPDX-License-Identifier: AGPL-3.0-or-later
"""The letters that people get about what they asked, in the language in which we write to them."""

from datetime import date

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from plein.mypage.models import PageRequest
from plein.mypage.vocabulary import Standing
from plein.trust.letters import HouseLetter


def tongue(language: str) -> str:
    """The language of a letter: Dutch for who reads that, English for everybody else."""
    return "nl" if language[:2] == "nl" else "en"


def _letter(to: str, subject: str, *paragraphs: str) -> HouseLetter:
    return HouseLetter(to, subject, "\n\n".join(one for one in paragraphs if one) + "\n")


def answer_letter(asked: PageRequest, *, to: str, company: str, language: str, link: str) -> HouseLetter:
    """What came of a request, or why it takes longer."""
    with translation.override(tongue(language)):
        facts = {"company": company, "wish": asked.get_kind_display(), "day": date_format(asked.asked_at, "j F Y")}
        said = _("On %(day)s you asked %(company)s: %(wish)s.") % facts
        if asked.state == Standing.OPEN:
            until = _("It takes longer than a month. You get an answer by %(day)s. Why:")
            outcome, words = until % {"day": date_format(asked.due_on, "j F Y")}, asked.why_later
        elif asked.state == Standing.DONE:
            outcome, words = _("It was done. What we did:"), asked.answer
        else:
            outcome, words = _("We do not do it. Why not:"), asked.answer
        rights = ""
        if asked.state == Standing.REFUSED:
            rights = _("You may complain to the authority for data protection in your country, or go to court.")
        own_page = _("You find it on your page, which this link opens once:") + f"\n{link}" if link else ""
        subject = _("What you asked %(company)s") % facts
        return _letter(to, subject, _("Hello,"), said, outcome, words, rights, own_page)


def erased_letter(*, to: str, company: str, language: str, day: date) -> HouseLetter:
    """That somebody is forgotten; it is the last that goes to them."""
    with translation.override(tongue(language)):
        facts = {"company": company, "day": date_format(day, "j F Y")}
        done = _("You asked %(company)s to erase you. That was done on %(day)s.") % facts
        kept = _(
            "We keep that we did so, what you decided about the use of your data, and a code by which we know your"
            " address when it comes in again. None of it says who you are."
        )
        return _letter(to, _("You were erased at %(company)s") % facts, _("Hello,"), done, kept)


def lifted_letter(*, to: str, company: str, language: str) -> HouseLetter:
    """That what we have of somebody is used again."""
    with translation.override(tongue(language)):
        facts = {"company": company}
        lifted = _("You asked %(company)s not to use your data for now. From today on we use them again.") % facts
        ask = _("You can still decide what for, on your page, or answer this letter.")
        return _letter(to, _("%(company)s uses your data again") % facts, _("Hello,"), lifted, ask)
