# SPDX-License-Identifier: AGPL-3.0-or-later
"""The guards of figures about everybody: how to take each away, and the short suite that must turn red without it."""

from datetime import timedelta
from itertools import combinations
from uuid import UUID

from django.db import connection

from plein.core.ids import now
from plein.core.operations import operation
from plein.network.actions import measure_influence
from plein.network.models import Influence
from plein.network.queries import Question, connecting, everybody, evidence, influence, introductions, public
from plein.network.queries.connecting import only_ties
from plein.network.queries.everybody import whole
from plein.network.queries.influence import influences
from plein.network.snapshot import building
from plein.network.vocabulary import Ground
from plein.relations.models import Relation, Tie
from plein.testing.cast import Cast
from plein.testing.factories import make_person
from plein.tests.guards import Guard, changed_function, replaced
from plein.trust.circles import only_me
from plein.trust.seats import entered

#: Who a circle's ties are given to.
MINE = "circle = ANY (NULLIF(current_setting('plein.circles', true), '')::integer[])"


def three_friends(circle: int | None = None) -> list[Relation]:
    values = {} if circle is None else {"circle_id": circle}
    people = [make_person(f"Henk {number}", **values) for number in range(3)]
    with operation("add_tie"):
        Tie.objects.bulk_create([Tie(one=one, other=other, kind="friend") for one, other in combinations(people, 2)])
    return people


def hidden_people_are_in_no_figure(cast: Cast) -> None:
    with entered(cast.alice) as actor:
        three_friends()
        before = measure_influence(actor=actor).people
        three_friends(only_me())
        assert measure_influence(actor=actor).people == before


def who_may_not_be_asked_is_in_no_figure(cast: Cast) -> None:
    with entered(cast.alice) as actor:
        one = three_friends()[0]
        with operation("change_person"):
            Relation.objects.filter(id=one.id).update(do_not_contact=True)
        measure_influence(actor=actor)
        assert not Influence.objects.filter(person=one).exists()


def who_may_be_asked_no_more_is_shown_no_more(cast: Cast) -> None:
    with entered(cast.alice) as actor:
        one = three_friends()[0]
        measure_influence(actor=actor)
        with operation("change_person"):
            Relation.objects.filter(id=one.id).update(do_not_contact=True)
        assert not influences(of=one.id).people


def what_is_not_for_asking_is_not_told(cast: Cast) -> None:
    with entered(cast.alice) as actor:
        one, other, _third = three_friends()
        with operation("add_tie"):
            Tie.objects.create(one=one, other=other, kind="family")
        [path, *_rest] = introductions(Question(other, one.id), seat_id=actor.seat_id).paths
        assert Ground.FAMILY not in {reason.ground for reason in path.steps[0].evidence}


def who_may_be_asked_no_more_is_not_drawn(cast: Cast) -> None:
    with entered(cast.alice) as actor:
        one = three_friends()[0]
        measure_influence(actor=actor)
        with operation("change_person"):
            Relation.objects.filter(id=one.id).update(do_not_contact=True)
        assert one.id not in {each.id for each in whole().people}


def an_only_tie_that_was_hidden_is_not_shown(cast: Cast) -> None:
    with entered(cast.alice) as actor:
        one, other = make_person("Ans"), make_person("Bep")
        with operation("add_tie"):
            tie = Tie.objects.create(one=one, other=other, kind="friend")
        measure_influence(actor=actor)
        with operation("change_tie"):
            Tie.objects.filter(id=tie.id).update(own_circle_id=only_me())
    with entered(cast.bob):
        assert not only_ties().count


def hidden_ties_are_in_no_snapshot(cast: Cast) -> None:
    with entered(cast.alice):
        three_friends()
        three_friends(only_me())
        assert building.made()[0].halves == 6


def a_circle_of_others_gives_no_ties(cast: Cast) -> None:
    with entered(cast.alice):
        mine = only_me()
        three_friends(mine)
        assert ties_of(mine)
    with entered(cast.bob):
        assert not ties_of(mine)


def ties_of(circle: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT length(near) FROM plein_network_whole(%s, %s, %s, 100)", [circle, now().date(), UUID(int=0)]
        )
        [(length,)] = cursor.fetchall()
    return length or 0


def who_has_ties_to_come_is_asked_of_the_database(cast: Cast) -> None:
    with entered(cast.alice), operation("add_tie"):
        one, other, _third = three_friends()
        Tie.objects.create(one=one, other=other, kind="knows", ends_on=now().date() + timedelta(days=1))
        assert building.made()[1]["unsure"].sum() == 2


def _without(text: str, part: str) -> str:
    assert part in text
    return text.replace(part, "")


NETWORK_GUARDS = [
    Guard(
        "figures of the network are of what everyone here sees",
        lambda: replaced(public, "_ALL", _without(public._ALL, "AND h.circle_id = @everyone@ ")),
        hidden_people_are_in_no_figure,
    ),
    Guard(
        "figures of the network are of people who may be asked",
        lambda: replaced(public, "_ALL", _without(public._ALL, "AND @conditions@")),
        who_may_not_be_asked_is_in_no_figure,
    ),
    Guard(
        "a figure about somebody who may be asked no more is not shown",
        lambda: replaced(influence, "_ASKABLE", _without(influence._ASKABLE, "WHERE k.asked_until > %(at)s")),
        who_may_be_asked_no_more_is_shown_no_more,
    ),
    Guard(
        "somebody who may be asked no more is not in the picture of the whole network",
        lambda: replaced(everybody, "askable", set),
        who_may_be_asked_no_more_is_not_drawn,
    ),
    Guard(
        "an only tie of the night is shown while the reader sees that it is there",
        lambda: replaced(connecting, "_held", lambda pairs: list(range(len(pairs)))),
        an_only_tie_that_was_hidden_is_not_shown,
    ),
    Guard(
        "a way tells of no tie that may not be used in asking",
        lambda: replaced(evidence, "_EVIDENCE", evidence._EVIDENCE.replace("h.is_shared", "true")),
        what_is_not_for_asking_is_not_told,
    ),
    Guard(
        "a snapshot is of what everyone here sees",
        changed_function("plein_network_whole", "AND h.circle_id = circle", ""),
        hidden_ties_are_in_no_snapshot,
    ),
    Guard(
        "the ties of a circle are given to whoever is in it",
        changed_function("plein_network_whole", MINE, "true"),
        a_circle_of_others_gives_no_ties,
    ),
    Guard(
        "a snapshot does not answer for ties that end one day",
        changed_function("plein_network_whole", "h.ends_on IS NOT NULL OR", "false OR"),
        who_has_ties_to_come_is_asked_of_the_database,
    ),
]
