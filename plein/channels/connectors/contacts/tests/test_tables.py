# SPDX-License-Identifier: AGPL-3.0-or-later
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from xlsxwriter import Workbook

from plein.channels.connectors.contacts.tables import NotATable, guess, read_table

ODS = """<office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x"><office:body><office:spreadsheet>
<table:table><table:table-row><table:table-cell office:value-type="string"><text:p>Naam</text:p></table:table-cell>
<table:table-cell table:number-columns-repeated="2" office:value-type="string"><text:p>Tel</text:p></table:table-cell>
</table:table-row><table:table-row table:number-rows-repeated="1000000"><table:table-cell/></table:table-row>
<table:table-row><table:table-cell office:value-type="string"><text:p>Jan <text:s/>Bos</text:p></table:table-cell>
<table:table-cell office:value-type="float" office:value="612345678"/>
<table:table-cell office:value-type="date" office:date-value="2026-03-01T00:00:00"/></table:table-row></table:table>
<table:table><table:table-row><table:table-cell office:value-type="string"><text:p>Other</text:p></table:table-cell>
</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"""


def written(folder: Path, data: bytes | str) -> Path:
    path = folder / "list"
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def rows(path: Path) -> list[list[str]]:
    return list(read_table(path, guess(path)))


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le"])
def test_encoding_and_delimiter_are_guessed(tmp_path: Path, delimiter: str, encoding: str) -> None:
    text = f'Naam{delimiter}Plaats\r\n"Núñez{delimiter} José"{delimiter}Zwolle\r\n\r\nBos{delimiter}"Den\nHaag"\r\n'

    assert rows(written(tmp_path, text.encode(encoding))) == [
        ["Naam", "Plaats"], [f"Núñez{delimiter} José", "Zwolle"], ["Bos", "Den\nHaag"]
    ]  # fmt: skip


def test_a_comma_in_names_is_no_delimiter(tmp_path: Path) -> None:
    path = written(tmp_path, "Naam;Mail\nBos, Jan;jan@bos.nl\nSmit, Ada;ada@smit.nl\n")

    assert guess(path).delimiter == ";"


def test_an_excel_workbook_is_read(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    with Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Naam", "Nummer"])
        sheet.write_row(1, 0, ["Jan", 612345678])

    assert rows(path) == [["Naam", "Nummer"], ["Jan", "612345678"]]


def test_an_open_document_is_read_and_its_empty_rows_passed_by(tmp_path: Path) -> None:
    held = BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("content.xml", ODS)

    assert rows(written(tmp_path, held.getvalue())) == [
        ["Naam", "Tel", "Tel"], ["Jan  Bos", "612345678", "2026-03-01"]
    ]  # fmt: skip


@pytest.mark.parametrize("data", [b"", b"  \n", b"PK\x03\x04 no archive", bytes(range(256)) * 40])
def test_what_is_no_table_is_refused_in_words(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(NotATable):
        rows(written(tmp_path, data))


def test_entities_in_a_workbook_are_refused(tmp_path: Path) -> None:
    held = BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("content.xml", '<!DOCTYPE a [<!ENTITY b "bb">]>' + ODS)

    with pytest.raises(NotATable):
        rows(written(tmp_path, held.getvalue()))


def test_a_cell_without_an_end_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotATable):
        rows(written(tmp_path, 'a,b\nc,"' + "x" * (1 << 21)))
