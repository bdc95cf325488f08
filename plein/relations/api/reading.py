# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to people and organizations: finding and reading."""

from typing import Literal
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from plein.core.blobs import path_of
from plein.core.paging import CursorText, Limit, NotUnderstood, Words
from plein.core.payloads import at_most
from plein.relations.actions.relations import picture_type
from plein.relations.api.door import router
from plein.relations.api.shapes import (
    ChoiceList,
    Kind,
    RelationList,
    RelationOut,
    TagList,
    TagOut,
    choices_of,
    found,
    item_of,
    read_again,
)
from plein.relations.contact import ContactError, email
from plein.relations.queries import (
    BadCursor,
    RelationFilter,
    list_relations,
    similar_relations,
    suggestions,
    tag_choices,
)
from plein.relations.queries.both import list_both
from plein.relations.queries.merging import became
from plein.relations.vocabulary import RelationKind

PAGE = 50
SEARCHES_A_MINUTE = 60

Sort = Literal["name", "-name", "place", "-place", "updated", "-updated", "created", "-created"]
#: What the list itself calls an order of ours.
ORDERS = {"updated": "changed", "-updated": "-changed"}


@router.get("/relations", response=RelationList, summary="List or find people and organizations")
def list_relations_of_kind(
    request: HttpRequest,
    kind: Kind | None = None,
    q: Words = "",
    sort: Sort = "name",
    limit: Limit = PAGE,
    cursor: CursorText = "",
) -> RelationList:
    """People, organizations or both. A minus turns the order round."""
    del request
    wanted = RelationFilter(kind=kind or "", q=q.strip(), sort=ORDERS.get(sort, sort))
    try:
        page = (list_relations if kind else list_both)(wanted, cursor=cursor, limit=limit)
    except BadCursor as trouble:
        raise NotUnderstood("cursor", _("This is not the `next` of a page of this list.")) from trouble
    return RelationList(items=[item_of(row) for row in page.rows], next=page.next or None)


@router.get("/relations/{relation_id}", response=RelationOut, summary="Read a person or an organization")
def read_relation(request: HttpRequest, relation_id: UUID) -> RelationOut:
    """One relation with all that hangs on it; of one that was merged, the one it is a part of now."""
    del request
    try:
        return read_again(relation_id)
    except Http404:
        if (kept := became(relation_id)) is None:
            raise
        return read_again(kept.id)


@router.get("/relations/{relation_id}/photo", response={200: None}, summary="Read the photo of a relation")
def read_photo(request: HttpRequest, relation_id: UUID) -> HttpResponse:
    """The picture itself, as it was given."""
    del request
    relation = found(relation_id)
    try:
        data = path_of(relation.photo).read_bytes() if relation.photo else b""
    except FileNotFoundError as gone:
        raise Http404 from gone
    if not data:
        raise Http404
    return HttpResponse(data, content_type=picture_type(data) or "application/octet-stream")


@router.get("/suggest", response=ChoiceList, summary="Suggest whom somebody may mean")
@at_most(SEARCHES_A_MINUTE)
def suggest(request: HttpRequest, q: Words, kind: Kind | None = None) -> ChoiceList:
    """For a field in which somebody is being named: the first letters are enough."""
    del request
    return choices_of(suggestions(q, kinds=(kind,) if kind else tuple(RelationKind.values)))


@router.get("/similar", response=ChoiceList, summary="Look who is there already")
@at_most(SEARCHES_A_MINUTE)
def find_similar(request: HttpRequest, kind: Kind, name: Words = "", address: Words = "") -> ChoiceList:
    """Who may be the very one that is about to be added: the same e-mail address, or a name like it."""
    del request
    try:
        value = email(address).value if address else ""
    except ContactError:
        value = ""
    return choices_of(similar_relations(name, kind=kind, contact_value=value))


@router.get("/tags", response=TagList, summary="List the tags")
def list_tags(request: HttpRequest) -> TagList:
    """The words relations are filed under."""
    del request
    return TagList(items=[TagOut(id=UUID(key), name=name) for key, name in tag_choices()])
