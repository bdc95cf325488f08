# SPDX-License-Identifier: AGPL-3.0-or-later
"""Words, pairs of words and pieces of words, each known by a hash: the features that can be explained.

A text becomes counts per hash. Which hashes a model knows, and what each weighs, is the model's business.
"""

import math
import re
from collections.abc import Iterable
from functools import lru_cache
from zlib import crc32

#: Hashes lie in 0 ... 2^20 - 1; at 5,000 short texts two features seldom fall together.
BITS = 20
MASK = (1 << BITS) - 1
PIECES = range(2, 6)
#: Letters of a text that are looked at: a mail says what it is about in its first thousand.
LONGEST = 4_000
_URL = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_ADDRESS = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]+")
_HANDLE = re.compile(r"(?<![\w/])@\w[\w.]*")
_DIGIT = re.compile(r"\d")
#: Words with inner apostrophes and hyphens, repeated marks, and any other sign (an emoji) by itself.
_TOKEN = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*|[?!]+|\.\.\.|[^\w\s]")


def masked(text: str) -> str:
    """The text with addresses and handles as signs, since which one it is says nothing about what is meant."""
    return _HANDLE.sub("§at", _ADDRESS.sub("§mail", _URL.sub("§url", text)))


def tokens(text: str) -> list[str]:
    """Words and signs, in lower case, each digit as 0."""
    return _TOKEN.findall(_DIGIT.sub("0", masked(text).lower()))


def _hashed(kind: str, piece: str) -> int:
    return crc32(f"{kind}{piece}".encode("utf-8", "surrogatepass")) & MASK


@lru_cache(maxsize=50_000)
def word_features(word: str) -> tuple[int, ...]:
    """The hashes of one word: itself, and its pieces of two to five letters with the edges of the word marked."""
    bounded = f" {word} "
    pieces = (bounded[at : at + size] for size in PIECES for at in range(len(bounded) - size + 1))
    return (_hashed("w", word), *(_hashed("c", piece) for piece in pieces))


def pair_feature(first: str, second: str) -> int:
    """The hash of two words in a row."""
    return _hashed("p", f"{first} {second}")


def counted(words: Iterable[str]) -> dict[int, float]:
    """How often each feature occurs, dampened: 1 + ln of the count."""
    counts: dict[int, int] = {}
    before = "^"
    for word in words:
        for feature in word_features(word):
            counts[feature] = counts.get(feature, 0) + 1
        pair = pair_feature(before, word)
        counts[pair] = counts.get(pair, 0) + 1
        before = word
    return {feature: 1.0 + math.log(count) for feature, count in counts.items()}
