# SPDX-License-Identifier: AGPL-3.0-or-later
from collections import Counter
from datetime import timedelta
from itertools import product

from plein.core.ids import new_id, now
from plein.hooks.actions import HookFacts, OutFacts, add_hook, add_out_hook
from plein.hooks.models import Delivery, Telling
from plein.hooks.tasks import clear_old
from plein.testing.cast import Cast
from plein.trust.seats import entered


def test_what_was_settled_long_ago_goes_and_what_waits_stays(cast: Cast) -> None:
    with entered(cast.alice) as actor:
        source = add_hook(actor=actor, facts=HookFacts("Telephone")).hook
        made = add_out_hook(actor=actor, facts=OutFacts("Books", "https://books.example/", ("todo.done",))).hook
        ages = {"new": 29, "old": 31, "older": 91}
        for state, (name, days) in product(("waiting", "done", "refused"), ages.items()):
            at = now() - timedelta(days=days)
            Delivery.objects.create(hook=source, key=f"{state} {name}", state=state, received_at=at)
        for state, (_name, days) in product(("waiting", "done", "failed"), ages.items()):
            at = now() - timedelta(days=days)
            parts = {"record_id": new_id(), "happening": "todo.done", "circle_id": made.circle_id}
            Telling.objects.create(hook=made, state=state, happened_at=at, done_at=at, **parts)

    clear_old(timestamp=0)

    with entered(cast.alice):
        left = set(Delivery.objects.values_list("key", flat=True))
        assert left == {f"waiting {one}" for one in ages} | {"done new", "refused new", "refused old"}
        assert Counter(Telling.objects.values_list("state", flat=True)) == {"waiting": 3, "done": 1, "failed": 2}
