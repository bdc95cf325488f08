# SPDX-License-Identifier: AGPL-3.0-or-later
"""What can be done with many contact moments or to-dos chosen in a list."""

from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plein.lists.bulk.acts import Act, register_acts
from plein.lists.bulk.fields import field_act
from plein.lists.bulk.forms import choice_form, circle_form, text_form
from plein.moments.actions import many, many_todos
from plein.relations.actions.filing import LONGEST_TAG
from plein.relations.queries import owner_choices, tag_choices

DAY_NEEDED = gettext_lazy("Choose a day, such as 2026-11-24.")


class DueForm(forms.Form):
    """The day on which many to-dos are due."""

    due = forms.DateField(
        label=gettext_lazy("Due"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": DAY_NEEDED, "invalid": DAY_NEEDED},
    )


def _untagged(values: dict[str, Any]) -> str:
    return _("Take off the tag %(tag)s") % {"tag": dict(tag_choices()).get(values["tag"], "?")}


def _given(values: dict[str, Any]) -> str:
    name = dict(owner_choices()).get(values["assignee"])
    return _("Give to %(name)s") % {"name": name} if name else _("Give to nobody in particular")


def _planned(values: dict[str, Any]) -> str:
    return _("Due on %(day)s") % {"day": date_format(values["due"], "j F Y")}


OF_MOMENTS = (
    Act(
        key="tag",
        words=gettext_lazy("Tag…"),
        icon="tag",
        verb="tag_moments",
        perform=many.tag_many,
        form=text_form("name", gettext_lazy("Tag"), longest=LONGEST_TAG),
        said=lambda values: _("Tag %(tag)s") % {"tag": values["name"]},
    ),
    field_act("moment", "edit_moments"),
    Act(
        key="untag",
        words=gettext_lazy("Take off a tag…"),
        icon="tag",
        verb="untag_moments",
        perform=many.untag_many,
        form=choice_form("tag", gettext_lazy("Tag"), tag_choices),
        said=_untagged,
    ),
    Act(
        key="move",
        words=gettext_lazy("Who may see them…"),
        icon="eye",
        verb="move_moments",
        perform=many.move_many,
        form=circle_form,
    ),
    Act(
        key="delete",
        words=gettext_lazy("Delete…"),
        icon="trash",
        verb="delete_moments",
        perform=many.delete_many,
        permission="delete",
        is_removal=True,
    ),
)
OF_TODOS = (
    Act(
        key="tick",
        words=gettext_lazy("Tick off"),
        icon="checkbox",
        verb="tick_todos",
        perform=many_todos.tick_many,
    ),
    Act(
        key="due",
        words=gettext_lazy("Due…"),
        icon="calendar-event",
        verb="plan_todos",
        perform=many_todos.plan_many,
        form=DueForm,
        said=_planned,
    ),
    Act(
        key="assign",
        words=gettext_lazy("Give to…"),
        icon="users",
        verb="assign_todos",
        perform=many_todos.assign_many,
        form=choice_form("assignee", gettext_lazy("Who"), owner_choices, nobody=gettext_lazy("Nobody")),
        said=_given,
    ),
    field_act("todo", "edit_todos"),
    Act(
        key="delete",
        words=gettext_lazy("Delete…"),
        icon="trash",
        verb="delete_todos",
        perform=many_todos.delete_many,
        permission="delete",
        is_removal=True,
    ),
)


def register() -> None:
    """Offer these acts in the lists of contact moments and of to-dos."""
    register_acts("moment", OF_MOMENTS)
    register_acts("todo", OF_TODOS)
