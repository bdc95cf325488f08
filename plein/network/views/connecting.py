# SPDX-License-Identifier: AGPL-3.0-or-later
"""Two of the lists: who connects groups, and which ties are the only way to others."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.text import capfirst

from plein.core.audit import audit_look
from plein.network.forms.looking import ListForm
from plein.network.models import Group
from plein.network.queries.connecting import connectors, groups_to_choose, only_ties
from plein.network.standing_words import Words
from plein.network.views.paging import SIZE, here, pages
from plein.trust.answers import Request

CONNECTORS, ONLY = "between", "only"


def between_list(request: Request, form: ListForm) -> dict[str, Any]:
    """Who knows several people in more groups than their own."""
    del request
    chosen, groups = _groups(form)
    found = connectors(group=chosen, limit=SIZE, offset=form.offset(SIZE))
    audit_look("relation", [one.person for one in found.people], how="list")
    words = Words(found.people, groups)
    lines = [{"who": one.person, "words": words.connects(one)} for one in found.people]
    told = _context(CONNECTORS, form, found.census, found.count, lines, _choices(groups, chosen, words))
    return told | {
        "list_url": f"{reverse('relations:person_list')}?{urlencode({'f': 'connects:yes'})}" if lines else ""
    }


def only_list(request: Request, form: ListForm) -> dict[str, Any]:
    """Ties without which some would be cut off."""
    del request
    chosen, groups = _groups(form)
    found = only_ties(group=chosen, limit=SIZE, offset=form.offset(SIZE))
    audit_look("relation", [each for one in found.ties for each in (one.near, one.far)], how="list")
    choices = _choices(groups, chosen, Words((), groups))
    return _context(ONLY, form, found.census, found.count, list(found.ties), choices)


def _groups(form: ListForm) -> tuple[int | None, list[Group]]:
    """The group that was chosen, and those to choose among; raises Http404 for one that is not there."""
    chosen, groups = form.cleaned_data["group"], groups_to_choose()
    if chosen is not None and chosen not in {one.number for one in groups}:
        raise Http404
    return chosen, groups


def _choices(groups: Sequence[Group], chosen: int | None, words: Words) -> list[tuple[int, str, bool]]:
    return [(one.number, capfirst(words.group(one)), one.number == chosen) for one in groups]


def _context(
    wanted: str, form: ListForm, census: object, count: int, lines: Sequence[object], groups: Sequence[object]
) -> dict[str, Any]:
    offset, chosen = form.offset(SIZE), form.cleaned_data["group"]
    address = here(list=wanted, group="" if chosen is None else str(chosen))
    return {
        "census": census,
        "count": count,
        "lines": lines,
        "groups": groups,
        "is_chosen": chosen is not None,
        "everything": f"{reverse('network:lists')}{here(list=wanted)}",
        **pages(address, offset, is_more=offset + SIZE < count),
    }
