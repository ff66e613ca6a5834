"""The real model while its file is replaced, and while the process is told to end in mid-answer."""

import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread
from time import monotonic

import httpx
import pytest
from page_person import PagePerson, Seen, free_port
from tiny_footnote import set_up, wait_until

from assistant.llama_writer import LlamaWriter
from assistant.models.catalogue import Catalogue
from assistant.models.model_files import ModelFiles
from assistant.writer import Sources, Task
from index_store.sentence_embedder import SentenceEmbedder
from ui.chat.chat_turn import INTERRUPTED, STOPPED_WAITING
from ui.chat.conversations import Conversations
from ui.home import Home
from ui.serving.server_file import serving_process

# Copies of the weights, and a process of its own that loads them: minutes.
pytestmark = pytest.mark.long
USER_MODELS = Home.find().models
SOURCES = Sources(orders="Answer from the sources.", texts=("The Heron model needs 12 GB of memory.",))
QUESTION = (
    "Which model should a bank that runs Llama move to, what does it need, and what are the alternatives?"
)


def written(writer: LlamaWriter) -> str:
    with writer.read(SOURCES, stopped=lambda: False) as reading:
        task = Task("How much memory does the Heron model need?", "Answer in one sentence.")
        return "".join(one.text for one in reading.write(task, max_tokens=24, stopped=lambda: False))


@pytest.mark.timeout(900)
@pytest.mark.parametrize("how", ["renamed over", "written over", "cut short", "deleted"])
def test_a_model_file_replaced_under_way_changes_no_word_of_an_answer(
    how: str, tmp_path: Path, small_writer: LlamaWriter
) -> None:
    catalogue = Catalogue.load()
    original = ModelFiles(USER_MODELS, catalogue).path(catalogue.test_writer)
    file = tmp_path / original.name
    shutil.copyfile(original, file)
    writer = LlamaWriter(small_writer.name, file)
    try:
        before = written(writer)
        other = tmp_path / "other"
        other.write_bytes(b"another model" * 1000)
        match how:
            case "renamed over":
                other.replace(file)
            case "written over":
                with file.open("r+b") as stream:
                    stream.write(b"\0" * 50_000_000)
            case "cut short":
                with file.open("r+b") as stream:
                    stream.truncate(1000)
            case "deleted":
                file.unlink()
        assert written(writer) == before
    finally:
        writer.close()


@pytest.fixture
def process(
    footnote_home: Path, tmp_path: Path, small_writer: LlamaWriter, real_embedder: SentenceEmbedder
) -> Iterator["subprocess.Popen[bytes]"]:
    home = Home(footnote_home)
    set_up(home, sources=["starter"], model=small_writer.name.id, port=free_port())
    home.models.symlink_to(USER_MODELS)
    with (tmp_path / "said").open("wb") as stream:
        made = subprocess.Popen(
            [sys.executable, "-m", "ui.cli", "serve", "--sync"], stdout=stream, stderr=stream
        )
    try:
        wait_until(lambda: made.poll() is not None or serving_process(home.server_file), 600)
        yield made
    finally:
        made.kill()
        made.wait()


@pytest.mark.timeout(1800)
def test_told_to_end_in_mid_answer_it_ends_within_ten_seconds_and_loses_nothing(
    process: "subprocess.Popen[bytes]", footnote_home: Path, tmp_path: Path
) -> None:
    home = Home(footnote_home)
    address = serving_process(home.server_file)
    assert address is not None, (tmp_path / "said").read_text()
    asked: list[Seen] = []
    writing = Event()

    def ask(person: int) -> None:
        with PagePerson(address.url) as page:
            seen, following = page.send(f"{QUESTION} ({person})")
            asked.append(seen)
            try:
                for _ in page.follow(seen, following):
                    if seen.first_word_after is not None:
                        writing.set()
            except (httpx.HTTPError, ConnectionError, AssertionError):
                return  # the page has gone, as it should

    people = [Thread(target=ask, args=(person,)) for person in range(7)]
    for person in people:
        person.start()
    assert writing.wait(600)
    wait_until(lambda: len(asked) == 7, 60)
    began = monotonic()
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
    took = monotonic() - began
    for person in people:
        person.join(30)
    assert took < 10
    assert not home.server_file.exists()
    assert "Traceback" not in (tmp_path / "said").read_text()
    # Each question is kept with what was written, or with a line that says what became of it.
    kept = Conversations(home.conversations)
    turns = [turn for seen in asked for turn in kept.turns(seen.conversation)]
    assert len(turns) == 7
    assert all(turn.answer is not None or turn.error for turn in turns)
    assert all(turn.stopped for turn in turns if turn.answer is not None and turn.answer.timings.total_ms)
    assert {turn.error for turn in turns if turn.error} <= {STOPPED_WAITING, INTERRUPTED}
    assert any(turn.answer is not None and turn.answer.text for turn in turns)
