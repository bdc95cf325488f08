# SPDX-License-Identifier: AGPL-3.0-or-later
"""What people and organizations are called, made from what stands in headers and addresses."""

import re
from functools import lru_cache

from plein.relations.names import fold_name, parse_name, tidy

# What Exchange adds to a name: the path of the mailbox in its directory.
_DIRECTORY = re.compile(r"\s*[<(\[\"']?/o=[^>]*[>)\]\"']?|\s*<[^<>]*>|\s*\[(?:smtp|mailto):[^\]]*\]", re.IGNORECASE)
_NOTES_PATH = re.compile(r"/[^/@,]+(?:/[^/@,]+)*(?:@[^,]+)?\Z")
_AROUND = " \t'\"“”‘’`´<>()[]{};,"
_ON_BEHALF = re.compile(
    r"\s+(?:on behalf of|namens|via|im auftrag von|au nom de)\s+.*\Z|\s*\((?:via|extern|external)[^)]*\)?\s*\Z",
    re.IGNORECASE,
)


@lru_cache(maxsize=20_000)
def clean_name(heard: str) -> str:
    """A display name as a person would write it, or "" when there is no name in it."""
    name = _ON_BEHALF.sub("", _DIRECTORY.sub("", tidy(heard).strip(_AROUND))).strip(_AROUND)
    name = _NOTES_PATH.sub("", name).strip(_AROUND) if "/" in name else name
    if "@" in name or not any(letter.isalpha() for letter in name):
        return ""
    if name.count(",") == 1:
        name = parse_name(name).full or name
    if len(name) > 3 and " " in name and (name.isupper() or name.islower()):
        name = parse_name(name.title()).full or name
    return tidy(name)[:300]


@lru_cache(maxsize=20_000)
def name_from_address(address: str) -> str:
    """A name made from the part before the at sign: "jeff.dasovich@…" gives "Jeff Dasovich"."""
    local = address.rpartition("@")[0].partition("+")[0].strip("'\"")
    words = [word for word in re.split(r"[._\-\s]+", local) if word]
    if len(words) > 1 and all(word.isalpha() for word in words):
        return " ".join(word if len(word) > 1 and word in ("van", "de", "der", "den", "von") else word.capitalize()
                        for word in words)[:300]  # fmt: skip
    return (local.capitalize() if local.isalpha() else local)[:300] or address[:300]


def organization_name(domain: str) -> str:
    """A name for an organization of which only the domain is known: "van-dijk.nl" gives "Van Dijk"."""
    word = domain.partition(".")[0]
    if word.startswith("xn--"):
        try:
            word = domain.partition(".")[0].encode("ascii").decode("idna")
        except UnicodeError:
            word = domain
    parts = [part for part in word.split("-") if part]
    if len(parts) == 1 and len(word) <= 3:
        return word.upper()
    return " ".join(part.capitalize() for part in parts)[:300] or domain[:300]


def join_key(name: str) -> str:
    """Equal for the same full name however it is written; "" when the name is too little to go by."""
    folded = fold_name(name)
    return folded if len(folded.split()) > 1 and "@" not in folded else ""
