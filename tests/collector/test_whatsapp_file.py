"""Reading exports from disk: hostile zips, wrong encodings, limits."""

import io
import struct
import zipfile
from pathlib import Path

import pytest

from collector.connectors import whatsapp_file
from collector.connectors.whatsapp_file import chat_name, read_export
from models.errors import MendInput

CHAT = "31/12/2022, 11:40 - Amy: hi é\n"


def zipped(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def refused(path: Path) -> MendInput:
    with pytest.raises(MendInput) as caught:
        read_export(path)
    assert caught.value.cure and caught.value.subject == path.name
    return caught.value


def test_text_and_zip_give_the_same(tmp_path: Path) -> None:
    text = tmp_path / "WhatsApp Chat with Tap Parents.txt"
    text.write_bytes(b"\xef\xbb\xbf" + CHAT.replace("\n", "\r\n").encode())
    archive = zipped(tmp_path / "a.zip", {"_chat.txt": CHAT.encode(), "IMG-1.jpg": b"\xff" * 9})
    assert read_export(text) == read_export(archive) == CHAT
    assert chat_name(text) == "Tap Parents"
    assert chat_name(Path("WhatsApp Chat - Tap Parents (2).zip")) == "Tap Parents"


def test_only_the_text_member_is_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    members = {"x.jpg": b"0", "WhatsApp Chat with A.txt": CHAT.encode(), "y.txt": b"notes"}
    path = zipped(tmp_path / "a.zip", members)
    opened: list[str] = []
    real = zipfile.ZipFile.open

    def spy(self, name, *args, **kwargs):
        opened.append(getattr(name, "filename", name))
        return real(self, name, *args, **kwargs)

    monkeypatch.setattr(zipfile.ZipFile, "open", spy)
    read_export(path)
    assert opened == ["WhatsApp Chat with A.txt"]
    assert list(tmp_path.iterdir()) == [path], "nothing is unpacked"


def test_a_zip_bomb_is_refused_unread(tmp_path: Path) -> None:
    bomb = zipped(tmp_path / "bomb.zip", {"_chat.txt": b"a" * 40_000_000})
    assert bomb.stat().st_size < 100_000
    assert "swells" in refused(bomb).what


def test_a_zip_that_lies_about_its_size_is_stopped(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(whatsapp_file, "LONGEST_TEXT", 100_000)
    path = zipped(tmp_path / "a.zip", {"_chat.txt": b"0123456789" * 30_000})
    raw = bytearray(path.read_bytes())
    at = raw.rindex(b"PK\x01\x02")
    raw[at + 24 : at + 28] = struct.pack("<I", 500)
    path.write_bytes(raw)
    refused(path)


@pytest.mark.parametrize(
    ("members", "word"),
    [
        ({"../_chat.txt": b"x", "_chat.txt": b"x"}, "leave its folder"),
        ({"/etc/x": b"x", "_chat.txt": b"x"}, "leave its folder"),
        ({"a\\..\\b": b"x", "_chat.txt": b"x"}, "leave its folder"),
        ({"notes.txt": b"x"}, "no chat text"),
        ({"_chat.txt": b"x", "WhatsApp Chat with B.txt": b"x"}, "2 chat texts"),
    ],
)
def test_strange_zips_are_refused(tmp_path: Path, members: dict[str, bytes], word: str) -> None:
    assert word in refused(zipped(tmp_path / "a.zip", members)).what


def test_a_zip_with_too_many_entries_is_refused_before_its_list_is_read(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"_chat.txt": b"x"})
    raw = bytearray(path.read_bytes())
    at = raw.rindex(b"PK\x05\x06")
    raw[at + 10 : at + 12] = struct.pack("<H", 65_000)
    path.write_bytes(raw)
    assert "too many" in refused(path).what


def test_damaged_and_locked_zips_are_refused(tmp_path: Path) -> None:
    whole = zipped(tmp_path / "a.zip", {"_chat.txt": CHAT.encode() * 100}).read_bytes()
    (tmp_path / "half.zip").write_bytes(whole[: len(whole) // 2])
    refused(tmp_path / "half.zip")
    broken = bytearray(whole)
    broken[45:60] = b"\x00" * 15
    (tmp_path / "broken.zip").write_bytes(broken)
    refused(tmp_path / "broken.zip")
    locked = bytearray(whole)
    locked[whole.index(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "locked.zip").write_bytes(locked)
    assert "password" in refused(tmp_path / "locked.zip").what
    (tmp_path / "empty.zip").write_bytes(b"")
    refused(tmp_path / "empty.zip")


@pytest.mark.parametrize(
    ("raw", "word"),
    [
        (CHAT.encode("utf-16"), "UTF-16"),
        (CHAT.encode("utf-16-le"), "UTF-16"),
        (CHAT.encode("cp1252"), "UTF-8"),
        (io.BytesIO(b"PK\x03\x04rest").getvalue(), "zip"),
    ],
)
def test_wrong_encodings_are_refused_with_a_cure(tmp_path: Path, raw: bytes, word: str) -> None:
    path = tmp_path / "chat.txt"
    path.write_bytes(raw)
    assert word in refused(path).what


def test_a_text_that_is_too_long_or_missing_is_refused(tmp_path: Path, monkeypatch) -> None:
    refused(tmp_path / "absent.txt")
    monkeypatch.setattr(whatsapp_file, "LONGEST_TEXT", 10)
    path = tmp_path / "chat.txt"
    path.write_text(CHAT)
    assert "longer" in refused(path).what
