# SPDX-License-Identifier: AGPL-3.0-or-later
"""What can be done with many people or organizations chosen in a list."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plein.lists.bulk.acts import Act, CannotChange, register_acts
from plein.lists.bulk.fields import field_act
from plein.lists.bulk.forms import choice_form, circle_form, text_form
from plein.relations.actions import bulk
from plein.relations.actions.filing import LONGEST_TAG
from plein.relations.queries import owner_choices, tag_choices
from plein.relations.vocabulary import RelationKind

PAIR = 2


def _given(values: dict[str, Any]) -> str:
    name = dict(owner_choices()).get(values["owner"])
    return _("Give to %(name)s") % {"name": name} if name else _("Take the owner away")


def _untagged(values: dict[str, Any]) -> str:
    return _("Take off the tag %(tag)s") % {"tag": dict(tag_choices()).get(values["tag"], "?")}


def _merge_page(ids: Sequence[UUID]) -> str:
    if len(ids) != len({*ids}) or len(ids) != PAIR:
        raise CannotChange(_("Choose exactly two that are the same one."))
    return f"{reverse('relations:merge', args=[ids[0]])}?{urlencode({'other': str(ids[1])})}"


ACTS = (
    Act(
        key="tag",
        words=gettext_lazy("Tag…"),
        icon="tag",
        verb="tag_relations",
        perform=bulk.tag_many,
        form=text_form("name", gettext_lazy("Tag"), longest=LONGEST_TAG),
        said=lambda values: _("Tag %(tag)s") % {"tag": values["name"]},
    ),
    Act(
        key="assign",
        words=gettext_lazy("Give to…"),
        icon="users",
        verb="assign_relations",
        perform=bulk.assign_many,
        form=choice_form("owner", gettext_lazy("Owner"), owner_choices, nobody=gettext_lazy("Nobody")),
        said=_given,
    ),
    Act(
        key="untag",
        words=gettext_lazy("Take off a tag…"),
        icon="tag",
        verb="untag_relations",
        perform=bulk.untag_many,
        form=choice_form("tag", gettext_lazy("Tag"), tag_choices),
        said=_untagged,
    ),
    Act(
        key="move",
        words=gettext_lazy("Who may see them…"),
        icon="eye",
        verb="move_relations",
        perform=bulk.move_many,
        form=circle_form,
    ),
    Act(
        key="merge",
        words=gettext_lazy("Merge these two…"),
        icon="git-merge",
        verb="merge_relations",
        perform=bulk.merge_many,
        permission="delete",
        leads=_merge_page,
    ),
    Act(
        key="delete",
        words=gettext_lazy("Delete…"),
        icon="trash",
        verb="delete_relations",
        perform=bulk.delete_many,
        permission="delete",
        is_removal=True,
    ),
)


def register() -> None:
    """Offer these acts in the lists of people and of organizations."""
    for kind in RelationKind.values:
        tag, assign, *others = ACTS
        register_acts(kind, (tag, assign, field_act(kind, "edit_relations"), *others))
