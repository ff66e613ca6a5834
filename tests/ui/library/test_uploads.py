import os
from pathlib import Path

import pytest

from index_store.article import Article
from index_store.errors import RunError, UsageError
from ingest.article_file import ArticleReader
from ui.library.uploads import MOST_AT_ONCE, Uploads, safe_name


@pytest.fixture
def uploads(tmp_path: Path) -> Uploads:
    reader = ArticleReader()
    return Uploads(
        tmp_path / "uploads", lambda file, name: reader.read(file, source="up", path=name), largest=100
    )


def take(uploads: Uploads, name: str, content: bytes) -> Article:
    incoming = uploads.begin(name)
    try:
        incoming.write(content)
        return incoming.keep()
    finally:
        incoming.drop()


def files(uploads: Uploads) -> list[str]:
    return sorted(os.listdir(uploads.folder))


def test_a_file_is_kept_under_its_name_and_read_as_an_article(uploads: Uploads) -> None:
    assert take(uploads, "heron.md", b"# The Heron\n\nIt needs 12 GB.\n").title == "The Heron"
    assert files(uploads) == ["heron.md"]
    assert uploads.names() == ("heron.md",)
    assert (uploads.folder / "heron.md").read_bytes() == b"# The Heron\n\nIt needs 12 GB.\n"


def test_the_same_name_again_takes_the_place_of_the_earlier_file(uploads: Uploads) -> None:
    take(uploads, "heron.md", b"# Old\n\nOld words.\n")
    assert take(uploads, "heron.md", b"# New\n\nNew words.\n").title == "New"
    assert files(uploads) == ["heron.md"]


def test_a_file_that_cannot_be_read_is_refused_and_the_earlier_one_stays(uploads: Uploads) -> None:
    take(uploads, "heron.md", b"# Old\n\nOld words.\n")
    for content, why in ((b"", "empty"), (b"\x00\x01\x02" * 9, "binary")):
        with pytest.raises(RunError, match=rf"heron\.md: .*{why}"):
            take(uploads, "heron.md", content)
    assert files(uploads) == ["heron.md"]
    assert b"Old" in (uploads.folder / "heron.md").read_bytes()


def test_a_file_that_is_too_large_is_refused_before_and_while_it_comes(uploads: Uploads) -> None:
    with pytest.raises(UsageError, match=r"a\.txt: over the limit"):
        uploads.check("a.txt", 101)
    with pytest.raises(UsageError, match="over the limit"):
        uploads.begin("a.txt", 101)
    incoming = uploads.begin("a.txt", 5)
    incoming.write(b"x" * 60)
    with pytest.raises(UsageError, match="over the limit"):
        incoming.write(b"x" * 60)
    incoming.drop()
    assert files(uploads) == []


def test_a_kind_of_file_may_have_its_own_limit(tmp_path: Path) -> None:
    made = Uploads(tmp_path, lambda *_: pytest.fail("not read"), largest=2**20, largest_of={".md": 3 * 2**20})
    assert made.check("a.md", 2 * 2**20) == "a.md"
    with pytest.raises(UsageError, match="limit of 1 MB"):
        made.check("a.txt", 2 * 2**20)
    assert made.limits == "up to 1 MB each, MD 3 MB"
    others = {".eml": 5 * 2**20, ".pdf": 9 * 2**20, ".mht": 5 * 2**20, ".mbox": 1000 * 2**20}
    made = Uploads(tmp_path, lambda *_: pytest.fail("not read"), largest=2**20, largest_of=others)
    assert made.limits == "up to 1 MB each, EML/MHT 5 MB, PDF 9 MB, MBOX 1 GB"


@pytest.mark.parametrize("name", ["song.mp3", "noending", "page.html.exe"])
def test_a_kind_that_is_not_read_is_refused_with_those_that_are(uploads: Uploads, name: str) -> None:
    with pytest.raises(UsageError, match=r"files of this kind are not read; give .*\.md"):
        uploads.begin(name)
    assert not uploads.folder.exists()


def test_a_readme_is_refused_since_a_sync_would_pass_over_it(uploads: Uploads) -> None:
    with pytest.raises(UsageError, match="another name"):
        uploads.begin("ReadMe.md")


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("notes.md", "notes.md"),
        ("../../etc/notes.md", "notes.md"),
        ("..\\..\\windows\\notes.md", "notes.md"),
        ("/etc/notes.md", "notes.md"),
        ("C:\\notes.md", "notes.md"),
        (".hidden.md", "hidden.md"),
        ("...md", "md"),
        ("a\x00b\nc\x7f.md", "a b c .md"),
        ('what? "this": <b>|.md', "what this b .md"),
        ("Cafe\u0301.md", "Caf\u00e9.md"),
        ("x" * 300 + ".md", "x" * 197 + ".md"),
        ("\u6f22" * 100 + ".md", "\u6f22" * 65 + ".md"),
    ],
)
def test_names_are_led_back_to_bare_ones(given: str, name: str) -> None:
    made = safe_name(given)
    assert made.replace(" .", ".") == name.replace(" .", ".")
    assert "/" not in made
    assert not made.startswith(".")


@pytest.mark.parametrize("given", ["", "/", "..", "../", ".md/", "///", "caf\udce9.md"])
def test_what_leaves_no_name_is_refused(given: str) -> None:
    with pytest.raises(UsageError, match="rename it"):
        safe_name(given)


def test_a_file_is_deleted_by_its_name_alone(uploads: Uploads, tmp_path: Path) -> None:
    take(uploads, "heron.md", b"# The Heron\n\nIt needs 12 GB.\n")
    (tmp_path / "outside.md").write_text("mine")
    (uploads.folder / "deep").mkdir()
    (uploads.folder / "deep" / "inner.md").write_text("mine")
    for name in ("../outside.md", "deep/inner.md", "deep", "", ".", str(tmp_path / "outside.md")):
        with pytest.raises(UsageError, match="no uploaded file"):
            uploads.remove(name)
    uploads.remove("heron.md")
    assert uploads.names() == ()
    assert (tmp_path / "outside.md").exists()
    with pytest.raises(UsageError, match="load the page again"):
        uploads.remove("heron.md")


def test_a_link_is_replaced_and_never_written_through(uploads: Uploads, tmp_path: Path) -> None:
    outside = tmp_path / "outside.md"
    outside.write_text("mine")
    uploads.folder.mkdir()
    (uploads.folder / "a.md").symlink_to(outside)
    take(uploads, "a.md", b"# A\n\nWords of my own.\n")
    assert outside.read_text() == "mine"
    assert not (uploads.folder / "a.md").is_symlink()


def test_what_is_dropped_leaves_nothing_and_what_comes_is_hidden_from_a_sync(uploads: Uploads) -> None:
    incoming = uploads.begin("a.txt")
    incoming.write(b"half of")
    assert uploads.names() == ()
    assert all(name.startswith(".") for name in files(uploads))
    incoming.drop()
    incoming.drop()
    assert files(uploads) == []


def bounded(folder: Path, *, most_files: int = 1000, most_bytes: int = 10**9) -> Uploads:
    reader = ArticleReader()
    return Uploads(
        folder,
        lambda file, name: reader.read(file, source="up", path=name),
        most_files=most_files,
        most_bytes=most_bytes,
    )


def test_so_many_files_may_be_uploaded_and_no_more(tmp_path: Path) -> None:
    uploads = bounded(tmp_path / "uploads", most_files=2)
    for name in ("a.txt", "b.txt"):
        take(uploads, name, b"Words.\n")
    for refused in (lambda: uploads.check("c.txt", 1), lambda: uploads.begin("c.txt", 1)):
        with pytest.raises(
            UsageError, match=r"c\.txt: 2 files are uploaded, and there may be 2; remove some"
        ):
            refused()
    take(uploads, "a.txt", b"Other words.\n")
    uploads.remove("b.txt")
    take(uploads, "c.txt", b"Words.\n")
    assert files(uploads) == ["a.txt", "c.txt"]


def test_of_several_files_that_come_at_once_no_more_are_taken_than_may_be(tmp_path: Path) -> None:
    uploads = bounded(tmp_path / "uploads", most_files=1)
    first = uploads.begin("a.txt")
    with pytest.raises(UsageError, match="there may be 1"):
        bounded(tmp_path / "uploads", most_files=1).begin("b.txt")
    first.write(b"Words.\n")
    first.keep()
    assert files(uploads) == ["a.txt"]


def test_all_files_together_may_have_so_many_bytes(tmp_path: Path) -> None:
    uploads = bounded(tmp_path / "uploads", most_bytes=100)
    take(uploads, "a.txt", b"w" * 60)
    with pytest.raises(UsageError, match=r"b\.txt: all uploaded files together may have"):
        uploads.check("b.txt", 41)
    # Whatever size was named at first: what comes is counted.
    with pytest.raises(UsageError, match="raise upload_gb"):
        take(uploads, "b.txt", b"w" * 41)
    assert files(uploads) == ["a.txt"]
    take(uploads, "b.txt", b"w" * 40)
    take(uploads, "a.txt", b"v" * 60)


def test_a_large_file_is_stopped_on_its_way(tmp_path: Path) -> None:
    uploads = bounded(tmp_path / "uploads", most_bytes=9 * 2**20)
    incoming = uploads.begin("a.txt")
    for _ in range(8):
        incoming.write(b"w" * 2**20)
    with pytest.raises(UsageError, match="together may have 9 MB"):
        incoming.write(b"w" * 2**21)
    incoming.drop()
    assert files(uploads) == []


def test_so_many_files_may_be_on_their_way_at_once(tmp_path: Path) -> None:
    uploads = bounded(tmp_path / "uploads")
    coming = [uploads.begin(f"{number}.txt") for number in range(MOST_AT_ONCE)]
    with pytest.raises(UsageError, match="16 files are on their way, the most at once"):
        uploads.begin("one-more.txt")
    for incoming in coming:
        incoming.drop()
    assert files(uploads) == []


def test_what_was_left_on_its_way_long_ago_is_deleted_and_nothing_else(tmp_path: Path) -> None:
    uploads = bounded(tmp_path / "uploads")
    left, fresh = uploads.begin("left.txt"), uploads.begin("fresh.txt")
    hidden = uploads.folder / ".keep.txt"
    hidden.write_text("mine")
    (stale,) = (name for name in files(uploads) if name == left._partial.name)
    for name in (stale, hidden.name):
        os.utime(uploads.folder / name, (1, 1))
    take(uploads, "new.txt", b"Words.\n")
    assert stale not in files(uploads)
    assert {".keep.txt", "new.txt", fresh._partial.name} == set(files(uploads))
    left.drop()
    fresh.drop()
