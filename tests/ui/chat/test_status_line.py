from datetime import UTC, datetime

import pytest
from chat_samples import HOSTILE, tags, visible_text

from ui.chat.status_line import LibraryStatus, ago, status_html
from ui.desk import Embedding

NOW = datetime(2025, 6, 20, 12, 0, tzinfo=UTC)


def shown(status: LibraryStatus) -> str:
    return visible_text(status_html(status, now=NOW))


def test_library_and_model_are_named() -> None:
    text = shown(LibraryStatus(1200, "2025-06-20T10:00:00+00:00", "small-model", "Apache-2.0", "Some Vendor"))
    assert "1,200 articles, synced 2 hours ago" in text
    assert "small-model, Apache-2.0, Some Vendor" in text


def test_an_empty_library_says_what_to_do() -> None:
    assert "library is empty: run footnote sync" in shown(LibraryStatus(0, model="m"))
    assert '<a href="library">add articles</a>' in status_html(LibraryStatus(0, model="m"))


def test_a_missing_model_says_what_to_do() -> None:
    assert "Model m is missing: run footnote models fetch m" in shown(
        LibraryStatus(3, model="m", model_present=False)
    )
    assert "No model is chosen" in shown(LibraryStatus(3))


def test_a_problem_comes_first_and_nothing_is_made_up_about_the_rest() -> None:
    assert shown(LibraryStatus(None, problem="the library is held by another process: close it")) == (
        "the library is held by another process: close it"
    )


def test_a_move_to_another_embedder_is_told_in_plain_words() -> None:
    text = shown(LibraryStatus(46, model="m", embedding=Embedding("old", "new", 12, 46).told))
    assert "being embedded anew with new, 12 of 46 articles done; until then it is searched with old" in text
    text = shown(LibraryStatus(46, model="m", embedding=Embedding("old", "new").told))
    assert "embedded with old, and new is set; run: footnote sync" in text
    assert Embedding("new", "new").told is None


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        ("2025-06-20T11:59:30+00:00", "just now"),
        ("2025-06-20T11:59:00+00:00", "1 minute ago"),
        ("2025-06-20T09:00:00", "3 hours ago"),
        ("2025-06-18T11:00:00+00:00", "2 days ago"),
        ("2025-01-02T11:00:00+00:00", "on 2 January 2025"),
        ("2026-01-02T11:00:00+00:00", "just now"),
        ("yesterday, or so", "yesterday, or so"),
    ],
)
def test_times_are_told_as_people_tell_them(moment: str, words: str) -> None:
    assert ago(moment, NOW) == words


@pytest.mark.parametrize("text", HOSTILE)
def test_names_are_text(text: str) -> None:
    html = status_html(LibraryStatus(1, text, text, text, text, False, text, text), now=NOW)
    assert {name for name, _ in tags(html)} <= {"footer", "span", "strong", "code", "bdi"}


def test_the_next_sync_is_told_too_where_there_is_a_schedule() -> None:
    synced = "2025-06-20T10:00:00+00:00"
    assert "synced 2 hours agoNext sync 16:00" in shown(
        LibraryStatus(3, synced, next_sync="2025-06-20T16:00:00+00:00")
    )
    assert "Next sync 21 Jun 04:00" in shown(LibraryStatus(3, synced, next_sync="2025-06-21T04:00:00+00:00"))
    assert "Next sync now" in shown(LibraryStatus(3, synced, next_sync="2025-06-20T11:00:00+00:00"))
    assert "Next" not in shown(LibraryStatus(3, synced))


def test_an_empty_library_leads_to_where_articles_are_added() -> None:
    (link,) = [a for name, a in tags(status_html(LibraryStatus(0), now=NOW)) if name == "a"]
    assert link["href"] == "library"
