# SPDX-License-Identifier: AGPL-3.0-or-later
"""Marks mentions with a linear-chain conditional random field: the best row of tags over the words of a text.

The weights come from training and are arrays. Decoding is Viterbi's algorithm: for each word the best way to each tag.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from plein.recognition.examples import Span
from plein.recognition.mentions.words import Word, features_of, folded, words_of

OUTSIDE = "O"
#: Words of the longest name that is looked for.
LONGEST_NAME = 6


@dataclass(frozen=True)
class Tagger:
    """Tags, what each feature says for each tag, and how likely tags follow each other (rows: from, columns: to)."""

    tags: tuple[str, ...]
    rows: dict[str, int]
    weights: npt.NDArray[np.float32]
    steps: npt.NDArray[np.float32]

    def mentions(self, text: str, known: Mapping[str, str] | None = None) -> list[Span]:
        """The mentions in a text, in order; they never overlap.

        `known` are names that are known beforehand, folded, and of what kind each is: they help, and decide nothing.
        """
        words = words_of(text)
        if not words:
            return []
        names = names_in(words, known or {})
        places = {at: kind for start, end, kind in names for at in range(start, end)}
        found = spans_of(words, self._best(features_of(words, places)))
        return _with_names(found, words, names)

    def _best(self, features: Sequence[Iterable[str]]) -> list[str]:
        scores = np.stack([self._scores(row) for row in features])
        best, back = scores[0], []
        for row in scores[1:]:
            ways = best[:, None] + self.steps
            back.append(ways.argmax(0))
            best = ways.max(0) + row
        tag = int(best.argmax())
        path = [tag]
        for step in reversed(back):
            tag = int(step[tag])
            path.append(tag)
        return [self.tags[one] for one in reversed(path)]

    def _scores(self, features: Iterable[str]) -> npt.NDArray[np.float32]:
        known = [self.rows[one] for one in features if one in self.rows]
        if not known:
            return np.zeros(len(self.tags), np.float32)
        total: npt.NDArray[np.float32] = self.weights[known].sum(0)
        return total


def names_in(words: Sequence[Word], known: Mapping[str, str]) -> list[tuple[int, int, str]]:
    """Where in a row of words a known name stands, the longest that begins at each word: from, to, and of what kind."""
    found: list[tuple[int, int, str]] = []
    if not known:
        return found
    plain = [folded(word.text) for word in words]
    at = 0
    while at < len(plain):
        for size in range(min(LONGEST_NAME, len(plain) - at), 0, -1):
            if kind := known.get(" ".join(plain[at : at + size])):
                found.append((at, at + size, kind))
                break
        else:
            size = 1
        at += size
    return found


def _with_names(found: list[Span], words: Sequence[Word], names: Iterable[tuple[int, int, str]]) -> list[Span]:
    """The mentions with the known names that were passed over: of several words, or of one with a capital."""
    for start, end, kind in names:
        span = Span(kind, words[start].start, words[end - 1].end)
        others = [one for one in found if one.start < span.end and span.start < one.end]
        if end - start > 1 and all(span.start <= one.start and one.end <= span.end for one in others):
            found = [one for one in found if one not in others] + [span]
        elif not others and words[start].text[:1].isupper():
            found.append(span)
    return sorted(found, key=lambda one: one.start)


def spans_of(words: Sequence[Word], tags: Sequence[str]) -> list[Span]:
    """The mentions that a row of tags means: `B-` begins one, `I-` of the same kind goes on."""
    found: list[Span] = []
    kind, start, end = "", 0, 0
    for word, tag in zip(words, tags, strict=True):
        if tag.startswith("I-") and tag[2:] == kind:
            end = word.end
            continue
        if kind:
            found.append(Span(kind, start, end))
        kind, start, end = (tag[2:], word.start, word.end) if tag != OUTSIDE else ("", 0, 0)
    if kind:
        found.append(Span(kind, start, end))
    return found


def tags_of(words: Sequence[Word], mentions: Iterable[Span]) -> list[str]:
    """The row of tags that marks these mentions: the other way round, for training."""
    tags = [OUTSIDE] * len(words)
    for span in mentions:
        inside = [at for at, word in enumerate(words) if span.start <= word.start and word.end <= span.end]
        for step, at in enumerate(inside):
            tags[at] = f"{'I' if step else 'B'}-{span.kind}"
    return tags


def tagger_from(arrays: Any, tags: Sequence[str], features: Sequence[str]) -> Tagger:
    """A tagger of stored arrays (`mention_weights`, `mention_steps`)."""
    return Tagger(
        tags=tuple(tags),
        rows={feature: at for at, feature in enumerate(features)},
        weights=np.asarray(arrays["mention_weights"], np.float32),
        steps=np.asarray(arrays["mention_steps"], np.float32),
    )
