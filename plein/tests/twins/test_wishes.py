# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the twins are asked is what Plein understands: a request that it never does compares nothing."""

from collections import defaultdict

import pytest

from plein.testing.addresses import World
from plein.testing.cast import Cast
from plein.tests.twins.asking import askers_of
from plein.tests.twins.crawl import NOTHING, writes
from plein.tests.twins.wishes import wishes

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_every_wish_one_form_is_carried_out(world: World, cast: Cast) -> None:
    [alice] = askers_of({"alice": cast.alice}, cast, outside=False)
    # What stands beside the hidden is seen; the hidden itself is not there in this world.
    hidden = World(defaultdict(lambda: NOTHING, beside=world.ids["known"]))
    sent = [one for part in (wishes, writes) for one in part(world, hidden) if one.method == "POST"]
    wanted = {one.pattern for one in wishes(world, hidden) if one.method == "POST"} | {"/relations/tagged"}
    done: set[str] = set()
    for one in sent:
        if one.pattern in wanted - done and alice.ask(one).status < 400:
            done.add(one.pattern)
    assert len(wanted) >= 10
    assert wanted - done == set()
