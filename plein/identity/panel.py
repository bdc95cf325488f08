# SPDX-License-Identifier: AGPL-3.0-or-later
"""What recognising people puts on the pages of others: whom somebody who is being added may be already."""

from uuid import UUID

from plein.identity.profiles import Profile
from plein.identity.queries import Verdict, match
from plein.identity.wording import in_brief, verdict_words
from plein.relations.slots import Heard

#: So many are told, and only whom something speaks for.
TOLD = 3


def known_as(heard: Heard) -> dict[UUID, str]:
    """Who it may be, the likeliest first, with what speaks for each."""
    profile = Profile(
        names=tuple(filter(None, [heard.name])),
        emails=tuple(filter(None, [heard.email])),
        phones=tuple(filter(None, [heard.phone])),
        place=heard.place,
    )
    found = match(profile)
    told = {one.id: in_brief(one) for one in found.candidates[:TOLD] if in_brief(one)}
    if found.verdict == Verdict.AUTOMATIC and found.best:
        told[found.best.id] = f"{verdict_words(found.verdict, found.candidates)}: {told.get(found.best.id, '')}"
    return told
