# SPDX-License-Identifier: AGPL-3.0-or-later
"""Naming, changing and removing the topics of a company, and refusing one that Plein suggests."""

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from plein.core.events import publish
from plein.core.models import Operation
from plein.core.operations import operation, save_edit
from plein.moments.events import TopicsChanged
from plein.moments.models import Topic, TopicSuggestion
from plein.moments.models.topics import LONGEST_NAME
from plein.moments.queries.topic_groups import MOST, MOST_KEPT, refused_groups, texts_alone
from plein.recognition.groups import alike
from plein.relations.refusals import Refused
from plein.trust.permissions import may, permit
from plein.trust.seats import Entrance

MOST_TOPICS, MOST_LINES, LONGEST_WORD, LONGEST_EXAMPLE = 100, 50, 60, 1_000


def save_topic(*, actor: Entrance, name: str, words: str = "", examples: str = "") -> Topic:
    """Name something that texts are about; what came lately is read again for it."""
    permit(actor, "write")
    if Topic.objects.count() >= MOST_TOPICS:
        raise Refused(_("A hundred topics are the most. Remove one that nobody needs any more."), field="name")
    checked = {"name": _name(name), "words": _words(words), "examples": _examples(examples)}
    _is_taught(checked["words"], checked["examples"])
    _is_free(checked["name"])
    with operation("save_topic"):
        made: Topic = Topic.objects.create(owner_id=actor.seat_id, **checked)
        publish(TopicsChanged())
    return made


def change_topic(*, actor: Entrance, topic: Topic, based_on: int, **changes: str) -> Topic:
    """Call it otherwise or teach it otherwise; raises EditConflict when somebody was first."""
    permit(actor, "write")
    _whose(actor, topic)
    checks: dict[str, Callable[[str], str]] = {"name": _name, "words": _words, "examples": _examples}
    wanted = {key: checks[key](text) for key, text in changes.items()}
    _is_taught(wanted.get("words", topic.words), wanted.get("examples", topic.examples))
    if "name" in wanted:
        _is_free(wanted["name"], topic)
    with operation("change_topic"):
        changed: Topic = save_edit(topic, wanted, based_on=based_on)
        publish(TopicsChanged())
    return changed


def remove_topic(*, actor: Entrance, topic: Topic) -> Operation:
    """Texts are about it no longer; the texts stay."""
    permit(actor, "write")
    _whose(actor, topic)
    with operation("remove_topic") as done:
        Topic.objects.filter(id=topic.id).delete()
    return done


def refuse_suggestion(*, actor: Entrance, suggestion: TopicSuggestion) -> Operation:
    """Texts that are alike are no topic: they are not suggested again."""
    permit(actor, "write")
    with operation("refuse_suggestion") as done:
        TopicSuggestion.objects.filter(id=suggestion.id, is_refused=False).update(is_refused=True)
    return done


def suggest_topics(*, actor: Entrance) -> int:
    """Put texts that are alike and have no topic before colleagues, in the place of those of before; how many groups.

    Only texts that everyone may read; a group that somebody refused does not come back.
    """
    permit(actor, "manage")
    texts, refused = texts_alone(), refused_groups()
    moments = [str(one) for one in texts]
    groups = [[moments[at] for at in group[:MOST_KEPT]] for group in alike(list(texts.values()), most=MOST)]
    wanted = [group for group in groups if not any(2 * len(no & set(group)) > len(group) for no in refused)]
    open_ones = TopicSuggestion.objects.filter(is_refused=False).order_by("found_at", "id")
    if wanted != [one.moments for one in open_ones]:
        with operation("suggest_topics", count=len(wanted)):
            open_ones.delete()
            for group in wanted:
                TopicSuggestion.objects.create(moments=group)
    return len(wanted)


def may_change_topic(actor: Entrance, topic: Topic) -> bool:
    """A topic is changed by who named it, and by an administrator."""
    return may(actor, "write") and _is_theirs(actor, topic)


def _is_theirs(actor: Entrance, topic: Topic) -> bool:
    return topic.owner_id == actor.seat_id or may(actor, "manage")


def _whose(actor: Entrance, topic: Topic) -> None:
    if not _is_theirs(actor, topic):
        raise PermissionDenied(_("Only who named this topic changes it, or an administrator."))


def _name(text: str) -> str:
    name = " ".join(text.split())
    if not name:
        raise Refused(_("Give it a name, such as “Delivery”."), field="name")
    if len(name) > LONGEST_NAME:
        raise Refused(_("A name has at most %(most)s letters. Shorten it.") % {"most": LONGEST_NAME}, field="name")
    return name


def _is_free(name: str, topic: Topic | None = None) -> None:
    others = Topic.objects.filter(name__iexact=name)
    if (others.exclude(id=topic.id) if topic else others).exists():
        raise Refused(_("There is a topic of that name. Choose another one."), field="name")


def _words(text: str) -> str:
    lines = _lines(text)
    if len(lines) > MOST_LINES or any(len(line) > LONGEST_WORD for line in lines):
        raise Refused(
            _("At most fifty words, of sixty letters each. Leave out those that matter least."), field="words"
        )
    if any(not any(map(str.isalnum, line)) for line in lines):
        raise Refused(_("A word has letters or digits. Leave out the line that has none."), field="words")
    return "\n".join(lines)


def _examples(text: str) -> str:
    lines = _lines(text)
    if len(lines) > MOST_LINES or any(len(line) > LONGEST_EXAMPLE for line in lines):
        raise Refused(_("At most fifty examples, of a thousand letters each. Keep the clearest."), field="examples")
    return "\n".join(lines)


def _lines(text: str) -> list[str]:
    return list(dict.fromkeys(" ".join(line.split()) for line in text.splitlines() if line.strip()))


def _is_taught(words: str, examples: str) -> None:
    if not words and not examples:
        raise Refused(_("Give at least one example, or a word that tells."), field="examples")
