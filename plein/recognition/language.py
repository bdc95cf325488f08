# SPDX-License-Identifier: AGPL-3.0-or-later
"""In which language somebody writes."""

import threading
from functools import cache
from typing import Any

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from plein.recognition.ngrams import masked

#: Asked among these alone: with a hundred, short Dutch is taken for Afrikaans and Limburgish.
LANGUAGES = ("nl", "en", "de", "fr", "es", "it", "pt", "pl", "tr", "ar", "ro")
UNKNOWN = "und"
#: Below this many letters a text says little about its language, and who writes says more.
SHORT = 20
#: How much more likely the language is that somebody is known to write in.
PRIOR = 20.0
#: Letters that are looked at.
LONGEST = 2_000
_one_at_a_time = threading.Lock()


@cache
def _identifier() -> Any:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(LANGUAGES))
    return identifier


def language_of(text: str, usual: str = "") -> tuple[str, float]:
    """The language (BCP 47, primary subtag) and how likely it is, 0 ... 1; `und` for a text without letters.

    `usual` is the language in which the writer is known to write: it decides about short texts.
    """
    plain = masked(text).replace("§at", " ").replace("§mail", " ").replace("§url", " ")[:LONGEST]
    letters = sum(map(str.isalpha, plain))
    if not letters:
        return (usual, 0.5) if usual else (UNKNOWN, 0.0)
    with _one_at_a_time:
        ranked = dict(_identifier().rank(plain))
    if usual in ranked and letters < SHORT:
        ranked[usual] *= PRIOR
    total = sum(ranked.values())
    best = max(ranked, key=ranked.__getitem__)
    return best, ranked[best] / total
