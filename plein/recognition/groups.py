# SPDX-License-Identifier: AGPL-3.0-or-later
"""Texts that are alike, in groups: what people write about that nobody named yet."""

from collections.abc import Iterator, Sequence

import numpy as np

from plein.recognition import ngrams
from plein.recognition.encoders import light_rows
from plein.recognition.model import LIGHT, Model, Seen, base
from plein.recognition.texts import said
from plein.recognition.topics import row_of

#: How near two texts are that belong together, and the fewest that make a group.
ALIKE, FEWEST = 0.5, 8
MOST_WORDS = 4


def alike(texts: Sequence[str], *, most: int, fewest: int = FEWEST) -> list[list[int]]:
    """Groups of places in `texts`, the largest first, each with its most typical text first; a text stands in one."""
    if len(texts) < fewest:
        return []
    rows = row_of(Seen([], light_rows([said(text) for text in texts]) - base().light_mean), LIGHT)
    near = rows @ rows.T >= ALIKE
    free = np.ones(len(texts), bool)
    groups: list[list[int]] = []
    while len(groups) < most:
        counts = (near & free).sum(axis=1) * free
        centre = int(counts.argmax())
        if counts[centre] < fewest:
            break
        members = np.flatnonzero(near[centre] & free)
        middle = rows[members].mean(axis=0)
        groups.append([int(one) for one in members[np.argsort(-(rows[members] @ middle), kind="stable")]])
        free[members] = False
    return groups


def words_for(texts: Sequence[str], model: Model | None = None) -> list[str]:
    """The few words that stand out in these texts: in many of them, and seldom elsewhere."""
    model, counts = model or base(), dict[str, int]()
    for text in texts:
        for word in {one for one in ngrams.tokens(said(text)) if len(one) > 2 and one.isalpha()}:
            counts[word] = counts.get(word, 0) + 1
    often = [(count * _rare(word, model), word) for word, count in counts.items() if count * 3 >= len(texts)]
    return list(_unlike(word for _weight, word in sorted(often, key=lambda one: (-one[0], one[1]))))[:MOST_WORDS]


def _rare(word: str, model: Model) -> float:
    """How seldom a word is in messages; one that no seed sentence has is as seldom as the rarest."""
    rows = model.places[np.array(ngrams.word_features(word)[:1], np.int64)]
    usual = float(model.idf.max())
    rare = float(model.idf[rows[0]]) if len(rows) and rows[0] >= 0 else usual
    return max(rare - usual / 2, 0.0)


def _unlike(words: Iterator[str]) -> Iterator[str]:
    """Each word once, whatever its ending."""
    seen: set[str] = set()
    for word in words:
        if word[:5] not in seen:
            seen.add(word[:5])
            yield word
