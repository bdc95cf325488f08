# SPDX-License-Identifier: AGPL-3.0-or-later
"""The ready text of a request, and the letters that carry it on, in the language of whoever reads them."""

from django.utils import translation
from django.utils.translation import gettext as _

from plein.asking.vocabulary import LINK
from plein.network.queries import Step
from plein.network.vocabulary import Ground
from plein.relations.models import Relation


def tongue(language: str) -> str:
    """The language of a letter: Dutch for who reads that, English for everybody else."""
    return "nl" if language[:2] == "nl" else "en"


def _paragraphs(*parts: str) -> str:
    return "\n\n".join(one.strip() for one in parts if one.strip())


def _hello(person: Relation) -> str:
    return _("Hello %(name)s,") % {"name": person.given_name or person.name}


def ready_text(*, person: Relation, target: Relation, step: Step, asker: str, purpose: str, language: str) -> str:
    """What the first person reads, before somebody changes it. It tells nothing of them that they do not know."""
    with translation.override(tongue(language)):
        wish = _("I would like to meet %(target)s.") % {"target": target.name}
        return _paragraphs(
            _hello(person),
            f"{wish} {_why_you(step, target)}",
            purpose,
            _("Could you introduce me? Three lines is enough."),
            asker,
        )


def _why_you(step: Step, target: Relation) -> str:
    """What makes us think of them, in words that are safe to send."""
    if step.far.id != target.id:
        return _("I think that somebody you know can help me further.")
    place = next((one.organization for one in step.evidence if one.ground == Ground.COLLEAGUE and one.organization), "")
    if place:
        return _("I think you know each other from %(organization)s.") % {"organization": place}
    return _("I think you two know each other.")


def passed_text(
    *, person: Relation, target: Relation, asker: str, company: str, previous: str, purpose: str, remark: str,
    language: str,
) -> str:  # fmt: skip
    """What reads who comes after the first, from whom it comes and whom it is about."""
    facts = {"previous": previous, "asker": asker, "company": company, "target": target.name, "remark": remark}
    with translation.override(tongue(language)):
        return _paragraphs(
            _hello(person),
            _("%(asker)s of %(company)s would like to meet %(target)s. %(previous)s thought that you can help.")
            % facts,
            purpose,
            _("%(previous)s adds: %(remark)s") % facts if remark else "",
            _("Could you introduce them? Three lines is enough."),
        )


def subject_of(target: Relation, language: str) -> str:
    """The subject of such a mail."""
    with translation.override(tongue(language)):
        return _("An introduction to %(target)s?") % {"target": target.name}


def with_link(text: str, language: str, link: str = LINK) -> str:
    """A text with, beneath it, where to answer."""
    with translation.override(tongue(language)):
        words = _("Yes, no, or never again: say so here, without an account. The link is yours alone.")
        return _paragraphs(text, f"{words}\n{link}")
