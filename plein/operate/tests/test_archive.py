# SPDX-License-Identifier: AGPL-3.0-or-later
"""A backup that somebody made by hand, or that lies about itself, is refused in words and writes nothing outside."""

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from plein.operate.archive import Damaged, Reader

TRUE: dict[str, Any] = {"plein": "1", "made_at": "x", "postgresql": "18", "format": 1, "tables": {"a": [1, 2]}}


def backup(folder: Path, manifest: Any, *names: str) -> Path:
    path = folder / "made.plein"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("manifest.json", json.dumps(manifest))
        for name in names:
            made.writestr(name, b"abc")
    return path


@pytest.mark.parametrize(
    "lie",
    [
        [],
        None,
        {},
        TRUE | {"strange": 1},
        TRUE | {"tables": []},
        TRUE | {"tables": {"a": 1}},
        TRUE | {"tables": {"a": ["x", "y"]}},
        {name: value for name, value in TRUE.items() if name != "plein"},
    ],
)
def test_a_list_of_contents_that_lies_is_refused_in_words(tmp_path: Path, lie: Any) -> None:
    with pytest.raises(Damaged, match="backup|newer Plein"):
        Reader(backup(tmp_path, lie))


@pytest.mark.parametrize(
    "names",
    [
        ("files/../out",),
        ("files//etc/out",),
        ("files/a/../../out",),
        ("files/",),
        ("files/a", "files/a/b"),
        ("files/a/b", "files/a"),
        ("files/" + "a" * 64,),
    ],
)
def test_a_file_that_would_land_elsewhere_or_is_not_what_it_says_is_refused(
    tmp_path: Path, names: tuple[str, ...]
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    with Reader(backup(tmp_path, TRUE | {"files": len(names)}, *names)) as reader, pytest.raises(Damaged):
        list(reader.take_files(folder))

    assert {one.name for one in tmp_path.iterdir()} == {"in", "made.plein"}
