import threading
from pathlib import Path

import pytest
from tiny_footnote import (
    QUESTION,
    TinyWorkshop,
    TinyWriter,
    install_embedder,
    install_models,
    leaves_when_waited_for,
    set_up,
    tiny_embedder,
    workshop,
    write_articles,
)
from tiny_site import tiny_site

from assistant.errors import ModelDamaged, ModelHasNoFile, ModelMissing, UnknownModel
from assistant.llama_writer import LlamaWriter
from assistant.models.catalogue import EmbedderEntry, ModelEntry
from index_store.embedder import Embedder, HashEmbedder
from index_store.errors import EmbedderMismatch, LibraryLocked, RunError
from index_store.sentence_embedder import SentenceEmbedder
from ui import workshop as workshop_module
from ui.desk import Embedding, SyncStep
from ui.home import Home
from ui.local_desk import LocalDesk
from ui.settings.in_force import load_settings
from ui.settings.settings import Settings
from ui.settings.source_places import STARTER
from ui.workshop import Workshop

pytestmark = [pytest.mark.whole, pytest.mark.usefixtures("tiny_catalogue")]


@pytest.fixture
def ready(home: Home) -> Home:
    install_models(home)
    set_up(home, sources=[])
    return home


def test_nothing_is_opened_or_made_before_it_is_needed(home: Home) -> None:
    made = workshop(home)
    made.close()
    assert not home.root.exists()


def test_without_fakes_the_real_parts_are_made_from_the_verified_files(ready: Home) -> None:
    made = Workshop(ready, load_settings(ready.settings_file))
    try:
        assert isinstance(made.library.embedder, SentenceEmbedder)
        writer = made.writer()
        assert isinstance(writer, LlamaWriter)
        assert writer.name.id == "qwen2.5-coder-1.5b"
    finally:
        made.close()


def test_every_part_is_made_once(ready: Home) -> None:
    made = workshop(ready)
    try:
        assert made.library is made.library
        assert made.writer() is made.writer("qwen2.5-coder-1.5b")
        assert made.assistant() is made.assistant("qwen2.5-coder-1.5b")
        assert made.files is made.files
    finally:
        made.close()


def test_threads_that_need_a_part_at_once_share_one(ready: Home) -> None:
    calls: list[str] = []

    def slow(entry: EmbedderEntry, folder: Path) -> Embedder:
        calls.append(entry.id)
        threading.Event().wait(0.05)
        return tiny_embedder(entry, folder)

    made = workshop(ready, make_embedder=slow)
    found: list[object] = []
    threads = [threading.Thread(target=lambda: found.append(made.assistant())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    made.close()
    assert len(set(map(id, found))) == 1
    assert len(found) == 8
    assert calls == ["all-MiniLM-L6-v2"]


def test_settings_reach_what_they_are_about(ready: Home) -> None:
    set_up(ready, sources=[], evidence_tokens=123)
    seen: list[Settings] = []

    def watched(entry: ModelEntry, file: Path, settings: Settings) -> TinyWriter:
        seen.append(settings)
        return TinyWriter(entry)

    made = workshop(ready, make_writer=watched)
    made.assistant()
    made.close()
    assert [settings.evidence_tokens for settings in seen] == [123]


@pytest.mark.parametrize(("reading", "placing"), [("kept", None), ("anew", "plain")])
def test_passages_are_read_anew_for_each_question_where_the_settings_say_so(
    ready: Home, reading: str, placing: str | None
) -> None:
    set_up(ready, sources=[], reading=reading)
    made = Workshop(ready, load_settings(ready.settings_file))
    try:
        writer = made.writer()
        assert isinstance(writer, LlamaWriter)
        assert writer._placing == placing
    finally:
        made.close()


def test_an_unknown_model_is_told_before_the_library_is_opened(ready: Home) -> None:
    made = workshop(ready)
    with pytest.raises(UnknownModel, match="'nonsense'"):
        made.assistant("nonsense")
    with pytest.raises(UnknownModel):
        made.assistant("all-MiniLM-L6-v2")
    with pytest.raises(ModelHasNoFile, match="'served'"):
        made.assistant("served")
    with pytest.raises(ModelMissing, match="footnote models fetch second-writer"):
        made.assistant("second-writer")
    made.close()
    assert not ready.libraries.exists()


def test_a_missing_embedder_leaves_the_library_free(ready: Home) -> None:
    weights = ready.models / "all-MiniLM-L6-v2" / "model.safetensors"
    weights.rename(weights.with_name("away"))
    made = workshop(ready)
    with pytest.raises(ModelMissing, match="all-MiniLM-L6-v2"):
        _ = made.library
    weights.with_name("away").rename(weights)
    assert made.library.articles() == []
    made.close()


@pytest.mark.parametrize("content", [b"short", b"WEIGHTS of a model", b""])
def test_a_model_file_that_differs_is_not_used(ready: Home, content: bytes) -> None:
    (ready.models / "writer.gguf").write_bytes(content)
    made = workshop(ready)
    with pytest.raises(ModelDamaged, match=r"writer\.gguf has"):
        made.writer()
    made.close()


def test_a_library_of_another_embedder_is_refused_and_stays(ready: Home, tmp_path: Path) -> None:
    set_up(ready, sources=[str(write_articles(tmp_path / "articles"))])
    first = workshop(ready)
    LocalDesk(first).sync((), dry_run=False, on_step=lambda *_: None)
    first.close()
    other = workshop(ready, make_embedder=lambda *_: HashEmbedder(32))
    for _ in range(2):  # the store is closed again, so that it says the same the second time
        with pytest.raises(EmbedderMismatch, match="sync --rebuild"):
            _ = other.library
    other.close()
    again = workshop(ready)
    assert len(again.library.articles()) == 2
    again.close()


def test_a_move_to_another_embedder_goes_on_where_it_was_stopped(ready: Home, tmp_path: Path) -> None:
    set_up(ready, sources=[str(write_articles(tmp_path / "articles"))])
    first = workshop(ready)
    LocalDesk(first).sync((), dry_run=False, on_step=lambda *_: None)
    first.close()
    install_embedder(ready, "other-embedder")
    set_up(ready, sources=[str(tmp_path / "articles")], embedder="other-embedder")
    made = workshop(ready)
    desk = LocalDesk(made)
    wanted = Embedding("all-MiniLM-L6-v2", "other-embedder")
    assert desk.embedding() == wanted
    steps: list[SyncStep] = []

    def stop_at_the_second(step: SyncStep, done: int, total: int) -> None:
        steps.append(step)
        assert desk.embedding() == Embedding("all-MiniLM-L6-v2", "other-embedder", done, total)
        assert desk.search(QUESTION, 1)[0].passage.article == "heron.md"
        if done == 1:
            raise RunError("enough")

    with pytest.raises(RunError, match="enough"):
        desk.sync((), dry_run=False, on_step=stop_at_the_second)
    assert desk.embedding() == wanted
    assert desk.search(QUESTION, 1)[0].passage.article == "heron.md"
    desk.sync((), dry_run=True, on_step=lambda *_: None)
    assert desk.embedding() == wanted
    assistant = made.assistant()
    desk.sync((), dry_run=False, on_step=lambda step, *_: steps.append(step))
    assert [(step.action, step.path) for step in steps] == [
        ("embed", "heron.md"),
        ("embed", "stork.md"),
        ("embed", "stork.md"),
    ]
    assert desk.embedding() == Embedding("other-embedder", "other-embedder")
    assert assistant.search(QUESTION, 1)[0].passage.article == "heron.md"
    desk.close()


def test_dropping_a_library_drops_what_it_was_moved_to(ready: Home, tmp_path: Path) -> None:
    set_up(ready, sources=[str(write_articles(tmp_path / "articles"))])
    for embedder in ("all-MiniLM-L6-v2", "other-embedder"):
        if embedder == "other-embedder":
            install_embedder(ready, embedder)
        set_up(ready, sources=[str(tmp_path / "articles")], embedder=embedder)
        made = workshop(ready)
        LocalDesk(made).sync((), dry_run=False, on_step=lambda *_: None)
        made.close()
    made = workshop(ready)
    assert len(made.library.articles()) == 2
    made.drop_library()
    assert made.library.articles() == []
    made.close()


def test_a_locked_library_is_waited_for_and_said_so(ready: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workshop_module, "LOCK_WAIT_SECONDS", 0.1)
    holder = workshop(ready)
    assert holder.library.articles() == []
    told: list[str] = []
    waiter = workshop(ready, on_wait=told.append)
    with pytest.raises(LibraryLocked, match="in use by another process"):
        _ = waiter.library
    assert len(told) == 1
    assert "waiting up to" in told[0]
    monkeypatch.setattr(workshop_module, "LOCK_WAIT_SECONDS", 60)
    leaves_when_waited_for(holder, monkeypatch)
    assert waiter.library.articles() == []
    waiter.close()


def test_after_closing_nothing_is_opened_again(ready: Home) -> None:
    made = workshop(ready)
    writer = made.writer()
    assert made.library.articles() == []
    made.close()
    made.close()
    assert isinstance(writer, TinyWriter)
    assert writer.closed
    with pytest.raises(RunError, match="closed"):
        _ = made.library
    other = workshop(ready)
    assert other.library.articles() == []
    other.close()


def test_each_folder_has_a_library_of_its_own(ready: Home, tmp_path: Path) -> None:
    names = {
        workshop(ready, folder=folder).library_name
        for folder in (None, tmp_path / "a", tmp_path / "b", tmp_path / "x" / ".." / "a")
    }
    assert len(names) == 3
    assert ready.user_library.name in names


def test_a_source_that_is_named_twice_is_read_once(ready: Home, tmp_path: Path) -> None:
    folder = write_articles(tmp_path / "articles")
    made = workshop(ready)
    settings = load_settings(ready.settings_file, sources=(str(folder), STARTER, f"{folder}/", STARTER))
    assert [source.id for source in made.intake.sources(settings)] == [str(folder), STARTER]
    made.close()


def test_dropping_a_library_empties_it_and_only_it(ready: Home, tmp_path: Path) -> None:
    folder = write_articles(tmp_path / "articles")
    set_up(ready, sources=[str(folder)])
    own, of_folder = workshop(ready), workshop(ready, folder=folder)
    for made in (own, of_folder):
        LocalDesk(made).sync((), dry_run=False, on_step=lambda *_: None)
    own.drop_library()
    assert own.library.articles() == []
    assert len(of_folder.library.articles()) == 2
    own.close()
    of_folder.close()


def test_nothing_is_dropped_while_the_embedder_is_missing(ready: Home, tmp_path: Path) -> None:
    set_up(ready, sources=[str(write_articles(tmp_path / "articles"))])
    made = workshop(ready)
    LocalDesk(made).sync((), dry_run=False, on_step=lambda *_: None)
    weights = ready.models / "all-MiniLM-L6-v2" / "model.safetensors"
    weights.unlink()
    with pytest.raises(ModelMissing):
        made.drop_library()
    assert len(made.library.articles()) == 2
    made.close()


def test_an_answer_comes_from_the_library_that_is_open_now(ready: Home, tmp_path: Path) -> None:
    set_up(ready, sources=[str(write_articles(tmp_path / "articles"))])
    made: TinyWorkshop = workshop(ready)
    desk = LocalDesk(made)
    desk.sync((), dry_run=False, on_step=lambda *_: None)
    before = made.assistant()
    desk.rebuild(on_step=lambda *_: None)
    assert made.assistant() is not before
    assert desk.ask(QUESTION).status == "answered"
    desk.close()


def test_a_reranker_is_there_when_the_setting_names_one(ready: Home, tmp_path: Path) -> None:
    made = workshop(ready)
    assert made.reranker is None
    made.close()
    for folder in (tmp_path / "mine", ready.models / "some-cross-encoder"):
        folder.mkdir()
        (folder / "config.json").write_text("{}", encoding="utf-8")
    for named in (str(tmp_path / "mine"), "some-cross-encoder", "owner/some-cross-encoder"):
        set_up(ready, reranker=named)
        made = workshop(ready)
        assert made.reranker is made.reranker is not None
        made.close()
    set_up(ready, reranker="nobody/none")
    made = workshop(ready)
    with pytest.raises(ModelMissing, match="none"):
        _ = made.reranker
    made.close()


def test_no_pause_between_fetches_outlasts_the_closing(ready: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with tiny_site() as site:
        url = site.put("/a", "text", status=503, Retry_After="30")
        set_up(ready, sources=[], allowed_networks=["127.0.0.0/8"])
        made = workshop(ready)
        fetcher = made.intake.fetcher(made.settings)
        closing = threading.Timer(0.05, made.close)
        closing.start()
        with pytest.raises(RunError, match="being closed"):
            fetcher.fetch(url, ports=frozenset({site.port}))
        closing.join()
