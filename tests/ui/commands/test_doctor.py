from collections.abc import Callable
from pathlib import Path

import pytest
from tiny_footnote import Ran, serving, workshop

from ui.home import Home
from ui.local_desk import LocalDesk

Footnote = Callable[..., Ran]


@pytest.mark.whole
def test_the_json_tells_findings_and_what_would_leave(footnote: Footnote, home: Home, articles: Path) -> None:
    footnote("sync", articles)
    ran = footnote("doctor", "--json")
    assert ran.code == 0
    document = ran.document
    assert set(document) == {"findings", "leaves_machine", "home"}
    assert document["home"] == str(home.root)
    assert all(set(one) == {"name", "state", "detail"} for one in document["findings"])
    assert {one["state"] for one in document["findings"]} <= {"ok", "note"}
    assert all({"what", "to", "when"} <= set(one) for one in document["leaves_machine"])


def test_something_missing_is_a_failure_and_still_one_document(footnote: Footnote, home: Home) -> None:
    (home.models / "writer.gguf").unlink()
    ran = footnote("doctor", "--json")
    assert ran.code == 1
    (missing,) = [one for one in ran.document["findings"] if one["state"] == "missing"]
    assert missing["name"] == "model"
    assert "footnote models fetch" in missing["detail"]
    assert ran.err == ""
    assert "MISSING" in footnote("doctor").out


def test_it_changes_nothing(footnote: Footnote, home: Home) -> None:
    before = sorted(path for path in home.root.rglob("*") if "verified" not in path.name)
    footnote("doctor")
    assert sorted(path for path in home.root.rglob("*") if "verified" not in path.name) == before


def test_people_see_it_within_80_columns_and_no_path_is_cut(footnote: Footnote, home: Home) -> None:
    out = footnote("doctor").out
    assert max(map(len, out.splitlines())) <= 80
    assert str(home.log_file) in "".join(line.strip() for line in out.splitlines())
    assert "What would leave this machine:" in out
    assert "Asking questions and syncing folders send nothing anywhere." in out


def test_it_does_not_claim_that_nothing_leaves_when_questions_do(footnote: Footnote, home: Home) -> None:
    home.settings_file.write_text('host = "0.0.0.0"\n')
    out = footnote("doctor").out
    assert "send nothing anywhere" not in out
    assert "0.0.0.0:7860" in out


@pytest.mark.whole
def test_a_served_library_is_asked_of_the_serving_process(
    footnote: Footnote, home: Home, articles: Path
) -> None:
    footnote("sync", articles)
    desk = LocalDesk(workshop(home))
    with serving(home, desk):
        assert len(desk.articles()) == 2
        ran = footnote("doctor", "--json")
    desk.close()
    assert ran.code == 0
    assert "2 articles" in next(one["detail"] for one in ran.document["findings"] if one["name"] == "library")
