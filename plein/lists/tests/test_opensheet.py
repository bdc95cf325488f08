# SPDX-License-Identifier: AGPL-3.0-or-later
"""A list as an OpenDocument spreadsheet: real values, no formula, and what went in comes out again."""

import re
import zipfile
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from io import BytesIO
from uuid import UUID

import pytest
from defusedxml.ElementTree import fromstring

from plein.core.file_types import sniff
from plein.core.ids import new_id
from plein.core.workbooks import rows_of
from plein.lists.export.opensheet import MEDIA_TYPE, OdsWriter
from plein.lists.export.writers import Column
from plein.lists.fields import Money, Value

VALUES: list[Value] = [
    "=1+1", "http://example.com", Decimal("12.5"), Money(Decimal("9.95")), date(2026, 11, 24),
    datetime(2026, 11, 24, 10, 30, 12, 5, tzinfo=UTC), date(1850, 1, 1), time(12), True, ("a", "b"), None, 7,
    "a  b\tc\nd & <e> \x00\x0b\ud800 é 🙂", "+31 6 12345678", "'=x", "x" * 40_000,
]  # fmt: skip


def written(rows: Sequence[Sequence[Value]], name: str = "People [all]: now?") -> bytes:
    writer = OdsWriter(name=name)
    writer.begin([Column(str(place), f"=head {place}") for place in range(len(rows[0]))])
    ids: list[UUID] = [new_id() for _ in rows]
    writer.write(ids, rows)
    made = b"".join(writer.end())
    writer.close()
    return made


def content_of(made: bytes) -> str:
    with zipfile.ZipFile(BytesIO(made)) as archive:
        assert archive.infolist()[0].filename == "mimetype" and archive.read("mimetype").decode() == MEDIA_TYPE
        fromstring(archive.read("META-INF/manifest.xml"))
        return archive.read("content.xml").decode()


def test_a_sheet_has_real_values_and_no_formula() -> None:
    made = written([VALUES])
    content = content_of(made)
    head, row = rows_of(BytesIO(made))

    assert sniff(made, "lijst.ods") == MEDIA_TYPE
    assert "formula" not in content and "xlink" not in content
    kinds = re.findall(r'value-type="(\w+)"', content)[len(VALUES) :]
    assert kinds == [
        "string", "string", "float", "currency", "date", "date", "date", "time", "boolean", "string", "float",
        "string", "string", "string", "string",
    ]  # fmt: skip
    assert 'office:currency="EUR"' in content and head[0] == "=head 0"
    assert row == [
        "=1+1", "http://example.com", "12.5", "9.95", "2026-11-24", "2026-11-24 11:30:12", "1850-01-01", "PT12H00M00S",
        "true", "a; b", "", "7", "a  b\tc\nd & <e>  é 🙂", "+31 6 12345678", "'=x", "x" * 32_767,
    ]  # fmt: skip


def test_a_sheet_that_is_full_is_followed_by_another_and_nothing_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(OdsWriter, "MOST_ROWS", 3)
    content = content_of(written([[f"Henk {number}"] for number in range(5)], "Mensen"))
    assert re.findall('table:name="([^"]*)"', content) == ["Mensen", "Mensen 2", "Mensen 3"]
    assert content.count("=head 0") == 3 and content.count("Henk") == 5

    broken_off = OdsWriter(name="x")
    broken_off.begin([Column("a", "A")])
    broken_off.close()
    assert broken_off.file.closed
