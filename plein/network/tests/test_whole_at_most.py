# SPDX-License-Identifier: AGPL-3.0-or-later
"""The picture of as many people as are ever drawn, with all the ties they may have: how large it gets."""

import numpy as np
import pytest
from django.template.loader import render_to_string

from plein.core.ids import new_id, now
from plein.network.models import Census, Group
from plein.network.pictures.islands import Called
from plein.network.pictures.whole import drawn, with_signs
from plein.network.queries.everybody import Circle, Known, Stood, Whole
from plein.network.whole.graph import Graph
from plein.network.whole.groups import groups
from plein.network.whole.places import MOST_GROUPS, MOST_PEOPLE, whole
from plein.network.whole.ranks import pagerank
from plein.relations.models import Relation
from plein.testing.cast import Cast
from plein.testing.figures import Judge
from plein.trust.seats import entered

pytestmark = pytest.mark.django_db
PEOPLE, TIES = 9000, 90_000


def test_the_largest_picture_is_less_than_400_kilobytes(cast: Cast, judge: Judge) -> None:
    with entered(cast.alice):
        size, people, ties = largest()

    assert MOST_PEOPLE * 0.8 < people <= MOST_PEOPLE + 12 * MOST_GROUPS and ties > 15_000
    judge("the whole network: kilobytes of the largest picture", goal="<= 400", measured=size // 1000,
          is_good=size <= 400_000)  # fmt: skip
    assert size <= 400_000


def largest() -> tuple[int, int, int]:
    """How large it is, of how many people and ties."""
    random = np.random.default_rng(5)
    one = random.integers(0, PEOPLE, TIES)
    other = (one // 120) * 120 + random.integers(0, 120, TIES)
    is_far = random.random(TIES) < 0.2
    other[is_far] = random.integers(0, PEOPLE, int(is_far.sum()))
    graph = Graph.undirected(PEOPLE, one, np.minimum(other, PEOPLE - 1))
    rank = pagerank(graph)
    laid = whole(graph, groups(graph), rank, np.arange(PEOPLE))
    number = {who: place for place, who in enumerate(laid.who[np.argsort(-rank[laid.who], kind="stable")].tolist())}
    row = {who: place for place, who in enumerate(laid.who.tolist())}
    spots, island = laid.spots.round().astype(int).tolist(), laid.island.tolist()
    people = tuple(
        Stood(new_id(), spots[row[who]][0], spots[row[who]][1], island[row[who]], place, place, (1,))
        for who, place in number.items()
    )
    near, far = graph.around(laid.who)
    ties = [Known(number[a], number[b], is_over=False) for a, b in zip(near.tolist(), far.tolist(), strict=True)
            if b in number and number[a] < number[b]]  # fmt: skip
    middles, radii = laid.middles.round().astype(int).tolist(), laid.radii.astype(int).tolist()
    named = [Group(number=each, size=150) for each in range(len(radii))]
    circles = tuple(
        Circle(each.number, middles[each.number][0], middles[each.number][1], radii[each.number], each)
        for each in named
    )
    found = Whole(Census(at=now(), people=PEOPLE), None, laid.step, tuple(named), circles, people, tuple(ties))
    words = dict.fromkeys(range(len(named)), "People at Zorggroep Vechtdal")
    shown = {people[each].id: Relation(id=people[each].id, kind="person", name="Joanna van der Steen")
             for each in with_signs(found)}  # fmt: skip
    drawing = drawn(found, Called(words, words, words, shown), is_open=True)
    picture = render_to_string("network/whole.html#picture", {"drawing": drawing})
    return len(picture.encode()), len(people), len(ties)
