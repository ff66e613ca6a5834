import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter
from tiny_footnote import (
    CATALOGUE,
    QUESTION,
    TOKEN,
    install_models,
    serving,
    set_up,
    wait_until,
    workshop,
    write_articles,
)

from assistant.answer import (
    Answer,
    AnsweredSentence,
    Citation,
    Claim,
    Disagreement,
    Evidence,
    ModelName,
    NearestArticle,
    Timings,
    Withdrawn,
)
from assistant.errors import QuestionEmpty
from assistant.models.catalogue import Catalogue
from index_store.article import Article, Block
from index_store.errors import FootnoteError, RunError, UsageError
from index_store.passage import Passage, ScoredPassage
from index_store.passage_store import ArticleSummary, StoredArticle
from ui.desk import ArticleView, Desk, SyncStep, SyncSummary
from ui.home import Home
from ui.local_desk import LocalDesk
from ui.serving import remote_desk, wire
from ui.serving.remote_desk import RemoteDesk
from ui.serving.server_file import ServerAddress
from ui.settings.in_force import load_settings
from ui.settings.source_places import STARTER
from ui.stopped import SERVING_ENDED, Stopped

Work = Callable[[Desk], object]


@pytest.fixture
def local(home: Home, articles: Path, tiny_catalogue: None) -> Iterator[LocalDesk]:
    """A desk over the two articles."""
    install_models(home)
    set_up(home, sources=[str(articles)])
    made = LocalDesk(workshop(home))
    made.sync((), dry_run=False, on_step=silent)
    yield made
    made.close()


@pytest.fixture
def remote(home: Home, local: LocalDesk) -> Iterator[RemoteDesk]:
    """The desk of a process beside the one of `local`."""
    with serving(home, local) as address:
        made = RemoteDesk(address)
        yield made
        made.close()


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[LocalDesk, RemoteDesk]]:
    """The two desks again, for all tests that leave the library as it is."""
    home = Home(tmp_path_factory.mktemp("both") / "home")
    install_models(home)
    set_up(home, sources=[str(write_articles(home.root / "articles"))])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Catalogue, "load", lambda: CATALOGUE)
        local = LocalDesk(workshop(home))
    local.sync((), dry_run=False, on_step=silent)
    with serving(home, local) as address:
        remote = RemoteDesk(address)
        yield local, remote
        remote.close()
    local.close()


def silent(*_: object) -> None:
    pass


def said(work: Work, desk: Desk) -> tuple[type, str]:
    with pytest.raises(FootnoteError) as caught:
        work(desk)
    kind = UsageError if isinstance(caught.value, UsageError) else RunError
    return kind, str(caught.value)


WORK: dict[str, Work] = {
    "articles": lambda desk: desk.articles(),
    "article": lambda desk: desk.article("heron.md"),
    "no article": lambda desk: desk.article("none & more?=#.md"),
    "embedding": lambda desk: desk.embedding(),
    "dry run": lambda desk: desk.sync((), dry_run=True, on_step=silent),
}


@pytest.mark.whole
@pytest.mark.parametrize("name", WORK)
def test_the_serving_process_gives_what_it_would_itself(
    both: tuple[LocalDesk, RemoteDesk], name: str
) -> None:
    local, remote = both
    assert WORK[name](remote) == WORK[name](local)


def test_a_search_by_the_serving_process_finds_what_it_would_itself(
    both: tuple[LocalDesk, RemoteDesk],
) -> None:
    here, there = (desk.search("Heron memory — 鳥 🐦", 5) for desk in both)
    assert [hit.passage for hit in there] == [hit.passage for hit in here]
    # The last bits of a score depend on where the vectors lie in memory.
    scores = [(hit.score, hit.dense) for hit in here]
    for hit, expected in zip(there, scores, strict=True):
        assert (hit.score, hit.dense) == pytest.approx(expected, abs=1e-5)


def test_an_answer_is_the_same_but_for_its_time(both: tuple[LocalDesk, RemoteDesk]) -> None:
    local, remote = both
    history = [("Which models are there?", "Heron and Stork.")]
    here, there = (desk.ask(QUESTION, history=history) for desk in (local, remote))
    assert replace(there, timings=here.timings) == here
    assert here.citations


FAILURES: dict[str, Work] = {
    "empty question": lambda desk: desk.ask(" "),
    "long question": lambda desk: desk.ask("x" * 20_000),
    "unknown model": lambda desk: desk.ask("x", model="nonsense"),
    "missing model": lambda desk: desk.ask("x", model="second-writer"),
    "long search": lambda desk: desk.search("x" * 20_000, 5),
    "empty search": lambda desk: desk.search("", 5),
    "no such place": lambda desk: desk.sync(["/nowhere"], dry_run=False, on_step=silent),
    "none of the sources": lambda desk: desk.remove_source("/nowhere"),
    "no web address": lambda desk: desk.sync(["ftp://a.example"], dry_run=False, on_step=silent),
}


@pytest.mark.parametrize("name", FAILURES)
def test_errors_are_the_same_beside_a_serving_process(both: tuple[LocalDesk, RemoteDesk], name: str) -> None:
    local, remote = both
    assert said(FAILURES[name], remote) == said(FAILURES[name], local)


@pytest.mark.whole
def test_a_sync_tells_its_steps_and_gives_its_summary(home: Home, remote: RemoteDesk, tmp_path: Path) -> None:
    more = write_articles(tmp_path / "more", {"crane.md": "# Crane\n\nA third bird.\n"})
    steps: list[tuple[SyncStep, int, int]] = []
    summary = remote.sync([str(more)], dry_run=False, on_step=lambda *told: steps.append(told))
    assert steps == [(SyncStep("add", str(more), "crane.md"), 0, 1)]
    assert (summary.added, summary.kept, summary.articles) == (1, 2, 3)
    assert load_settings(home.settings_file).sources[-1] == str(more)


@pytest.mark.whole
def test_steps_come_while_the_sync_is_at_work(home: Home, local: LocalDesk, tmp_path: Path) -> None:
    more = write_articles(tmp_path / "more", {f"{n}.md": f"# Bird {n}\n\nText.\n" for n in range(2)})
    release = threading.Event()
    inner = local.sync

    def slow(places: object, *, dry_run: bool, on_step: Callable[..., None], **_: object) -> SyncSummary:
        def step(*told: object) -> None:
            on_step(*told)
            release.wait(60)

        return inner([str(more)], dry_run=dry_run, on_step=step)

    local.sync = slow  # type: ignore[method-assign]
    heard: list[int] = []
    with serving(home, local) as address:
        desk = RemoteDesk(address)
        sync = threading.Thread(
            target=lambda: desk.sync((), dry_run=False, on_step=lambda _, done, __: heard.append(done))
        )
        sync.start()
        wait_until(lambda: heard == [0])
        release.set()
        sync.join()
        desk.close()
    assert heard == [0, 1]


@pytest.mark.whole
def test_a_wait_in_the_serving_process_is_told_here(remote: RemoteDesk, local: LocalDesk) -> None:
    told: list[str] = []
    release = threading.Event()
    inside = threading.Event()

    def hold() -> None:
        with local._syncing:
            inside.set()
            release.wait(60)

    holder = threading.Thread(target=hold)
    holder.start()
    assert inside.wait(60)

    def wait(what: str) -> None:
        told.append(what)
        release.set()

    summary = remote.sync((), dry_run=False, on_step=silent, on_wait=wait)
    holder.join()
    assert told == ["another sync is running: waiting for it to end"]
    assert summary.kept == 2


@pytest.mark.whole
@pytest.mark.parametrize(
    ("work", "left"),
    [
        (lambda desk: desk.ask(QUESTION), "the serving process stops working on the answer"),
        (lambda desk: desk.sync((), dry_run=False, on_step=silent), "goes on with the sync"),
        (lambda desk: desk.sync((), dry_run=True, on_step=silent), "nothing was changed"),
    ],
)
def test_who_stops_waiting_hears_what_goes_on(
    remote: RemoteDesk, monkeypatch: pytest.MonkeyPatch, work: Work, left: str
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(remote._client, "request", interrupted)
    monkeypatch.setattr(remote._client, "stream", interrupted)
    with pytest.raises(Stopped, match=left):
        work(remote)


@pytest.mark.whole
def test_places_are_those_of_the_asking_process(
    home: Home, remote: RemoteDesk, local: LocalDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[list[str]] = []

    def watched(places: list[str], **_: object) -> SyncSummary:
        seen.append(list(places))
        raise RunError("enough")

    local.sync = watched  # type: ignore[method-assign]
    write_articles(tmp_path / "here" / "birds")
    write_articles(tmp_path / "here" / STARTER)
    monkeypatch.chdir(tmp_path / "here")
    with pytest.raises(RunError, match="enough"):
        remote.sync(["birds", STARTER], dry_run=False, on_step=silent)
    assert seen == [[str(tmp_path / "here" / "birds"), STARTER]]
    with pytest.raises(UsageError, match="'elsewhere'"):
        remote.sync(["elsewhere"], dry_run=False, on_step=silent)
    assert len(seen) == 1


@pytest.mark.whole
def test_a_library_that_is_served_is_not_rebuilt(remote: RemoteDesk, local: LocalDesk) -> None:
    with pytest.raises(UsageError, match="stop the serving process"):
        remote.rebuild(on_step=silent)
    assert len(local.articles()) == 2


@pytest.mark.whole
def test_a_wrong_token_is_refused(home: Home, local: LocalDesk) -> None:
    with serving(home, local) as address:
        desk = RemoteDesk(replace(address, token="wrong"))
        for work in (*WORK.values(), lambda desk: desk.ask(QUESTION)):
            assert said(work, desk) == (RunError, "this call needs the token from the server file")
        desk.close()


def test_a_process_that_went_away_is_told_of_in_a_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    desk = RemoteDesk(ServerAddress(f"http://127.0.0.1:{port}", TOKEN, 1))
    for work in (*WORK.values(), lambda desk: desk.ask(QUESTION)):
        kind, message = said(work, desk)
        assert kind is RunError
        assert message == SERVING_ENDED
        assert "\n" not in message
    desk.close()


@pytest.mark.parametrize(
    "reply",
    [
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        b'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"done":0,"tot',
        b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
        b'HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n{"done":0,"t',
        b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 6\r\n\r\n<html>",
        b"HTTP/1.1 500 Oops\r\nContent-Length: 4\r\n\r\nnull",
        b"nonsense",
        b"",
    ],
)
def test_whatever_a_dying_process_says_becomes_one_error(reply: bytes) -> None:
    asked = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.05)

        def answer() -> None:
            while not asked.is_set():
                with suppress(TimeoutError):
                    connection, _ = listener.accept()
                    with connection:
                        connection.recv(65536)
                        connection.sendall(reply)

        thread = threading.Thread(target=answer)
        thread.start()
        desk = RemoteDesk(ServerAddress(f"http://127.0.0.1:{listener.getsockname()[1]}", TOKEN, 1))
        try:
            for work in (
                lambda desk: desk.sync((), dry_run=False, on_step=silent),
                lambda desk: desk.ask(QUESTION),
            ):
                kind, message = said(work, desk)
                assert kind is RunError
                assert "\n" not in message
        finally:
            desk.close()
            asked.set()
            thread.join()


def test_an_answer_that_was_broken_off_is_told_as_the_end_of_the_serving_process() -> None:
    """So the web server says it, of what is under way when it has been told to end."""
    reply = b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 21\r\n\r\nInternal Server Error"
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(reply)

        thread = threading.Thread(target=answer)
        thread.start()
        desk = RemoteDesk(ServerAddress(f"http://127.0.0.1:{listener.getsockname()[1]}", TOKEN, 1))
        kind, message = said(lambda desk: desk.ask(QUESTION), desk)
        desk.close()
        thread.join()
    assert (kind, message) == (RunError, SERVING_ENDED)
    assert "footnote serve" in message


def test_a_process_that_is_silent_for_too_long_is_not_told_as_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote_desk, "_PATIENCE", httpx.Timeout(0.05, connect=5.0))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        desk = RemoteDesk(ServerAddress(f"http://127.0.0.1:{listener.getsockname()[1]}", TOKEN, 1))
        _, message = said(lambda desk: desk.ask(QUESTION), desk)
        desk.close()
    assert "has not answered for" in message


words = st.text(st.characters(exclude_categories=["Cs"]))
maybe = st.none() | words
numbers = st.integers(0, 10**6)
scores = st.floats(-10, 10)
passages = st.builds(
    Passage,
    id=words, source=words, article=words, title=words, text=words, start=numbers, end=numbers,
    ordinal=numbers, headings=st.lists(words).map(tuple), publisher=maybe, url=maybe, published=maybe,
    page=st.none() | numbers,
)  # fmt: skip
articles_made = st.builds(
    Article,
    source=words, path=words, title=words, text=words,
    blocks=st.lists(st.builds(Block, kind=st.just("paragraph"), start=numbers, end=numbers)).map(tuple),
    publisher=maybe, author=maybe, url=maybe, published=maybe, language=maybe,
)  # fmt: skip
steps_made = st.builds(SyncStep, action=words, source=words, path=words, why=maybe)
answers_made = st.builds(
    Answer,
    question=words,
    standalone_question=words,
    status=st.sampled_from(["answered", "partly", "not_in_library"]),
    text=words,
    model=st.builds(ModelName, id=words, sha256=maybe),
    sentences=st.lists(
        st.builds(
            AnsweredSentence,
            text=words,
            citations=st.lists(numbers).map(tuple),
            support=st.sampled_from(["supported", "weak", "unsupported"]),
            score=scores,
        ),
        max_size=2,
    ).map(tuple),
    withdrawn=st.lists(st.builds(Withdrawn, text=words, why=words), max_size=2).map(tuple),
    missing=maybe,
    citations=st.lists(
        st.builds(
            Citation,
            number=numbers, article=words, title=words, publisher=maybe, url=maybe, published=maybe,
            heading=maybe, page=st.none() | numbers, passage=words, quote=words, start=numbers, end=numbers,
        ),
        max_size=2,
    ).map(tuple),
    evidence=st.lists(st.builds(Evidence, article=words, passage=words, score=scores), max_size=2).map(tuple),
    disagreements=st.lists(
        st.builds(
            Disagreement,
            about=words,
            claims=st.lists(st.builds(Claim, text=words, citation=numbers), max_size=2).map(tuple),
        ),
        max_size=2,
    ).map(tuple),
    nearest=st.lists(
        st.builds(NearestArticle, article=words, title=words, published=maybe), max_size=2
    ).map(tuple),
    timings=st.builds(Timings, total_ms=scores, prompt_tokens=numbers),
)  # fmt: skip
WIRED = {
    "answer": (wire.ANSWER, answers_made),
    "passages": (
        wire.PASSAGES,
        st.lists(
            st.builds(ScoredPassage, passage=passages, score=scores, dense=st.none() | scores), max_size=2
        ),
    ),
    "articles": (
        wire.ARTICLES,
        st.lists(
            st.builds(
                ArticleSummary,
                key=words, source=words, path=words, title=words, publisher=maybe, published=maybe,
                content_hash=words, pipeline=words, passages=numbers, added=words,
            ),
            max_size=2,
        ),
    ),
    "article": (
        wire.ARTICLE,
        st.builds(
            ArticleView,
            stored=st.builds(
                StoredArticle,
                article=articles_made, content_hash=words, pipeline=words,
                passage_ids=st.lists(words, max_size=2).map(tuple), added=words,
            ),
            passages=st.lists(passages, max_size=2).map(tuple),
        ),
    ),
    "step": (wire.SYNC_STEP, steps_made),
    "summary": (
        wire.SYNC_SUMMARY,
        st.builds(
            SyncSummary,
            dry_run=st.booleans(), added=numbers, changed=numbers, deleted=numbers, kept=numbers,
            skipped=st.lists(steps_made, max_size=2).map(tuple), failed=st.just(()),
            steps=st.lists(steps_made, max_size=2).map(tuple), articles=numbers, passages=numbers,
            seconds=st.none() | scores,
        ),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WIRED)
def test_what_goes_over_the_wire_comes_out_the_same(name: str) -> None:
    adapter: TypeAdapter[object]
    adapter, values = WIRED[name]  # type: ignore[assignment]

    @given(value=values)
    def check(value: object) -> None:
        assert adapter.validate_json(adapter.dump_json(value)) == value

    check()


def test_each_call_has_a_connection_of_its_own() -> None:
    """One that is kept for later may be closed by the server just when it is wanted."""
    ports: list[int] = []

    class Nothing(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            ports.append(self.client_address[1])
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"[]")

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Nothing) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        remote = RemoteDesk(ServerAddress(f"http://127.0.0.1:{server.server_port}", TOKEN, 1))
        assert [remote.articles(), remote.articles()] == [[], []]
        remote.close()
        server.shutdown()
    assert len(set(ports)) == 2


def test_the_kind_of_an_error_is_kept_not_its_class(both: tuple[LocalDesk, RemoteDesk]) -> None:
    _, remote = both
    with pytest.raises(UsageError) as caught:
        remote.ask("")
    assert not isinstance(caught.value, QuestionEmpty)
