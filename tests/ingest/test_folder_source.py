"""What a folder holds, as a source of articles."""

import os
from pathlib import Path

import pytest

from ingest.article_file import ArticleReader
from ingest.errors import SourceMissing
from ingest.folder_source import FolderSource, FoundArticle

READER = ArticleReader()


def fill(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"Text of {name}.")
    return folder


def scanned(place: Path) -> list[FoundArticle]:
    return list(FolderSource(place, READER).scan())


def test_article_files_are_found_in_a_stable_order_with_forward_slashes(tmp_path: Path) -> None:
    fill(tmp_path, "b.md", "a.txt", "sub/c.html", "sub/deep/d.markdown", "E.HTM", "sub 2/f.md", "g.xhtml")
    assert [found.path for found in scanned(tmp_path)] == [
        "E.HTM",
        "a.txt",
        "b.md",
        "g.xhtml",
        "sub/c.html",
        "sub/deep/d.markdown",
        "sub 2/f.md",
    ]
    assert not any(found.why_not for found in scanned(tmp_path))


def test_other_and_hidden_files_are_left_out(tmp_path: Path) -> None:
    fill(
        tmp_path, "a.md", "b.png", "c", ".hidden.md", ".git/d.md", "sub/.cache/e.md", "f.md~", "notes.md.bak"
    )
    (tmp_path / "folder.md").mkdir()
    assert [found.path for found in scanned(tmp_path)] == ["a.md"]


def test_documents_of_a_kind_that_is_not_read_are_told_of_with_what_to_do(tmp_path: Path) -> None:
    fill(tmp_path, "a.md", "b.doc", "sub/c.ODT", "d.mobi", ".hidden.doc")
    whys = {found.path: found.why_not for found in scanned(tmp_path)}
    assert whys == {
        "a.md": None,
        "b.doc": "files of the kind .doc are not read; save it as .docx",
        "d.mobi": "files of the kind .mobi are not read; save it as .epub",
        "sub/c.ODT": "files of the kind .odt are not read; save it as .docx",
    }


def test_tables_slides_and_archives_are_told_of_too(tmp_path: Path) -> None:
    fill(tmp_path, "a.md", "b.xlsx", "c.CSV", "d.pptx", "e.zip", "f.ods")
    whys = {found.path: found.why_not for found in scanned(tmp_path)}
    assert whys == {
        "a.md": None,
        "b.xlsx": "files of the kind .xlsx are not read; save it as .html",
        "c.CSV": "files of the kind .csv are not read; save it as .html",
        "d.pptx": "files of the kind .pptx are not read; save it as .pdf",
        "e.zip": "files of the kind .zip are not read; unpack it",
        "f.ods": "files of the kind .ods are not read; save it as .html",
    }


def test_pictures_are_told_of_once_where_they_are_all_that_there_is(tmp_path: Path) -> None:
    fill(tmp_path, "scans/2.png", "scans/10.JPG", "3.tiff", "old.doc")
    told = {found.path: found.why_not for found in scanned(tmp_path)}
    assert list(told) == ["old.doc", "3.tiff"]
    assert "pictures are not read (so many here: 3); save what they show as text" in str(told["3.tiff"])
    fill(tmp_path, "article.md")
    assert [found.path for found in scanned(tmp_path)] == ["article.md", "old.doc"]


@pytest.mark.parametrize(
    ("page", "parts"),
    [
        ("Rain.html", "Rain_files"),
        ("Rain.htm", "Rain-Dateien"),
        ("sub/Rain.html", "sub/Rain_fichiers"),
        ("Rain.xhtml", "Rain.files"),
    ],
)
def test_the_parts_that_a_browser_saves_beside_a_page_are_no_articles(
    page: str, parts: str, tmp_path: Path
) -> None:
    fill(tmp_path, page, f"{parts}/saved_resource.html", f"{parts}/deeper/frame.htm", f"{parts}/readme.txt")
    fill(tmp_path, "Snow_files/kept.html", "Rain_filed/kept.md")
    assert {found.path for found in scanned(tmp_path)} == {page, "Snow_files/kept.html", "Rain_filed/kept.md"}


def test_a_readme_at_the_top_is_no_article_and_one_below_is(tmp_path: Path) -> None:
    fill(tmp_path, "README.md", "sub/README.md")
    whys = {found.path: found.why_not for found in scanned(tmp_path)}
    assert whys["README.md"]
    assert whys["sub/README.md"] is None


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    outside, inside = tmp_path / "outside", tmp_path / "inside"
    fill(outside, "secret.md")
    fill(inside, "a.md")
    (inside / "leak.md").symlink_to(outside / "secret.md")
    (inside / "leaks").symlink_to(outside)
    (inside / "broken.md").symlink_to(inside / "gone.md")
    (inside / "loop").symlink_to(inside)
    (inside / "itself.md").symlink_to(inside / "itself.md")
    (inside / "twin.md").symlink_to(inside / "a.md")
    found = {one.path: one.why_not for one in scanned(inside)}
    assert set(found) == {"a.md", "broken.md", "itself.md", "leak.md", "twin.md"}
    assert "leads out" in (found["leak.md"] or "")
    assert all(
        "link to a file that is not there" in (found[name] or "") for name in ("broken.md", "itself.md")
    )
    assert found["a.md"] is found["twin.md"] is None


def test_a_file_whose_name_is_no_text_is_told_of(tmp_path: Path) -> None:
    try:
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.md")).write_text("Text.")
    except OSError:
        pytest.skip("this disk takes no such names")
    fill(tmp_path, "a.md")
    found = {one.path: one.why_not for one in scanned(tmp_path)}
    assert len(found) == 2
    (strange,) = set(found) - {"a.md"}
    strange.encode()
    assert "rename" in (found[strange] or "")


def test_a_single_file_is_a_source_too(tmp_path: Path) -> None:
    file = fill(tmp_path, "a.md") / "a.md"
    source = FolderSource(file, READER)
    (found,) = source.scan()
    assert found.path == "a.md"
    article = source.read(found)
    assert (article.source, article.path, article.text) == (file.as_posix(), "a.md", "Text of a.md.")


def test_a_source_that_is_not_there_is_missing(tmp_path: Path) -> None:
    with pytest.raises(SourceMissing, match="no such folder or file") as caught:
        scanned(tmp_path / "gone")
    assert str(tmp_path / "gone") in str(caught.value)


def test_a_folder_is_the_same_source_from_wherever_it_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = fill(tmp_path / "shelf", "a.md")
    (tmp_path / "link").symlink_to(folder)
    monkeypatch.chdir(tmp_path)
    ids = {
        FolderSource(place, READER).id
        for place in (folder, Path("shelf"), Path("./shelf/../shelf"), tmp_path / "link")
    }
    assert ids == {folder.as_posix()}
    assert FolderSource(folder, READER, id="named").id == "named"


def test_articles_are_read_under_the_sources_name(tmp_path: Path) -> None:
    source = FolderSource(fill(tmp_path, "sub/a.md"), READER, id="named")
    (found,) = source.scan()
    article = source.read(found)
    assert (article.source, article.path) == ("named", "sub/a.md")
