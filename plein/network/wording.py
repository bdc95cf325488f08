# SPDX-License-Identifier: AGPL-3.0-or-later
"""A tie in a sentence: what it rests on, for whoever may see it."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plein.network.queries import Evidence, Passed, Step
from plein.network.vocabulary import GROUND_OF, Ground
from plein.relations.vocabulary import tie_wording

KIND_OF = {ground: kind for kind, ground in GROUND_OF.items()}


def told(step: Step, at: datetime) -> list[str]:
    """What a step rests on, a sentence for each reason, the strongest first."""
    return [sentence(one, step.near.name, step.far.name, at) for one in step.evidence]


def sentence(evidence: Evidence, near: str, far: str, at: datetime) -> str:
    """One reason in words."""
    if evidence.ground == Ground.CONTACT:
        return _contact(evidence, near, at)
    if evidence.ground == Ground.COLLEAGUE:
        if evidence.organization:
            return _("Colleagues at %(organization)s") % {"organization": evidence.organization}
        return _("Colleagues")
    if evidence.ground == Ground.MEMBER:
        return _("Works there")
    words = evidence.words or tie_wording(KIND_OF.get(evidence.ground, ""), is_outgoing=evidence.is_outgoing)
    return _("%(near)s: %(tie)s %(far)s") % {"near": near, "tie": words, "far": far}


def ground_name(ground: Ground) -> str:
    """A kind of tie that was declared, or follows from where people work."""
    if ground == Ground.COLLEAGUE:
        return _("Colleagues")
    if ground == Ground.MEMBER:
        return _("Works there")
    return str(KIND_OF[ground].label).capitalize()


def _contact(evidence: Evidence, near: str, at: datetime) -> str:
    parts = [*_written(evidence.written, near), *_counted(evidence)]
    if evidence.last_at is not None:
        days = max((at - evidence.last_at).days, 0)
        parts.append(ngettext("last %(days)d day ago", "last %(days)d days ago", days) % {"days": days})
    parts.append(_("both ways %(share)d %%") % {"share": round(evidence.both_ways * 100)})
    if evidence.is_cooling:
        parts.append(_("cooling"))
    return ", ".join(parts)


def _written(passed: Passed, near: str) -> list[str]:
    count = passed.sent + passed.received
    if not count:
        return []
    told = ngettext("%(count)d mail", "%(count)d mails", count) % {"count": count}
    return [told, _("%(count)d from %(name)s") % {"count": passed.sent, "name": near}] if passed.sent else [told]


def _counted(evidence: Evidence) -> list[str]:
    calls = evidence.called.sent + evidence.called.received
    chats = evidence.chatted.sent + evidence.chatted.received
    posts = evidence.posted.sent + evidence.posted.received
    counted = (
        (evidence.together, ngettext("%(count)d time together", "%(count)d times together", evidence.together)),
        (calls, ngettext("%(count)d call", "%(count)d calls", calls)),
        (chats, ngettext("%(count)d message", "%(count)d messages", chats)),
        (posts, ngettext("%(count)d post", "%(count)d posts", posts)),
    )
    return [words % {"count": count} for count, words in counted if count]
