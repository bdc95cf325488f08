# SPDX-License-Identifier: AGPL-3.0-or-later
"""Turns the bytes of a mail into text, whatever the sender claimed about them."""

import codecs
import re
from functools import lru_cache

_LONE = re.compile("[\ud800-\udfff]")
# In these, bytes that look like ASCII or UTF-8 mean something else: the declaration goes first.
_DECLARED_FIRST = ("iso2022", "hz", "utf_7", "utf_16", "utf_32", "gb", "big5", "shift", "cp932", "cp949", "euc")
_ALIASES = {
    "ansi_x3.4-1968": "ascii",
    "unicode-1-1-utf-7": "utf-7",
    "x-gbk": "gbk",
    "x-sjis": "cp932",
    "ks_c_5601-1987": "cp949",
    "iso-8859-8-i": "iso-8859-8",
    "x-mac-roman": "mac_roman",
    "macintosh": "mac_roman",
    "cp-850": "cp850",
    "x-user-defined": "cp1252",
    "gb2312": "gb18030",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
}


@lru_cache(maxsize=512)
def codec_name(charset: str) -> str:
    """Return Python's name of a charset, or "" if it has none that yields text."""
    wanted = charset.strip().strip("\"'").lower()
    wanted = _ALIASES.get(wanted, wanted)
    try:
        info = codecs.lookup(wanted)
        b"a".decode(wanted, "replace")
    except (LookupError, ValueError, UnicodeError, AttributeError):
        return ""
    return info.name.replace("-", "_")


def clean(text: str) -> str:
    """Take out what a database cannot hold: NUL characters and halves of surrogate pairs."""
    if text.isascii():
        return text.replace("\0", "") if "\0" in text else text
    if "\0" in text:
        text = text.replace("\0", "")
    return _LONE.sub("\ufffd", text)


def decode(data: bytes, charset: str = "") -> str:
    """Decode bytes: UTF-8 if they are that, else as declared, else as Windows would."""
    if data.startswith(b"\xef\xbb\xbf"):
        data = data[3:]
    declared = codec_name(charset) if charset else ""
    first = bool(declared) and declared.startswith(_DECLARED_FIRST)
    if not first and data.isascii():
        return data.decode("ascii").replace("\0", "")
    for codec in (declared, "utf_8") if first else ("utf_8", declared):
        if not codec or codec == "ascii":
            continue
        try:
            return clean(data.decode(codec))
        except (UnicodeError, ValueError):
            continue
    if declared and declared not in ("ascii", "utf_8"):
        return clean(data.decode(declared, "replace"))
    return clean(data.decode("cp1252", "replace"))
