# SPDX-License-Identifier: AGPL-3.0-or-later
"""Compiles the translators' files, without gettext's own programs, which a bare machine lacks."""

import os
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po


def compile_all(folder: Path) -> None:
    """Compiles each .po file that is newer than its .mo file."""
    for source in folder.glob("*/LC_MESSAGES/*.po"):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        compile_one(source, target)


def compile_one(source: Path, target: Path) -> None:
    """Compiles one file, whole or not at all."""
    with source.open("rb") as file:
        catalog = read_po(file, locale=source.parent.parent.name)
    draft = target.with_name(f"{target.name}.{os.getpid()}")
    with draft.open("wb") as file:
        write_mo(file, catalog)
    draft.replace(target)
