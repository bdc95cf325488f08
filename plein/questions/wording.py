# SPDX-License-Identifier: AGPL-3.0-or-later
"""Why somebody may know, in a sentence: only what who asks may see themselves, and never a text."""

from django.utils.formats import date_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plein.core.finding import Weighed
from plein.core.ids import now
from plein.questions.queries import Suggestion
from plein.questions.queries.expertise import Part

#: So many words of the question are named.
NAMED = 3


def reason_of(one: Suggestion, weighed: Weighed) -> str:
    """What they did with it, and when that was last."""
    if not one.is_known:
        return _("Wrote nothing about this that you may see, and may know who does")
    facts = {"words": subject_of(one, weighed)}
    said = [_told(part, count) for part, count in _parts(one)]
    line = get_text_list([each % facts if "%(words)s" in each else each for each in said], _("and"))
    line = line[:1].upper() + line[1:]
    last = one.knowledge.last
    return _("%(what)s, last in %(month)s") % {"what": line, "month": _month(last)} if last else line


def subject_of(one: Suggestion, weighed: Weighed) -> str:
    """The words of the question that it rests on."""
    held = [weighed.words[place] for place in sorted(one.knowledge.held)]
    return str(get_text_list(held[:NAMED], _("and")))


def _parts(one: Suggestion) -> list[tuple[Part, int]]:
    """The two that tell most; what somebody was only written to about, when there is nothing else."""
    found = [(part, one.knowledge.parts[part]) for part in Part if part in one.knowledge.parts]
    return [pair for pair in found if pair[0] != Part.READ][:2] or found


def _told(part: Part, count: int) -> str:
    times = {"count": count, "words": "%(words)s"}
    match part:
        case Part.ANSWERED:
            words = ngettext(
                "answered %(count)s question about %(words)s", "answered %(count)s questions about %(words)s", count
            )
        case Part.IS:
            words = _("has %(words)s in their work or interests")
        case Part.WROTE:
            words = ngettext("wrote about %(words)s once", "wrote about %(words)s %(count)s times", count)
        case Part.DID:
            words = ngettext(
                "took on %(count)s thing about %(words)s", "took on %(count)s things about %(words)s", count
            )
        case Part.SPOKE:
            words = ngettext("was there once for %(words)s", "was there %(count)s times for %(words)s", count)
        case Part.READ:
            words = ngettext(
                "was written to about %(words)s once", "was written to about %(words)s %(count)s times", count
            )
    return words % times


def _month(at: object) -> str:
    is_this_year = getattr(at, "year", 0) == now().year
    return str(date_format(at, "F" if is_this_year else "F Y"))  # type: ignore[arg-type]
