# SPDX-License-Identifier: AGPL-3.0-or-later
"""Two who may be one, side by side, with what speaks for it; and what somebody says of them."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from plein.core.audit import audit_look
from plein.core.operations import EditConflict
from plein.identity import actions
from plein.identity.models import Pair
from plein.identity.queries.duplicates import Person, Two, duplicates, open_pairs
from plein.identity.views.asked import uuid_or_none
from plein.identity.wording import lines_of
from plein.relations.models import Relation
from plein.relations.refusals import Refused
from plein.trust.answers import Request, allow, go, page
from plein.trust.permissions import may

type Values = list[tuple[str, bool]]
TEMPLATE = "identity/duplicate.html"


@require_safe
def duplicate(request: Request, pair_id: UUID) -> HttpResponse:
    """Both side by side."""
    return _shown(request, pair_id)


def _found(pair_id: UUID) -> tuple[Pair, Two]:
    pair = Pair.objects.filter(id=pair_id).first()
    both = duplicates([pair]) if pair and pair.one_id != pair.other_id else []
    if pair is None or not both:
        raise Http404
    return pair, both[0]


def _shown(request: Request, pair_id: UUID, problem: str = "", status: int = 200) -> HttpResponse:
    _pair, two = _found(pair_id)
    audit_look("relation", [two.left.relation, two.right.relation], how="list")
    context: dict[str, Any] = {
        "two": two,
        "facts": list(_facts(two)),
        "lines": lines_of(two.prior, two.reasons),
        "may_merge": may(request.seat, "delete"),
        "problem": problem,
        "next_id": _next(pair_id, _of_import(request)),
        "brought_by": _of_import(request),
    }
    return page(request, TEMPLATE, context, status=status)


def _facts(two: Two) -> Iterator[tuple[str, Values, Values]]:
    """What is known of both, line by line, and whether it is the same."""
    of: dict[str, Callable[[Person], Sequence[str]]] = {
        _("Name"): lambda one: [one.relation.name],
        _("In one line"): lambda one: [one.relation.headline],
        _("How to reach"): lambda one: one.points,
        _("Roles"): lambda one: one.roles,
        _("Place"): lambda one: [one.relation.place],
        _("Birthday"): lambda one: [one.born],
    }
    for words, values_of in of.items():
        left, right = ([value for value in values_of(one) if value] for one in (two.left, two.right))
        if left or right:
            same = set(left) & set(right)
            yield words, [(value, value in same) for value in left], [(value, value in same) for value in right]


def _of_import(request: Request) -> UUID | None:
    """Of which import somebody looks at the pairs, when it is one alone."""
    return uuid_or_none(request.POST.get("brought_by") or request.GET.get("brought_by"))


def _next(pair_id: UUID, brought_by: UUID | None) -> UUID | None:
    """The next one to look at."""
    return open_pairs(brought_by).exclude(id=pair_id).values_list("id", flat=True).first()


def _onwards(request: Request, pair_id: UUID, words: str, operation: UUID) -> HttpResponse:
    brought_by = _of_import(request)
    following = _next(pair_id, brought_by)
    address = reverse("identity:duplicate", args=[following]) if following else reverse("identity:duplicates")
    address += f"?brought_by={brought_by}" if brought_by else ""
    return go(request, address, words, operation)


@require_POST
def same(request: Request, pair_id: UUID) -> HttpResponse:
    """They are one: merge them, with what is proposed of each."""
    allow(request, "delete")
    pair, two = _found(pair_id)
    left, right = _chosen(request, two)
    for person, name in ((two.left, "left_version"), (two.right, "right_version")):
        text = request.POST.get(name, "")
        person.relation.version = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
    try:
        done = actions.merge_pair(actor=request.seat, pair=pair, into=left, other=right)
    except Refused as refusal:
        return _shown(request, pair_id, str(refusal), 422)
    except EditConflict:
        return _shown(request, pair_id, _("One of them was changed just before you. This is how they are now."), 409)
    except Relation.DoesNotExist:
        raise Http404 from None
    words = _("%(one)s and %(other)s are one now.") % {"one": left.name, "other": right.name}
    return _onwards(request, pair_id, words, done.id)


def _chosen(request: Request, two: Two) -> tuple[Relation, Relation]:
    """Who stays first: the left one, unless somebody chose the other."""
    people: tuple[Person, Person] = (two.left, two.right)
    if uuid_or_none(request.POST.get("into")) == two.right.relation.id:
        people = (two.right, two.left)
    return people[0].relation, people[1].relation


@require_POST
def apart(request: Request, pair_id: UUID) -> HttpResponse:
    """They are two people, and stay that."""
    allow(request)
    pair, two = _found(pair_id)
    done = actions.say_apart(actor=request.seat, pair=pair)
    names = {"one": two.left.relation.name, "other": two.right.relation.name}
    return _onwards(request, pair_id, _("%(one)s and %(other)s stay two.") % names, done.id)


@require_POST
def later(request: Request, pair_id: UUID) -> HttpResponse:
    """Not now."""
    allow(request)
    pair, _two = _found(pair_id)
    done = actions.put_off(actor=request.seat, pair=pair)
    return _onwards(request, pair_id, _("Put off. It comes back in a month."), done.id)
