"""Archives are read within bounds: a bomb is told before it is unpacked."""

import io
import zipfile
from contextlib import suppress

import pytest
from tiny_archives import zipped

from ingest.documents import bounded_archive
from ingest.documents.bounded_archive import BoundedArchive
from ingest.errors import ArticleUnreadable


def test_members_are_read_by_name() -> None:
    archive = BoundedArchive(zipped({"a.txt": "one", "../../b.txt": "two"}))
    assert archive.read("a.txt") == b"one"
    assert archive.read("../../b.txt") == b"two"  # a name, and no more
    assert "c.txt" not in archive
    with pytest.raises(KeyError):
        archive.read("c.txt")


def test_a_member_that_packs_too_well_is_not_unpacked() -> None:
    bomb = BoundedArchive(zipped({"a.xml": bytes(5 * 2**20), "b.xml": "fine"}))
    with pytest.raises(ArticleUnreadable, match=r"5 MB packed in it as 'a\.xml' are too much"):
        bomb.read("a.xml")
    assert bomb.read("b.xml") == b"fine"


def test_many_members_or_much_in_sum_are_refused_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    many = zipped({str(number): "x" for number in range(50)})
    monkeypatch.setattr(bounded_archive, "LARGEST_SUM", 49)
    with pytest.raises(ArticleUnreadable, match="unpacked it would be over"):
        BoundedArchive(many)
    monkeypatch.setattr(bounded_archive, "MOST_MEMBERS", 49)
    with pytest.raises(ArticleUnreadable, match="50 files packed in it"):
        BoundedArchive(many)


def test_a_size_that_lies_does_not_let_more_through() -> None:
    data = bytearray(zipped({"a": "x" * 1000}))
    place = data.index(b"PK\x01\x02")
    data[place + 24 : place + 28] = (10).to_bytes(4, "little")
    with pytest.raises(ArticleUnreadable, match="a part of it is damaged"):
        BoundedArchive(bytes(data)).read("a")


def test_a_member_with_a_password_is_told() -> None:
    data = bytearray(zipped({"a": "x" * 1000}))
    for mark, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        data[data.index(mark) + offset] |= 1
    with pytest.raises(ArticleUnreadable, match="encrypted; save it without a password"):
        BoundedArchive(bytes(data)).read("a")


def test_any_damage_is_told() -> None:
    whole = zipped({"a": "words " * 100, "b": bytes(range(256))})
    for place in range(len(whole)):
        broken = bytearray(whole)
        broken[place] ^= 0xFF
        with suppress(ArticleUnreadable):
            archive = BoundedArchive(bytes(broken))
            for name in archive.names:
                archive.read(name)


def test_stored_members_need_no_packing() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("a", bytes(3 * 2**20))
    assert len(BoundedArchive(out.getvalue()).read("a")) == 3 * 2**20
