import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import chat_samples as samples
import pytest
from rich.console import Console
from tiny_footnote import (
    ARTICLES,
    QUESTION,
    Ran,
    TinyWriter,
    install_embedder,
    leaves_when_waited_for,
    serving,
    set_up,
    workshop,
    write_articles,
)

from assistant.answer import Answer, ModelName, NearestArticle
from ui import workshop as workshop_module
from ui.chat.demo_answers import DemoAnswers
from ui.commands.ask import render_answer
from ui.home import Home
from ui.local_desk import LocalDesk
from ui.missing_lead import missing_lead

pytestmark = pytest.mark.whole

Footnote = Callable[..., Ran]

ANSWER_FIELDS = {
    "question", "standalone_question", "status", "text", "sentences", "withdrawn", "missing", "citations",
    "evidence", "disagreements", "nearest", "model", "timings",
}  # fmt: skip
CITATION_FIELDS = {
    "number", "article", "title", "publisher", "url", "published", "heading", "page", "passage", "quote",
    "start", "end", "origins",
}  # fmt: skip
TIMINGS = {"retrieve_ms", "first_token_ms", "total_ms", "verify_ms", "prompt_tokens", "answer_tokens"}


@pytest.fixture
def synced(footnote: Footnote, articles: Path) -> Footnote:
    assert footnote("sync", articles).code == 0
    return footnote


def test_the_json_is_the_answer_in_the_agreed_form(synced: Footnote, articles: Path) -> None:
    ran = synced("ask", QUESTION, "--json")
    assert ran.code == 0
    answer = ran.document
    assert set(answer) == ANSWER_FIELDS
    assert (answer["question"], answer["status"]) == (QUESTION, "answered")
    assert answer["text"] == "The Heron model needs 12 GB of memory. [1]"
    assert [set(one) for one in answer["sentences"]] == [{"text", "citations", "support", "score"}]
    assert set(answer["timings"]) == TIMINGS
    assert set(answer["model"]) == {"id", "sha256"}
    assert all(set(one) == {"article", "passage", "score"} for one in answer["evidence"])
    (citation,) = answer["citations"]
    assert set(citation) == CITATION_FIELDS
    assert (citation["number"], citation["article"]) == (1, "heron.md")
    assert (citation["publisher"], citation["published"], citation["url"]) == (
        "Marsh Press",
        "2026-03-01",
        None,
    )
    text = synced("articles", "heron.md", "--json").document["text"]
    assert text[citation["start"] : citation["end"]] == citation["quote"]


def test_only_the_document_goes_to_standard_output(synced: Footnote) -> None:
    ran = synced("ask", QUESTION, "--json")
    assert ran.out.startswith("{\n")
    assert ran.out.endswith("\n}\n")
    assert "reading and writing" in ran.err


def test_people_see_the_answer_its_marks_and_the_quotes(synced: Footnote) -> None:
    ran = synced("ask", QUESTION)
    assert ran.out == (
        "The Heron model needs 12 GB of memory. [1]\n\n"
        "[1] The Heron model (Marsh Press, 2026-03-01)\n"
        "    “The Heron model needs 12 GB of memory.”\n"
        "    heron.md\n"
    )


def test_an_empty_library_is_told_before_any_model_is_loaded(
    footnote: Footnote, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    def loaded(*_: object) -> list[float]:
        pytest.fail("a model is loaded")

    monkeypatch.setattr("tiny_footnote.TinyEmbedder.embed", loaded)
    monkeypatch.setattr("tiny_footnote.TinyWriter.margin", loaded)
    ran = footnote("ask", QUESTION)
    assert (ran.code, ran.out) == (1, "")
    assert ran.error == (
        "footnote: the library is empty; add articles: footnote sync PATH, or footnote sync URL"
    )
    set_up(home, sources=["/notes"])
    assert footnote("ask", QUESTION).error == "footnote: the library is empty; run: footnote sync"
    served = LocalDesk(workshop(home))
    with serving(home, served):
        ran = footnote("ask", QUESTION, "--json")
    served.close()
    assert (ran.code, ran.out) == (1, "")
    assert ran.error == "footnote: the library is empty; run: footnote sync"


@pytest.mark.parametrize("question", ["", " ", "\n\t"])
def test_an_empty_question_is_wrong_usage(synced: Footnote, question: str) -> None:
    ran = synced("ask", question, "--json")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "footnote: the question is empty; type one\n"


def test_a_question_of_20_000_characters_is_wrong_usage(synced: Footnote) -> None:
    ran = synced("ask", "x" * 20_000)
    assert (ran.code, ran.out) == (2, "")
    assert "20,000" in ran.error
    assert len(ran.error) < 200


def test_stray_bytes_in_a_question_are_wrong_usage(synced: Footnote) -> None:
    ran = synced("ask", b"caf\xe9".decode(errors="surrogateescape"))
    assert ran.code == 2
    assert "UTF-8" in ran.error


@pytest.mark.parametrize("question", ["¿鳥 🐦?", "[bold]Heron[/] model", "--", "'\"`$(x)", "a\x1b[2Jb"])
def test_any_other_question_is_taken(synced: Footnote, question: str) -> None:
    words = ("ask", "--json", "--", question)
    assert synced(*words).document["question"] == question.strip()
    ran = synced("ask", "--", question)
    assert ran.code == 0
    assert "\x1b" not in ran.out


def test_an_unknown_model_is_wrong_usage(synced: Footnote) -> None:
    ran = synced("ask", QUESTION, "--model", "qwen-2.5")
    assert ran.code == 2
    assert "'qwen-2.5'" in ran.error


def test_a_model_that_is_not_here_is_a_failure_with_its_remedy(synced: Footnote, home: Home) -> None:
    ran = synced("ask", QUESTION, "--model", "second-writer")
    assert (ran.code, ran.out) == (1, "")
    assert "footnote models fetch second-writer" in ran.error
    (home.models / "writer.gguf").unlink()
    ran = synced("ask", QUESTION)
    assert ran.code == 1
    assert "footnote models fetch qwen2.5-coder-1.5b" in ran.error


@pytest.mark.parametrize(
    ("content", "part"), [(b"weights of", "10 bytes, expected 18"), (b"WEIGHTS of a model", "SHA-256")]
)
def test_a_cut_or_changed_model_is_refused(synced: Footnote, home: Home, content: bytes, part: str) -> None:
    (home.models / "writer.gguf").write_bytes(content)
    ran = synced("ask", QUESTION)
    assert (ran.code, ran.out) == (1, "")
    assert part in ran.error
    assert "footnote models fetch" in ran.error


def test_another_model_can_be_named(synced: Footnote, home: Home) -> None:
    (home.models / "second.gguf").write_bytes((home.models / "writer.gguf").read_bytes())
    answer = synced("ask", QUESTION, "--model", "second-writer", "--json").document
    assert answer["model"]["id"] == "second-writer"


def test_earlier_turns_are_taken_from_a_file(
    synced: Footnote, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[object] = []
    ask = LocalDesk.ask

    def watched(self: LocalDesk, question: str, **rest: object) -> Answer:
        seen.append(rest["history"])
        return ask(self, question, **rest)  # type: ignore[arg-type]

    monkeypatch.setattr(LocalDesk, "ask", watched)
    file = tmp_path / "history.json"
    file.write_text(json.dumps([["Tell me of the Heron model.", "It needs 12 GB."]]), encoding="utf-8")
    assert synced("ask", "And its licence?", "--history", file).code == 0
    assert seen == [[("Tell me of the Heron model.", "It needs 12 GB.")]]


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{", b"{}", b"null", b'"text"', b"[1]", b'["ab"]', b'[["one"]]', b'[["a", "b", "c"]]',
        b'[["a", 1]]', b'[["a", null]]', b'[{"question": "a", "answer": "b"}]', b"\xff\xfe",
        b'[["\\ud800", "b"]]',
    ],
)  # fmt: skip
def test_a_history_of_another_form_is_wrong_usage(synced: Footnote, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "history.json"
    file.write_bytes(content)
    ran = synced("ask", QUESTION, "--history", file)
    assert (ran.code, ran.out) == (2, "")
    assert "history" in ran.error


def test_a_history_that_is_no_json_is_told_with_the_line_and_what_to_write(
    synced: Footnote, tmp_path: Path
) -> None:
    file = tmp_path / "history.json"
    file.write_text('[["one", "two"],\n["three" "four"]]')
    error = " ".join(synced("ask", QUESTION, "--history", file).error.split())
    assert "not JSON in UTF-8 from line 2 on; write [[question, answer], ...]" in error
    assert "delimiter" not in error


def test_a_history_that_is_not_there_is_wrong_usage(synced: Footnote, tmp_path: Path) -> None:
    for place in (tmp_path / "none.json", tmp_path):
        ran = synced("ask", QUESTION, "--history", place)
        assert ran.code == 2
        assert str(place) in ran.error


def test_a_folder_is_answered_from_by_itself_and_its_library_is_kept(
    footnote: Footnote, home: Home, articles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = home.settings_file.read_bytes()
    first = footnote("ask", QUESTION, "--library", articles, "--json")
    assert first.document["citations"][0]["article"] == "heron.md"
    assert "reading the sources" in first.err
    monkeypatch.chdir(articles.parent)
    second = footnote("ask", QUESTION, "--library", "articles", "--json")
    assert second.document["text"] == first.document["text"]
    assert "reading the sources" not in second.err
    assert len(list(home.libraries.iterdir())) == 1
    assert not home.user_library.exists()
    assert home.settings_file.read_bytes() == before
    assert footnote("articles", "--json").document == {"articles": []}


def test_a_folder_follows_its_files(footnote: Footnote, articles: Path, tmp_path: Path) -> None:
    footnote("ask", QUESTION, "--library", articles)
    (articles / "heron.md").unlink()
    answer = footnote("ask", QUESTION, "--library", articles, "--json").document
    assert "heron.md" not in {one["article"] for one in answer["evidence"]}
    other = write_articles(tmp_path / "other", {"crane.md": ARTICLES["heron.md"]})
    answer = footnote("ask", QUESTION, "--library", other, "--json").document
    assert {one["article"] for one in answer["evidence"]} == {"crane.md"}


def test_what_is_skipped_in_a_folder_is_told_beside_the_answer(footnote: Footnote, articles: Path) -> None:
    (articles / "empty.md").write_text("")
    for _ in range(2):
        ran = footnote("ask", QUESTION, "--library", articles, "--json")
        assert ran.document["status"] == "answered"
        assert "skipped: empty.md: the file is empty" in ran.err


def test_a_folder_without_articles_is_told(footnote: Footnote, tmp_path: Path) -> None:
    folder = tmp_path / "none"
    folder.mkdir()
    (folder / "picture.png").write_bytes(b"x")
    ran = footnote("ask", QUESTION, "--library", folder, "--json")
    assert ran.document["status"] == "not_in_library"
    assert f"library {str(folder)!r} holds no article" in ran.err


def test_a_folder_that_is_none_is_wrong_usage(footnote: Footnote, articles: Path) -> None:
    for place in (articles / "none", articles / "heron.md"):
        ran = footnote("ask", QUESTION, "--library", place)
        assert (ran.code, ran.out) == (2, "")
        assert str(place) in ran.error


def test_after_another_embedder_was_chosen_the_old_one_answers_until_the_next_sync(
    synced: Footnote, home: Home
) -> None:
    install_embedder(home, "other-embedder")
    synced("models", "use", "other-embedder")
    before = synced("search", QUESTION, "--json").document
    assert synced("ask", QUESTION, "--json").document["status"] == "answered"
    document = synced("sync", "--json").document
    assert (document["kept"], document["added"], document["articles"]) == (2, 0, 2)
    shutil.rmtree(home.models / "all-MiniLM-L6-v2")
    assert synced("ask", QUESTION, "--json").document["status"] == "answered"
    after = synced("search", QUESTION, "--json").document
    assert [one["article"] for one in after["passages"]] == [one["article"] for one in before["passages"]]


def test_a_library_whose_embedder_is_gone_is_told_with_the_remedy(synced: Footnote, home: Home) -> None:
    install_embedder(home, "other-embedder")
    synced("models", "use", "other-embedder")
    shutil.rmtree(home.models / "all-MiniLM-L6-v2")
    ran = synced("ask", QUESTION)
    assert (ran.code, ran.out) == (1, "")
    assert "footnote sync --rebuild" in ran.error
    assert "all-MiniLM-L6-v2" in ran.error
    assert synced("sync", "--rebuild").code == 0
    assert synced("ask", QUESTION, "--json").document["status"] == "answered"


def test_a_folder_of_its_own_moves_to_the_chosen_embedder_as_it_is_asked(
    synced: Footnote, home: Home, tmp_path: Path
) -> None:
    folder = write_articles(tmp_path / "folder")
    synced("search", QUESTION, "--library", folder)
    install_embedder(home, "other-embedder")
    synced("models", "use", "other-embedder")
    moved = synced("search", QUESTION, "--library", folder, "--json").document
    shutil.rmtree(home.models / "all-MiniLM-L6-v2")
    assert synced("search", QUESTION, "--library", folder, "--json").document == moved


def test_a_library_in_use_is_waited_for_in_so_many_words(
    synced: Footnote, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    holder = workshop(home)
    assert len(holder.library.articles()) == 2
    leaves_when_waited_for(holder, monkeypatch)
    ran = synced("ask", QUESTION, "--json")
    assert ran.document["status"] == "answered"
    assert "in use by another process: waiting" in ran.err


def test_a_library_that_stays_in_use_is_a_failure(
    synced: Footnote, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workshop_module, "LOCK_WAIT_SECONDS", 0.3)
    holder = workshop(home)
    assert len(holder.library.articles()) == 2
    ran = synced("ask", QUESTION)
    holder.close()
    assert (ran.code, ran.out) == (1, "")
    assert "in use by another process" in ran.error


class Watched(LocalDesk):
    """A desk that counts what it is asked."""

    def __init__(self, home: Home) -> None:
        super().__init__(workshop(home))
        self.asked: list[tuple[str, object, object]] = []

    def ask(self, question: str, *, history: object = (), model: str | None = None, **rest: Any) -> Answer:
        self.asked.append((question, history, model))
        return super().ask(question, history=history, model=model, **rest)  # type: ignore[arg-type]


@pytest.fixture
def server_desk(home: Home, synced: Footnote) -> Iterator[Watched]:
    desk = Watched(home)
    with serving(home, desk):
        yield desk
    desk.close()


def test_beside_a_serving_process_the_question_is_handed_over(
    synced: Footnote, server_desk: Watched, tmp_path: Path
) -> None:
    history = tmp_path / "history.json"
    history.write_text('[["a", "b"]]')
    ran = synced("ask", QUESTION, "--json", "--history", history, "--model", "qwen2.5-coder-1.5b")
    assert ran.document["text"] == "The Heron model needs 12 GB of memory. [1]"
    assert "asking the serving process at http://127.0.0.1:" in ran.err
    assert server_desk.asked == [(QUESTION, [("a", "b")], "qwen2.5-coder-1.5b")]


def test_a_folder_of_its_own_is_not_handed_over(
    synced: Footnote, server_desk: Watched, articles: Path
) -> None:
    ran = synced("ask", QUESTION, "--json", "--library", articles)
    assert ran.code == 0
    assert server_desk.asked == []


@pytest.mark.parametrize(
    ("words", "code"),
    [(("",), 2), (("x" * 20_000,), 2), (("x", "--model", "none"), 2), (("x", "--model", "second-writer"), 1)],
)
def test_errors_and_their_codes_are_the_same_beside_a_serving_process(
    synced: Footnote, server_desk: Watched, words: tuple[str, ...], code: int
) -> None:
    ran = synced("ask", *words)
    assert (ran.code, ran.out) == (code, "")
    assert ran.error


def test_a_token_that_does_not_fit_is_no_serving_process(
    synced: Footnote, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workshop_module, "LOCK_WAIT_SECONDS", 0.2)
    desk = Watched(home)
    with serving(home, desk, published="another token"):
        ran = synced("ask", QUESTION)
        assert desk.articles()
        assert "asking the serving process" not in ran.err
        assert desk.asked == []
    desk.close()


def shown(answer: Answer, width: int = 80) -> str:
    console = Console(width=width, highlight=False)
    with console.capture() as capture:
        console.print(render_answer(answer))
    return capture.get()


@pytest.mark.parametrize("width", [40, 80])
def test_every_kind_of_answer_is_shown_within_the_width(width: int) -> None:
    for answer in demo_answers():
        text = shown(answer, width)
        assert max(map(len, text.splitlines())) <= width
        for citation in answer.citations:
            assert f"[{citation.number}] " in text
        flat = " ".join(text.split())
        for withdrawn in answer.withdrawn:
            assert " ".join(withdrawn.text.split())[:20] in flat
        if answer.missing:
            assert f"{missing_lead(answer)}:" in flat
        if answer.disagreements:
            assert "Your articles disagree" in flat
        if answer.standalone_question != answer.question:
            assert "Understood as:" in flat


def demo_answers() -> list[Answer]:
    from assistant.events import AnswerFinished
    from ui.chat.demo_library import DEMO_EXAMPLES

    events = (event for question in DEMO_EXAMPLES for event in DemoAnswers(pause=0).stream(question))
    answers = [event.answer for event in events if isinstance(event, AnswerFinished)]
    assert len({answer.status for answer in answers}) >= 2
    return answers


def test_words_of_articles_are_no_markup_and_no_orders() -> None:
    answer = Answer(
        question="q",
        standalone_question="q",
        status="not_in_library",
        text="",
        model=ModelName("m", None),
        nearest=(NearestArticle("[/]\x1b[2J.md", "[bold]Title[/bold] :smile:", None),),
    )
    text = shown(answer)
    assert "[bold]Title[/bold] :smile:" in text
    assert "\x1b" not in text


def test_a_quoted_row_of_a_table_has_its_header_above_it() -> None:
    rows = "Store | On-premise | Price\nCorvault | yes | 11.40 EUR\nOstra | no | 7.25 EUR"
    quoted = samples.citation(passage=f"The stores.\n\n{rows}", quote="Ostra | no | 7.25 EUR")
    lines = shown(samples.answer(citations=(quoted,))).splitlines()
    at = lines.index("    “Ostra | no | 7.25 EUR”")
    assert lines[at - 1] == "    Store | On-premise | Price"
    assert not any("|" in line for line in shown(samples.answer()).splitlines())


def test_the_nearest_articles_are_named_with_what_they_say(
    synced: Footnote, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Refusing(TinyWriter):
        def margin(self, question: str) -> float:
            return -50.0

    monkeypatch.setattr("tiny_footnote.TinyWriter", Refusing)
    ran = synced("ask", "Which colour does the Heron model have in winter?")
    assert ran.code == 0
    assert ran.out.startswith(
        "Not in your articles.\nThe nearest:\n  The Heron model (2026-03-01)\n"
        "    “The Heron model needs 12 GB of memory.”\n    heron.md\n"
    )
