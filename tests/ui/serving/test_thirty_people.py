"""Thirty people ask for ten minutes, and the real model answers them: nobody is lost, and the order is fair.

FOOTNOTE_TEST_LOAD_SECONDS and FOOTNOTE_TEST_LOAD_PEOPLE make it shorter or longer, FOOTNOTE_TEST_LOAD_THREADS
says with how many threads the model may work, and FOOTNOTE_TEST_LOAD_LAST for how many seconds those may be
answered who still wait at the end: on one core that takes longer.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from time import sleep

import pytest
import uvicorn
from crowd import Crowd, check, tell
from page_person import PagePerson, free_port
from tiny_footnote import (
    QUESTION,
    TOKEN,
    TinyWorkshop,
    TinyWriter,
    install_models,
    set_up,
    wait_until,
    workshop,
)

import ingest
from assistant.llama_writer import LlamaWriter
from assistant.models.catalogue import ModelEntry
from assistant.writer import Reading, Sources, Stopped
from index_store.sentence_embedder import SentenceEmbedder
from ui.home import Home
from ui.local_desk import LocalDesk
from ui.serving.server_file import ServerAddress, serving_process
from ui.serving.serving import ServedSyncs, build_app
from ui.settings.settings import Settings

SECONDS = float(os.environ.get("FOOTNOTE_TEST_LOAD_SECONDS", "600"))
PEOPLE = int(os.environ.get("FOOTNOTE_TEST_LOAD_PEOPLE", "30"))
THREADS = os.environ.get("FOOTNOTE_TEST_LOAD_THREADS")
QUESTIONS = Path(ingest.__file__).parent / "starter_library" / "questions.jsonl"
USER_MODELS = Home.find().models

pytestmark = [pytest.mark.long, pytest.mark.timeout(SECONDS + 3600)]


@pytest.fixture
def served(
    footnote_home: Path, tmp_path: Path, small_writer: LlamaWriter, real_embedder: SentenceEmbedder
) -> Iterator[str]:
    """`footnote serve` with the small model over the starter library."""
    home = Home(footnote_home)
    threads = {"threads": int(THREADS)} if THREADS else {}
    set_up(home, sources=["starter"], model=small_writer.name.id, port=free_port(), **threads)
    home.models.symlink_to(USER_MODELS)
    said = tmp_path / "said"
    with said.open("wb") as stream:
        process = subprocess.Popen(
            [sys.executable, "-m", "ui.cli", "serve", "--sync"], stdout=stream, stderr=stream
        )
    try:
        wait_until(lambda: process.poll() is not None or serving_process(home.server_file), 600)
        address = serving_process(home.server_file)
        assert address is not None, said.read_text()
        yield address.url
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    finally:
        process.kill()
        process.wait()


def test_everybody_is_answered_in_turn_and_the_memory_stays(served: str) -> None:
    questions = [json.loads(line)["question"] for line in QUESTIONS.read_text().splitlines()]
    with PagePerson(served) as first:
        assert first.ask(questions[0]).is_answered
    crowd = Crowd(served, PEOPLE, SECONDS)
    crowd.run(questions)
    tell(crowd)
    check(crowd)


class SlowWriter(TinyWriter):
    """A fake that takes its time."""

    def read(self, sources: Sources, *, stopped: Stopped) -> Reading:
        for _ in range(10):
            if not stopped():
                sleep(0.03)
        return super().read(sources, stopped=stopped)


def slow_writer(entry: ModelEntry, file: Path, settings: Settings) -> SlowWriter:
    return SlowWriter(entry)


@pytest.fixture
def quick(home: Home, articles: Path, tiny_catalogue: None) -> Iterator[str]:
    """The served page over two articles with a fake model, in this process."""
    install_models(home)
    set_up(home, sources=[str(articles)], sync_every_hours=0)
    made: TinyWorkshop = workshop(home, make_writer=slow_writer)
    desk = LocalDesk(made)
    desk.sync((), dry_run=False, on_step=lambda *_: None)
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    app = build_app(made, desk, ServerAddress(url, TOKEN, os.getpid()), ServedSyncs.of(made, desk))
    server = uvicorn.Server(
        uvicorn.Config(app, port=port, log_level="error", ws="none", timeout_graceful_shutdown=1)
    )
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    wait_until(lambda: server.started, 60)
    yield url
    server.should_exit = True
    thread.join(30)
    desk.close()


@pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")
def test_with_a_fake_model_thirty_people_are_served_in_turn_for_half_a_minute(quick: str) -> None:
    crowd = Crowd(quick, 30, min(SECONDS, 30.0))
    crowd.run([QUESTION, "Under which licence does the Stork model run?"])
    tell(crowd)
    check(crowd)
