# SPDX-License-Identifier: AGPL-3.0-or-later
"""What all pages of this domain share: how they fetch, how they answer, and how an act becomes one operation."""

from uuid import UUID

from django.http import Http404
from django.urls import NoReverseMatch, reverse

from plein.core.audit import audit_look
from plein.moments.models import Moment
from plein.relations.models import Relation


def found_relation(relation_id: UUID) -> Relation:
    """A relation the reader may see; for everything else there is nothing at that address."""
    relation = Relation.objects.filter(id=relation_id).first()
    if relation is None:
        raise Http404
    audit_look("relation", [relation])
    return relation


def found_moment(moment_id: UUID) -> Moment:
    """A moment the reader may see; for everything else there is nothing at that address."""
    moment = Moment.objects.filter(id=moment_id).first()
    if moment is None:
        raise Http404
    audit_look("moment", [moment])
    return moment


def address_of(relation_id: UUID | None) -> str:
    """The page of a relation, or its timeline while there is no such page; Today without one."""
    if relation_id is None:
        return "/"
    try:
        return reverse("relations:relation", args=[relation_id])
    except NoReverseMatch:
        return reverse("moments:timeline", args=[relation_id])
