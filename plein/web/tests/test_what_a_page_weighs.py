# SPDX-License-Identifier: AGPL-3.0-or-later
import gzip
import hashlib
import json
import re
from pathlib import Path

STATIC = Path(__file__).parent.parent / "static" / "web"


def gzipped(paths: list[Path]) -> int:
    return sum(len(gzip.compress(path.read_bytes(), 9)) for path in paths)


def test_all_css_stays_under_24_kb() -> None:
    assert gzipped(sorted(STATIC.glob("*.css"))) < 24 * 1024


def scripts_of_every_page() -> list[Path]:
    base = (STATIC.parent.parent / "templates" / "web" / "base.html").read_text()
    return [STATIC / name for name in re.findall(r"<script src=\"{% static 'web/([^']+)' %}\"", base)]


def test_our_own_script_on_every_page_stays_under_30_kb() -> None:
    own = [path for path in scripts_of_every_page() if path.parent == STATIC]
    assert len(own) >= 5
    assert gzipped(own) < 30 * 1024


def test_the_script_of_a_first_visit_stays_under_45_kb() -> None:
    assert gzipped(scripts_of_every_page()) < 45 * 1024


def test_every_vendored_file_is_the_one_in_the_manifest() -> None:
    manifest = json.loads((STATIC / "vendor-manifest.json").read_text())
    shipped = {str(path.relative_to(STATIC)) for folder in ("vendor", "fonts") for path in (STATIC / folder).iterdir()}

    assert {row["file"] for row in manifest} == shipped
    for row in manifest:
        content = (STATIC / row["file"]).read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (row["bytes"], row["sha256"])
        assert (STATIC / row["licence_file"]).exists()


def test_our_own_script_never_evaluates_text() -> None:
    for path in STATIC.glob("*.js"):
        text = path.read_text()
        assert "eval(" not in text and "new Function" not in text and "document.write" not in text
