# SPDX-License-Identifier: AGPL-3.0-or-later
"""One file that holds a whole Plein: a zip with the database, every attachment, and a list of what is in it, sealed."""

import hashlib
import io
import json
import os
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO

from plein.operate.sealed_file import Changed, OpenedFile, SealingFile, WrongKey, is_sealed

FORMAT = 1
DATABASE, MANIFEST, FILES = "database.dump", "manifest.json", "files/"
PIECE, BUFFER = 1 << 20, 1 << 16
_DIGEST = re.compile(r"[0-9a-f]{64}\Z")


class Damaged(Exception):
    """A backup that is not whole, or no backup at all; the message says what is wrong."""


@dataclass
class Manifest:
    """What is in a backup: `tables` are the prints of each table (rows, sum of hashes), `dump` is a SHA-256."""

    plein: str
    made_at: str
    postgresql: str
    dump: str = ""
    format: int = FORMAT
    files: int = 0
    bytes: int = 0
    tables: dict[str, list[int]] = field(default_factory=dict)


class Writer:
    """Writes a backup aside and puts it under its name when it is whole."""

    def __init__(self, path: Path, manifest: Manifest, *, secret: str = "", passphrase: str = "") -> None:
        self.path, self.manifest = path, manifest
        self.secret, self.passphrase = secret, passphrase
        self.draft = path.with_name(f".{path.name}.{os.getpid()}.part")

    def __enter__(self) -> "Writer":
        handle = os.open(self.draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        self.file = os.fdopen(handle, "w+b")
        self.sealing = None
        if self.secret or self.passphrase:
            self.sealing = SealingFile(self.file, secret=self.secret, passphrase=self.passphrase)
        self.zip = zipfile.ZipFile(self.sealing or self.file, "w", zipfile.ZIP_STORED, allowZip64=True)
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        try:
            if kind is None:
                self.zip.writestr(MANIFEST, json.dumps(asdict(self.manifest), indent=1))
                self.zip.close()
                if self.sealing:
                    self.sealing.finish()
                self.file.flush()
                os.fsync(self.file.fileno())
                self.draft.replace(self.path)
        finally:
            self.file.close()
            self.draft.unlink(missing_ok=True)

    def add_database(self, source: IO[bytes]) -> None:
        """Takes in the database."""
        self.manifest.dump = self._add(DATABASE, source)

    def add_file(self, name: str, path: Path) -> str:
        """Takes in one file, and returns the SHA-256 of what was read."""
        with path.open("rb") as source:
            digest = self._add(FILES + name, source)
        self.manifest.files += 1
        return digest

    def _add(self, name: str, source: IO[bytes]) -> str:
        digest = hashlib.sha256()
        with self.zip.open(name, "w", force_zip64=True) as target:
            while piece := source.read(PIECE):
                digest.update(piece)
                target.write(piece)
                self.manifest.bytes += len(piece)
        return digest.hexdigest()


class Reader:
    """Reads a backup, sealed or not; raises Damaged for what is none, or opens with another key."""

    def __init__(self, path: Path, *, keys: Iterable[str] = (), passphrase: Callable[[], str] = str) -> None:
        try:
            self.file = path.open("rb")
        except FileNotFoundError as error:
            raise Damaged(f"There is no file {path}.") from error
        try:
            self.manifest = self._manifest(path, keys, passphrase)
        except BaseException:
            self.file.close()
            raise

    def _manifest(self, path: Path, keys: Iterable[str], passphrase: Callable[[], str]) -> Manifest:
        """The list of what is in it, when it is one."""
        try:
            self.is_sealed = is_sealed(self.file)
            inside: IO[bytes] = self.file
            if self.is_sealed:
                inside = io.BufferedReader(OpenedFile(self.file, keys=keys, passphrase=passphrase), BUFFER)
            self.zip = zipfile.ZipFile(inside)
            facts = json.loads(self.zip.read(MANIFEST))
        except WrongKey as error:
            raise Damaged(str(error)) from error
        except (zipfile.BadZipFile, Changed, KeyError, ValueError, EOFError) as error:
            raise Damaged(f"{path} is not a whole backup: it was cut off, changed, or never was one.") from error
        if not isinstance(facts, dict) or facts.get("format") != FORMAT:
            raise Damaged(f"{path} was made by a newer Plein; update this one first.")
        try:
            manifest = Manifest(**facts)
            manifest.tables = {name: [int(rows), int(sums)] for name, (rows, sums) in facts["tables"].items()}
        except (TypeError, ValueError, KeyError, AttributeError) as error:
            raise Damaged(f"The list of what is in {path} cannot be read. Use another backup.") from error
        return manifest

    def __enter__(self) -> "Reader":
        return self

    def __exit__(self, *trouble: object) -> None:
        self.zip.close()
        self.file.close()

    @property
    def room_needed(self) -> int:
        """How many bytes the contents take, at least."""
        return sum(entry.file_size for entry in self.zip.infolist())

    def take_database(self, target: Path) -> None:
        """Writes the database's bytes to a file, and checks that they are what was put in."""
        if self._take(DATABASE, target) != self.manifest.dump:
            raise Damaged("The database in this backup is damaged. Use another backup.")

    def take_files(self, folder: Path) -> Iterator[Path]:
        """Writes every file below a folder, checking those that are named by their hash."""
        names = [entry.filename for entry in self.zip.infolist() if entry.filename.startswith(FILES)]
        if len(names) != self.manifest.files:
            raise Damaged("Files are missing from this backup. Use another one.")
        for name in names:
            relative = Path(name.removeprefix(FILES))
            if relative.is_absolute() or ".." in relative.parts:
                raise Damaged("A file in this backup would land outside its folder. Use another backup.")
            target = folder / relative
            try:
                target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                digest = self._take(name, target)
            except (FileExistsError, NotADirectoryError, IsADirectoryError) as error:
                raise Damaged(f"The file {relative} in this backup is damaged. Use another backup.") from error
            if _DIGEST.match(target.name) and target.name != digest:
                raise Damaged(f"The file {relative} in this backup is damaged. Use another backup.")
            yield target

    def _take(self, name: str, target: Path) -> str:
        digest = hashlib.sha256()
        try:
            with self.zip.open(name) as source, target.open("wb") as sink:
                while piece := source.read(PIECE):
                    digest.update(piece)
                    sink.write(piece)
        except (zipfile.BadZipFile, Changed, KeyError, EOFError) as error:
            raise Damaged(f"{name} in this backup is damaged. Use another backup.") from error
        return digest.hexdigest()


def files_below(folder: Path) -> Iterator[tuple[str, Path]]:
    """Every finished file below a folder by its name in the backup; what is being written is left out."""
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        if path.is_file() and not path.is_symlink() and "tmp" not in relative.parts:
            yield relative.as_posix(), path
