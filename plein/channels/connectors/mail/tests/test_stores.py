# SPDX-License-Identifier: AGPL-3.0-or-later
import gzip
import io
import lzma
import random
import tarfile
import zipfile
from pathlib import Path

import pytest

from plein.channels.connectors.mail.limits import Limits, NotAMailbox, RefusedArchive
from plein.channels.connectors.mail.raw import Raw
from plein.channels.connectors.mail.stores import read_store
from plein.channels.connectors.mail.tests.samples import mail, mbox, numbered, write_maildir


def write(path: Path, data: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def tar_of(files: dict[str, bytes], mode: str = "w:gz") -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode=mode) as archive:  # type: ignore[call-overload]
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return target.getvalue()


def zip_of(files: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return target.getvalue()


def good(path: Path, limits: Limits | None = None) -> list[Raw]:
    return [raw for raw in read_store(path, None, limits) if not raw.problem]


def problems(path: Path) -> list[str]:
    return [raw.problem for raw in read_store(path) if raw.problem]


FILES = {"post/Inbox.mbox": mbox(*numbered(3)), "post/los/een.eml": mail(), "post/los/twee": b"From a@b\n" + mail()}


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("x.zip", zip_of(FILES)),
        ("x.tar", tar_of(FILES, "w")),
        ("x.tar.gz", tar_of(FILES, "w:gz")),
        ("x.tar.xz", tar_of(FILES, "w:xz")),
        ("x.tgz", tar_of(FILES, "w:gz")),
        ("x.tar.bz2", tar_of(FILES, "w:bz2")),
        ("nested.zip", zip_of({"inner.tar.gz": tar_of(FILES)})),
        ("nested.tar", tar_of({"inner.zip": zip_of(FILES)}, "w")),
    ],
)
def test_an_archive_reads_as_the_folder_it_was_made_of(tmp_path: Path, name: str, data: bytes) -> None:
    found = good(write(tmp_path / name, data))

    assert len(found) == 5
    assert {raw.folder.rpartition("post/")[2] for raw in found} == {"Inbox", "los"}


@pytest.mark.parametrize("pack", [lzma.compress, gzip.compress])
def test_a_compressed_mbox_reads_as_the_mbox(tmp_path: Path, pack: object) -> None:
    data = mbox(*numbered(4))
    packed = write(tmp_path / "in.mbox.xz", pack(data))  # type: ignore[operator]
    plain = write(tmp_path / "in.mbox", data)

    assert [raw.data for raw in good(packed)] == [raw.data for raw in good(plain)]
    assert good(packed)[0].folder == "in"


def test_a_line_that_only_begins_with_from_does_not_cut_a_mail(tmp_path: Path) -> None:
    data = b"From a@b Mon Mar  2 10:00:00 2026\n" + mail("Hallo\n\nFrom here to 10:00 in 2026 we wait.\n\nSlot\n")

    (raw,) = good(write(tmp_path / "x.mbox", data))

    assert b"Slot" in raw.data


def test_an_mbox_with_dos_line_ends_is_cut_the_same(tmp_path: Path) -> None:
    data = mbox(*numbered(3)).replace(b"\n", b"\r\n")

    assert len(good(write(tmp_path / "x.mbox", data))) == 3


def test_a_maildir_gives_its_folders_and_leaves_what_is_half_written(tmp_path: Path) -> None:
    found = good(write_maildir(tmp_path / "mail" / "joris"))

    assert sorted(raw.folder for raw in found) == ["", "", "Archief/2025"]
    assert problems(tmp_path / "mail") == []
    assert {raw.folder for raw in good(tmp_path / "mail")} == {"joris", "joris/Archief/2025"}


def test_a_truncated_mbox_gives_every_mail_and_marks_the_last(tmp_path: Path) -> None:
    data = mbox(*numbered(5))[:-20]

    found = good(write(tmp_path / "x.mbox", data))

    assert [raw.is_truncated for raw in found] == [False] * 4 + [True]


@pytest.mark.parametrize("cut", [0.3, 0.6, 0.95])
def test_a_truncated_archive_gives_what_came_before_and_says_so(tmp_path: Path, cut: float) -> None:
    noise = random.Random(3)  # noqa: S311
    many = {f"f{n}.mbox": mbox(*(mail(noise.randbytes(9_000).hex() + "\n") for _ in range(4))) for n in range(20)}
    packed = tar_of(many, "w:gz")
    path = write(tmp_path / "x.tar.gz", packed[: int(len(packed) * cut)])

    items = list(read_store(path))

    assert len(good(path)) >= int(80 * cut) - 2
    assert "damaged" in items[-1].problem or items[-1].is_truncated


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("foto.jpg", b"\xff\xd8\xff\xe0 0000", "JPEG picture"),
        ("rapport.pdf", b"%PDF-1.7 ...", "PDF document"),
        ("outlook.pst", b"!BDN\0\0\0\0", "Outlook data file"),
        ("lijst.csv", b"naam,adres\nx,y\n", "text file without mail headers"),
        ("leeg", b"", "empty file"),
        ("page.html", b"<!DOCTYPE html><html>", "web page"),
        ("brief.docx", zip_of({"[Content_Types].xml": b"<x/>"}), "Office"),
    ],
)
def test_a_file_that_is_no_mail_is_named_for_what_it_is(tmp_path: Path, name: str, data: bytes, words: str) -> None:
    with pytest.raises(NotAMailbox, match=words):
        list(read_store(write(tmp_path / name, data)))


def test_a_missing_path_and_an_empty_folder_are_said_so(tmp_path: Path) -> None:
    with pytest.raises(NotAMailbox, match="no file or folder"):
        list(read_store(tmp_path / "weg"))
    with pytest.raises(NotAMailbox, match="nothing was found"):
        list(read_store(tmp_path))


def test_other_files_between_the_mail_are_listed_and_the_mail_is_read(tmp_path: Path) -> None:
    write(tmp_path / "a.jpg", b"\xff\xd8\xff")
    write(tmp_path / "b.eml", mail())

    assert len(good(tmp_path)) == 1
    assert problems(tmp_path) == ["'a.jpg' is not mail: it is a JPEG picture."]


def test_names_that_point_outside_are_refused_and_the_rest_is_read(tmp_path: Path) -> None:
    names = ("../uit.eml", "/etc/uit.eml", "C:\\uit.eml", "a/../../b.eml", "goed.eml")
    archive = write(tmp_path / "x.tar", tar_of(dict.fromkeys(names, mail()), "w"))

    assert len(good(archive)) == 1
    assert len(problems(archive)) == 4
    assert len(problems(write(tmp_path / "x.zip", zip_of({"../uit.eml": mail(), "goed.eml": mail()})))) == 1
    assert {path.name for path in tmp_path.iterdir()} == {"x.tar", "x.zip"}


def test_links_and_devices_in_a_tar_are_not_followed(tmp_path: Path) -> None:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w") as archive:
        for number, kind in enumerate((tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE)):
            member = tarfile.TarInfo(f"n{number}.eml")
            member.type, member.linkname = kind, "/etc/passwd"
            archive.addfile(member)
        member = tarfile.TarInfo("goed.eml")
        member.size = len(mail())
        archive.addfile(member, io.BytesIO(mail()))
    path = write(tmp_path / "x.tar", target.getvalue())

    assert len(good(path)) == 1
    assert len(problems(path)) == 4


def test_links_in_a_folder_are_not_followed(tmp_path: Path) -> None:
    write(tmp_path / "in" / "goed.eml", mail())
    (tmp_path / "in" / "lus").symlink_to(tmp_path)

    assert len(good(tmp_path / "in")) == 1
    assert "link" in problems(tmp_path / "in")[0]


ZEROS = b"From: a@b.example\nSubject: x\n\n" + bytes(80 * 1024 * 1024)


def test_a_bomb_is_refused_whatever_it_is_packed_in(tmp_path: Path) -> None:
    bombs = {
        "a.zip": zip_of({"x.eml": ZEROS}),
        "b.mbox.gz": gzip.compress(ZEROS),
        "c.tar.xz": lzma.compress(tar_of({"x.eml": ZEROS}, "w"), preset=0),
        "d.zip": zip_of({"inner.zip": zip_of({"x.eml": ZEROS})}),
    }
    for name, data in bombs.items():
        with pytest.raises(RefusedArchive, match="unpacks to"):
            list(read_store(write(tmp_path / name, data)))


def test_archives_in_archives_stop_at_two(tmp_path: Path) -> None:
    data = zip_of({"x.eml": mail()})
    for _ in range(2):
        data = zip_of({"a.zip": data})

    with pytest.raises(RefusedArchive, match="deeper than 2"):
        list(read_store(write(tmp_path / "x.zip", data)))


def test_too_many_entries_are_refused(tmp_path: Path) -> None:
    files = {f"{n}.eml": b"From: a@b.example\n\nx" for n in range(30)}
    limits = Limits(archive_entries=20)

    for name, data in (("x.zip", zip_of(files)), ("x.tar", tar_of(files, "w"))):
        with pytest.raises(RefusedArchive, match="more than 20 entries"):
            good(write(tmp_path / name, data), limits)


def test_a_message_larger_than_the_limit_is_skipped_and_the_next_is_read(tmp_path: Path) -> None:
    big = mail("regel\n" * 300_000, Message_ID="<big@x.example>")
    path = write(tmp_path / "x.mbox", mbox(mail(), big, mail(Message_ID="<m3@x.example>")))

    items = list(read_store(path, None, Limits(message=500_000)))

    assert [bool(item.problem) for item in items] == [False, True, False]
    assert "larger than 488.3 kB" in items[1].problem
    assert items[1].size > 1_800_000
