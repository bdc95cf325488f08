# SPDX-License-Identifier: AGPL-3.0-or-later
"""Fetch the pinned browser files Plein ships, and write their manifest and the icon paths.

For maintainers only (`python tools/vendor.py`, needs npm); users and continuous integration never run npm.
"""

import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STATIC = ROOT / "plein" / "web" / "static" / "web"
ICONS = ROOT / "plein" / "web" / "icons.json"


@dataclass(frozen=True)
class Package:
    """One npm package at one version, and which of its files land where."""

    name: str
    version: str
    licence: str
    licence_file: str
    files: dict[str, str]


def fontsource(family: str) -> Package:
    """Describe the latin and latin-ext variable fonts of one family."""
    names = [f"{family}-{subset}-wght-normal.woff2" for subset in ("latin", "latin-ext")]
    files = {f"files/{name}": f"fonts/{name}" for name in names} | {"LICENSE": f"licences/{family}-OFL-1.1.txt"}
    return Package(f"@fontsource-variable/{family}", "5.3.0", "OFL-1.1", f"licences/{family}-OFL-1.1.txt", files)


HTMX = Package(
    "htmx.org",
    "4.0.1",
    "0BSD",
    "licences/htmx-0BSD.txt",
    {
        "dist/htmx.min.js": "vendor/htmx-4.0.1.min.js",
        "dist/ext/hx-preload.min.js": "vendor/hx-preload-4.0.1.min.js",
        "dist/ext/hx-sse.min.js": "vendor/hx-sse-4.0.1.min.js",
        "LICENSE": "licences/htmx-0BSD.txt",
    },
)
#: Its package carries no text of its licence; the one in the folder is from its repository.
EVENT_CALENDAR = Package(
    "@event-calendar/build",
    "5.10.1",
    "MIT",
    "licences/event-calendar-MIT.txt",
    {
        "dist/event-calendar.min.js": "vendor/event-calendar-5.10.1.min.js",
        "dist/event-calendar.min.css": "vendor/event-calendar-5.10.1.min.css",
    },
)
TABLER = Package("@tabler/icons", "3.51.0", "MIT", "licences/tabler-icons-MIT.txt", {})
PACKAGES = [HTMX, EVENT_CALENDAR, fontsource("figtree"), fontsource("bricolage-grotesque")]

ICON_LIST = Path(__file__).with_name("icons.txt")


def icon_names() -> list[str]:
    """Read which outlines Plein uses, one name a line."""
    return sorted(ICON_LIST.read_text().split())


def pack(package: Package, folder: Path) -> Path:
    """Download one package and unpack it, returning its root folder."""
    command = ["npm", "pack", "--silent", "--pack-destination", str(folder), f"{package.name}@{package.version}"]
    archive = folder / subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
    target = folder / package.name.replace("/", "-")
    with tarfile.open(archive) as tar:
        tar.extractall(target, filter="data")
    return target / "package"


def copy_files(package: Package, source: Path) -> list[dict[str, str | int]]:
    """Copy one package's files into the static folder and describe each shipped file."""
    rows: list[dict[str, str | int]] = []
    for origin, destination in package.files.items():
        # Without the pointer to a map that is not shipped.
        content = re.sub(rb"\n//# sourceMappingURL=[^\n]*", b"", (source / origin).read_bytes())
        (STATIC / destination).parent.mkdir(parents=True, exist_ok=True)
        (STATIC / destination).write_bytes(content)
        if not destination.startswith("licences/"):
            rows.append(describe(package, destination, content))
    return rows


def describe(package: Package, destination: str, content: bytes) -> dict[str, str | int]:
    """Say of one shipped file where it comes from, under which licence, and what it hashes to."""
    return {
        "file": destination,
        "package": package.name,
        "version": package.version,
        "licence": package.licence,
        "licence_file": package.licence_file,
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }


def icon_path(svg: str) -> str:
    """Join the strokes of one outline icon into a single path."""
    strokes = re.findall(r'<path d="([^"]+)"', svg)
    if not strokes or not all(stroke.startswith("M") for stroke in strokes) or re.search(r"<(circle|rect|line)", svg):
        raise ValueError("an outline that is not made of absolute paths only")
    return "".join(strokes)


def write_icons(source: Path) -> None:
    """Write the chosen outlines as one JSON object of name to path."""
    outlines = source / "icons" / "outline"
    paths = {name: icon_path((outlines / f"{name}.svg").read_text()) for name in icon_names()}
    ICONS.write_text(json.dumps(paths, indent=1) + "\n")


def main() -> None:
    """Fetch everything and rewrite the manifest."""
    manifest: list[dict[str, str | int]] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for package in PACKAGES:
            manifest += copy_files(package, pack(package, folder))
        tabler = pack(TABLER, folder)
        (STATIC / TABLER.licence_file).write_bytes((tabler / "LICENSE").read_bytes())
        write_icons(tabler)
    (STATIC / "vendor-manifest.json").write_text(json.dumps(manifest, indent=1) + "\n")
    sys.stdout.write(f"{len(manifest)} files and {len(icon_names())} icons written\n")


if __name__ == "__main__":
    main()
