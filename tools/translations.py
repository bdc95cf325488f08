# SPDX-License-Identifier: AGPL-3.0-or-later
"""Translations without gettext's programs: `check` fails when one is missing, `update` brings the files up to date."""

import argparse
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "plein"
LOCALE = PACKAGE / "locale"
LANGUAGES = ("nl",)
WIDTH = 120
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
# What Django's template words become when they are read as Python.
MARKED = re.compile(r"%(?:\(\w+\))?[sdf]")
IGNORED = ("/tests/", "/testing/", "/migrations/", "/locale/")


def sources() -> Iterator[tuple[Path, bytes]]:
    """The Python modules and the templates that may speak to a user, each as Python."""
    for path in sorted(PACKAGE.rglob("*")):
        name = f"/{path.relative_to(PACKAGE).as_posix()}"
        if any(part in name for part in IGNORED):
            continue
        if path.suffix == ".py":
            yield path, path.read_bytes()
        elif "/templates/" in name and path.suffix in (".html", ".txt", ".js"):
            code = templatize(path.read_text(encoding="utf-8"), origin=str(path))
            # In brackets, where Python does not mind a template's indentation.
            yield path, f"(\n{code}\n)".encode()


def extracted() -> Catalog:
    """Every sentence in the sources, with the files it is in."""
    catalog = Catalog(charset="utf-8")
    for path, code in sources():
        where = path.relative_to(ROOT).as_posix()
        found = extract("babel.messages.extract:extract_python", io.BytesIO(code), KEYWORDS, ("Translators:",))
        for _line, message, comments, context in found:
            flags = ["python-format"] if _has_placeholder(message) else []
            catalog.add(message, locations=[(where, None)], auto_comments=comments, context=context, flags=flags)
    return catalog


def _has_placeholder(message: str | tuple[str, ...]) -> bool:
    texts = message if isinstance(message, tuple | list) else (message,)
    return any(MARKED.search(text) for text in texts if text)


def _is_many(sentence: object) -> bool:
    return isinstance(sentence, tuple | list)


def path_of(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def read(language: str) -> Catalog:
    """What the translators wrote so far."""
    path = path_of(language)
    if not path.exists():
        return Catalog(locale=language, project="Plein", charset="utf-8", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def updated(language: str, wanted: Catalog) -> Catalog:
    """The translators' file with exactly the present sentences; nothing is guessed and nothing obsolete is kept."""
    before = read(language)
    after = Catalog(locale=language, project="Plein", charset="utf-8", fuzzy=False)
    for message in wanted:
        if not message.id:
            continue
        known = before.get(message.id, message.context)
        after.add(
            message.id,
            # A sentence that was about one thing may be about several by now: then it is translated anew.
            string=known.string if known and _is_many(known.id) == _is_many(message.id) else None,
            locations=[(name, None) for name in sorted({name for name, _ in message.locations})],
            flags=message.flags | (known.flags & {"fuzzy"} if known else set()),
            auto_comments=message.auto_comments,
            user_comments=known.user_comments if known else (),
            context=message.context,
        )
    return after


def written(catalog: Catalog) -> bytes:
    """The file's text, the same on every machine and day."""
    output = io.BytesIO()
    write_po(output, catalog, width=WIDTH, sort_by_file=False, sort_output=True, omit_header=True, include_lineno=False)
    plural = catalog.plural_forms
    header = (
        "# SPDX-License-Identifier: AGPL-3.0-or-later\n"
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
        f'"Language: {catalog.locale_identifier}\\n"\n"Plural-Forms: {plural}\\n"\n\n'
    )
    return header.encode() + output.getvalue().lstrip(b"\n")


def _is_translated(message: Message) -> bool:
    texts = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return bool(texts) and all(texts) and not message.fuzzy


def troubles(language: str, wanted: Catalog) -> Iterator[str]:
    """What is wrong with a language, one line each."""
    path = path_of(language)
    shown = path.relative_to(ROOT)
    if not path.exists():
        if len(wanted):
            yield f"{shown} is missing; run `make translations`"
        return
    catalog = read(language)
    known = {(message.id, message.context) for message in catalog if message.id}
    needed = {(message.id, message.context) for message in wanted if message.id}
    for what, difference in (("lacks", needed - known), ("still has", known - needed)):
        for sentence, _context in sorted(difference, key=str):
            yield f"{shown} {what} {sentence!r}; run `make translations`"
    for message in catalog:
        if message.id and not _is_translated(message):
            yield f"{shown}: not translated: {message.id!r}"
        if message.id and _is_translated(message):
            for error in message.check(catalog):
                yield f"{shown}: {error} in {message.id!r}"


def main() -> int:
    """Carries out `check` or `update`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("action", choices=("check", "update"))
    action = parser.parse_args().action
    wanted = extracted()
    found: list[str] = []
    for language in LANGUAGES:
        if action == "update":
            path_of(language).parent.mkdir(parents=True, exist_ok=True)
            path_of(language).write_bytes(written(updated(language, wanted)))
        found += troubles(language, wanted)
    for line in found:
        sys.stdout.write(f"{line}\n")
    sys.stdout.write(f"{len([message for message in wanted if message.id])} sentences, {len(found)} troubles\n")
    return 0 if action == "update" or not found else 1


if __name__ == "__main__":
    sys.exit(main())
