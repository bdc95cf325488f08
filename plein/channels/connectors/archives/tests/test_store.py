# SPDX-License-Identifier: AGPL-3.0-or-later
import io
import os
import tarfile
import zipfile
from pathlib import Path

import pytest

from plein.channels.base import Message, Unreadable
from plein.channels.connectors.archives import Limits, NotAnArchive, Settings, look_into, read_archive
from plein.channels.connectors.archives.store import open_store
from plein.channels.connectors.archives.tests.samples import ARCHIVES, SLACK, TELEGRAM, as_bytes, folder_of, zip_of


def tar_of(members: list[tuple[tarfile.TarInfo, bytes]], path: Path, mode: str = "w:gz") -> Path:
    with tarfile.open(path, mode) as archive:  # type: ignore[call-overload]
        for member, data in members:
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return path


def test_reading_goes_on_exactly_after_any_cursor(tmp_path: Path) -> None:
    archive = zip_of(SLACK, tmp_path / "slack.zip")
    whole = list(read_archive(archive))

    for place, (cursor, _item) in enumerate(whole):
        if place in (0, len(whole) - 1):
            assert list(read_archive(archive, cursor=cursor)) == whole[place + 1 :]
    assert [cursor for cursor, _item in whole] == ["1", "2", "3"]


def test_a_look_tells_what_is_there_and_whose_it_is(tmp_path: Path) -> None:
    look = look_into(zip_of({"result.json": TELEGRAM}, tmp_path / "x.zip"))

    assert (look.kind, look.owner, look.owner_name) == ("telegram", "user7", "Sam Bakker")
    assert (look.messages, look.posts, look.follows, look.conversations, look.writers) == (2, 0, 0, 1, 2)
    assert (look.first[:10], look.people) == ("2024-01-10", ["Anna", "Sam Bakker"])


def test_a_tar_is_read_and_what_leads_outside_is_told(tmp_path: Path) -> None:
    members = [(tarfile.TarInfo(name), as_bytes(content)) for name, content in ARCHIVES["stackexchange"].items()]
    link = tarfile.TarInfo("Users-link.xml")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    archive = tar_of([*members, (link, b""), (tarfile.TarInfo("../out.xml"), b"x")], tmp_path / "dump.tar.gz")

    items = [item for _cursor, item in read_archive(archive)]

    assert [type(one).__name__ for one in items] == ["Message"] * 3 + ["Unreadable"] * 2
    assert "link" in [one.reason for one in items if isinstance(one, Unreadable)][0]
    assert not (tmp_path.parent / "out.xml").exists()


@pytest.mark.parametrize("name", ["../users.json", "/etc/users.json", "C:\\users.json", "a/../../users.json"])
def test_a_name_that_leads_outside_is_refused(name: str, tmp_path: Path) -> None:
    with open_store(zip_of({name: [], "channels.json": []}, tmp_path / "x.zip"), Limits()) as store:
        assert store.names == ["channels.json"]
        assert len(store.problems) == 1


def test_a_second_file_of_the_same_name_does_not_hide_the_first(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("users.json", "[1]")
        archive.writestr("users.json", "[2]")
    with open_store(path, Limits()) as store:
        assert store.data("users.json") == b"[1]"
        assert "twice" in store.problems[0][1]


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    bomb = zip_of({"result.json": b"0" * (2 * 1024 * 1024)}, tmp_path / "bomb.zip")

    with pytest.raises(NotAnArchive, match="unpacks to"):
        open_store(bomb, Limits(ratio_from=1024 * 1024))


def test_a_file_that_lies_about_its_size_is_stopped_while_it_is_read(tmp_path: Path) -> None:
    path = zip_of({"result.json": b"0" * 5000}, tmp_path / "x.zip")

    with open_store(path, Limits(document=4000)) as store, pytest.raises(NotAnArchive, match="larger than"):
        store.data("result.json")


def test_an_archive_of_too_many_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotAnArchive, match="more than 3 entries"):
        open_store(zip_of({f"{n}.json": "{}" for n in range(5)}, tmp_path / "x.zip"), Limits(entries=3))


def test_a_link_in_a_folder_is_not_followed(tmp_path: Path) -> None:
    folder = folder_of(SLACK, tmp_path / "slack")
    os.symlink("/etc/passwd", folder / "secret.json")
    with open_store(folder, Limits()) as store:
        assert "secret.json" not in store.names and "link" in store.problems[0][1]


def test_an_entity_bomb_is_refused_in_a_sentence(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE l [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><posts><row Id="1" Body="&b;"/></posts>'

    with pytest.raises(NotAnArchive, match="not whole"):
        list(read_archive(folder_of({"Posts.xml": bomb}, tmp_path)))


def test_reading_that_needs_too_much_memory_ends_in_words(tmp_path: Path) -> None:
    big = folder_of({"result.json": b'{"messages": ["' + b"a" * 40_000_000 + b'"], "from_id": 1}'}, tmp_path)

    with pytest.raises(Exception, match="memory|early"):
        list(read_archive(big, settings=Settings(kind="telegram"), limits=Limits(memory=120 * 1024 * 1024)))


def test_texts_are_clean_for_a_database(tmp_path: Path) -> None:
    files = {"chat.txt": "[2026-01-02 10:00] Anna: a\0b\n"}

    [item] = [item for _cursor, item in read_archive(folder_of(files, tmp_path), settings=Settings(kind="whatsapp"))]

    assert isinstance(item, Message) and item.text == "ab"
