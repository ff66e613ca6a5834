"""A mailbox is as many articles as it has mails, each with a name that stays."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index_store.article import Article
from ingest import folder_source
from ingest.article_file import ArticleReader
from ingest.documents import mailbox_file
from ingest.documents.document_text import DocumentText
from ingest.documents.mailbox_file import mail_bytes, mailbox_of, mails_in
from ingest.errors import ArticleUnreadable
from ingest.folder_source import FolderSource, FoundArticle
from ingest.text.text_file import TextFileReader


class HereReader:
    """Reads mails in this process, as the reading process would."""

    def read(self, data: bytes, suffix: str, *, encoding: str | None = None) -> DocumentText:
        assert suffix == ".eml"
        return TextFileReader().read_mail(data)

    def close(self) -> None:
        pass


READER = ArticleReader(HereReader())  # type: ignore[arg-type]


def mail(text: str, subject: str = "Ships", id: str | None = "one@mail.example") -> str:
    said = f"Message-ID: <{id}>\n" if id else ""
    return (
        f"From ann@mail.example Thu Mar  5 12:00:00 2026\nFrom: Ann <ann@mail.example>\n{said}"
        f"Subject: {subject}\nDate: Thu, 5 Mar 2026 12:00:00 +0000\n\n{text}\n\n"
    )


def box(folder: Path, *mails: str, name: str = "box.mbox") -> FolderSource:
    (folder / name).write_text("".join(mails))
    return FolderSource(folder, READER, id="shelf")


def found(source: FolderSource) -> dict[str, FoundArticle]:
    return {one.path: one for one in source.scan()}


def articles(source: FolderSource) -> list[Article]:
    return [source.read(one) for one in source.scan()]


def test_each_mail_is_an_article_named_by_its_message_id(tmp_path: Path) -> None:
    source = box(tmp_path, mail("Grain came in."), mail("Snow fell.", "Snow", "two@mail.example"))
    first, second = articles(source)
    assert (first.path, first.title, first.author) == ("box.mbox#one@mail.example", "Ships", "Ann")
    assert (first.text, first.published) == ("Grain came in.", "2026-03-05")
    assert (second.path, second.text) == ("box.mbox#two@mail.example", "Snow fell.")
    assert source.is_complete


def test_a_single_mailbox_is_a_source_too(tmp_path: Path) -> None:
    box(tmp_path, mail("Grain."))
    (one,) = articles(FolderSource(tmp_path / "box.mbox", READER))
    assert one.path == "box.mbox#one@mail.example"


def test_a_mail_keeps_its_name_and_its_mark_when_others_come_and_go(tmp_path: Path) -> None:
    mails = [mail(f"Text {number}.", id=None) for number in range(3)]
    before = found(source := box(tmp_path, *mails))
    marks = {path: source.fingerprint(one) for path, one in before.items()}
    after = found(source := box(tmp_path, mail("New."), mails[2], mails[1]))
    assert len(before.keys() & after.keys()) == 2
    for path in before.keys() & after.keys():
        assert source.fingerprint(after[path]) == marks[path]


def test_two_mails_of_one_id_are_two_articles(tmp_path: Path) -> None:
    source = box(tmp_path, mail("One."), mail("Two."))
    assert list(found(source)) == ["box.mbox#one@mail.example", "box.mbox#one@mail.example~2"]


def test_a_line_that_begins_with_from_begins_no_mail_where_it_is_quoted_or_in_a_paragraph(
    tmp_path: Path,
) -> None:
    (one,) = articles(box(tmp_path, mail("It was so.\nFrom here on it snowed.\n\n>From now on it rains.")))
    assert "From here on" in one.text
    start = next(iter(mails_in(tmp_path / "box.mbox")))
    data = mail_bytes(tmp_path / "box.mbox", start.start, start.end)
    assert b"\nFrom now on" in data
    assert not data.startswith(b"From ann")


@pytest.mark.parametrize("text", ["", "\n\n"])
def test_an_empty_mailbox_holds_nothing(tmp_path: Path, text: str) -> None:
    source = box(tmp_path, text)
    assert found(source) == {}
    assert source.is_complete


def test_what_is_no_mailbox_is_told_and_its_mails_stay_in_the_library(tmp_path: Path) -> None:
    source = box(tmp_path, "PK\x03\x04 something else")
    assert "does not begin like a mailbox" in (found(source)["box.mbox"].why_not or "")
    assert not source.is_complete
    box(tmp_path, mail("Grain."))
    assert found(source)
    assert source.is_complete


def test_a_mailbox_has_its_bounds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = box(tmp_path, *(mail(f"Text {n}.", id=f"{n}@x") for n in range(5)))
    for module in (mailbox_file, folder_source):
        monkeypatch.setattr(module, "MOST_MAILS", 3)
    cut = found(source)
    assert len(cut) == 4
    assert "only the first 3" in (cut["box.mbox"].why_not or "")
    monkeypatch.setattr(mailbox_file, "LARGEST_MAILBOX", 100)
    with pytest.raises(ArticleUnreadable, match="split it"):
        list(mails_in(tmp_path / "box.mbox"))
    monkeypatch.undo()
    monkeypatch.setitem(folder_source.LARGEST_DOCUMENTS, ".eml", 10)
    with pytest.raises(ArticleUnreadable, match="over the 0 MB limit"):
        articles(source)


@given(st.lists(st.binary(max_size=300) | st.sampled_from([b"\nFrom x\n", b"From ", b"\n\n"])))
def test_whatever_a_mailbox_holds_its_mails_lie_in_it_one_after_the_other(pieces: list[bytes]) -> None:
    import tempfile

    data = b"From a\n" + b"".join(pieces)
    with tempfile.NamedTemporaryFile(suffix=".mbox") as file:
        file.write(data)
        file.flush()
        mails = list(mails_in(Path(file.name)))
    assert mails[0].start == 0
    assert mails[-1].end == len(data)
    assert all(one.end == other.start for one, other in pairwise(mails))
    assert len({one.name for one in mails}) == len(mails)
    for one in mails:
        one.name.encode()
        assert "\n" not in one.name


def test_the_file_of_a_mail_is_its_mailbox() -> None:
    assert mailbox_of("sub/box.mbox#a@b.mbox") == "sub/box.mbox"
    assert mailbox_of("sub/a#b.md") == "sub/a#b.md"
