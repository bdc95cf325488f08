# SPDX-License-Identifier: AGPL-3.0-or-later
"""Kinds of ties and periods as people choose among them."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from plein.network.queries import Period
from plein.network.vocabulary import ACQUAINTANCE, Ground

#: The kinds of tie that one may choose among, with what each stands for.
TIES: dict[str, tuple[Any, tuple[Ground, ...]]] = {
    "contact": (_("Contact"), (Ground.CONTACT,)),
    "colleague": (_("Colleagues"), (Ground.COLLEAGUE,)),
    "ex_colleague": (_("Former colleagues"), (Ground.EX_COLLEAGUE,)),
    "family": (_("Family"), (Ground.FAMILY,)),
    "friend": (_("Friends"), (Ground.FRIEND,)),
    "knows": (_("Know each other"), (Ground.KNOWS,)),
    "connected": (_("Connected online"), (Ground.CONNECTED,)),
    "follows": (_("Following"), (Ground.FOLLOWS,)),
    "advised": (_("Advice"), (Ground.ADVISED,)),
    "referred_by": (_("Referral"), (Ground.REFERRED_BY,)),
    "member": (_("Who works where"), (Ground.MEMBER,)),
    "business": (_("Suppliers and customers"), (Ground.SUPPLIER_OF, Ground.CUSTOMER_OF)),
    "part_of": (_("Part of each other"), (Ground.PART_OF,)),
    "own": (_("Kinds of our own"), (Ground.OWN,)),
}
#: Those of them between people.
KNOWING = {key: each for key, each in TIES.items() if set(each[1]) <= set(ACQUAINTANCE)}
WORDS_OF = {ground: words for words, grounds in TIES.values() for ground in grounds}
PERIODS = (
    (Period.NOW, pgettext_lazy("ties", "Of today")),
    (Period.QUARTER, pgettext_lazy("ties", "In the last 90 days")),
    (Period.YEAR, pgettext_lazy("ties", "In the last year")),
    (Period.EVER, pgettext_lazy("ties", "Ever")),
)
