"""Thirty people ask for ten minutes, and the real model answers them: nobody is lost, and the order is fair.

FOOTNOTE_TEST_LOAD_SECONDS and FOOTNOTE_TEST_LOAD_PEOPLE make it shorter or longer, FOOTNOTE_TEST_LOAD_THREADS
says with how many threads the model may work.
"""

import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from threading import Event
from time import monotonic, sleep

import httpx
import pytest
from page_person import PagePerson, Seen, free_port
from prometheus_client.parser import text_string_to_metric_families
from tiny_footnote import set_up, wait_until

import ingest
from assistant.llama_writer import LlamaWriter
from index_store.sentence_embedder import SentenceEmbedder
from ui.home import Home
from ui.serving.server_file import serving_process

SECONDS = float(os.environ.get("FOOTNOTE_TEST_LOAD_SECONDS", "600"))
PEOPLE = int(os.environ.get("FOOTNOTE_TEST_LOAD_PEOPLE", "30"))
THREADS = os.environ.get("FOOTNOTE_TEST_LOAD_THREADS")
QUESTIONS = Path(ingest.__file__).parent / "starter_library" / "questions.jsonl"
USER_MODELS = Home.find().models

# Two questions that are sent at nearly the same time may change places on their way.
CLOSE_SECONDS = 3.0
# What the memory may grow by from the first third to the end: conversations and their answers stay small.
GROWTH_MB = 80.0

pytestmark = [pytest.mark.long, pytest.mark.timeout(SECONDS + 3600)]


@dataclass
class Crowd:
    """The people, and what each of them saw."""

    url: str
    over: Event = field(default_factory=Event)
    seen: list[Seen] = field(default_factory=list)
    stopped: list[Seen] = field(default_factory=list)
    healthy: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)
    waiting: list[float] = field(default_factory=list)

    def ask(self, person: int, questions: list[str]) -> None:
        """Ask one question after the other in one conversation, with pauses; every seventh is stopped."""
        chance = random.Random(person)
        self.over.wait(chance.uniform(0, min(20.0, SECONDS / 6)))
        conversation = ""
        with PagePerson(self.url, patience=SECONDS + 3000) as page:
            for count in range(10_000):
                if self.over.is_set():
                    return
                seen, following = page.send(chance.choice(questions), conversation)
                conversation = seen.conversation
                if (count + person) % 7 == 6:
                    sleep(chance.uniform(0, 3))
                    page.stop(conversation)
                    self.stopped.append(seen)
                else:
                    self.seen.append(seen)
                for _ in page.follow(seen, following) if following else ():
                    pass
                self.over.wait(chance.uniform(0.5, 5))

    def watch(self) -> None:
        """Look after the process as a supervisor does."""
        with httpx.Client(base_url=self.url, trust_env=False, timeout=30) as web:
            while not self.over.wait(2):
                began = monotonic()
                assert web.get("/healthz").status_code == 200
                self.healthy.append(monotonic() - began)
                figures = read_figures(web)
                self.memory.append(figures["process_resident_memory_bytes"] / 1e6)
                self.waiting.append(figures["footnote_questions_waiting"])


def read_figures(web: httpx.Client) -> dict[str, float]:
    families = text_string_to_metric_families(web.get("/metrics").raise_for_status().text)
    return {sample.name: sample.value for family in families for sample in family.samples}


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
    crowd = Crowd(served)
    with ThreadPoolExecutor(PEOPLE + 1) as pool:
        watching = pool.submit(crowd.watch)
        people = [pool.submit(crowd.ask, person, questions) for person in range(PEOPLE)]
        sleep(SECONDS)
        crowd.over.set()
        for person in people:
            person.result()
        watching.result()
    tell(crowd)

    lost = [seen for seen in crowd.seen if not seen.is_answered]
    assert lost == []
    assert all(seen.ended_after is not None for seen in crowd.stopped)
    # Everybody's number only ever falls: nobody is overtaken.
    assert all(seen.numbers == sorted(seen.numbers, reverse=True) for seen in crowd.seen)
    assert overtaken(crowd.seen) == []
    if PEOPLE > 8:
        assert max(crowd.waiting) >= PEOPLE / 3
        assert any(seen.numbers for seen in crowd.seen)
    third = len(crowd.memory) // 3
    assert max(crowd.memory[-third:]) - max(crowd.memory[:third]) < GROWTH_MB
    assert median(crowd.healthy) < 2
    with httpx.Client(base_url=served, trust_env=False, timeout=30) as web:
        figures = read_figures(web)
    # Whoever was stopped has left, and every place is free again.
    assert (figures["footnote_questions_waiting"], figures["footnote_questions_answered_now"]) == (0, 0)


def overtaken(seen: list[Seen]) -> list[tuple[str, str]]:
    """Pairs of questions of which the later one had its turn first."""
    came = sorted(seen, key=lambda one: one.sent)
    turns = [(one, one.sent + (one.turn_after or 0.0)) for one in came]
    return [
        (early.question, late.question)
        for place, (early, its_turn) in enumerate(turns)
        for late, other_turn in turns[place + 1 :]
        if late.sent > early.sent + CLOSE_SECONDS and other_turn < its_turn - CLOSE_SECONDS
    ]


def tell(crowd: Crowd) -> None:
    """The figures, for whoever runs this to see them (pytest -s)."""
    ended = sorted(seen.ended_after or 0.0 for seen in crowd.seen)
    first = sorted(seen.first_word_after or seen.ended_after or 0.0 for seen in crowd.seen)
    print(
        f"\n{PEOPLE} people, {SECONDS:.0f} s: {len(crowd.seen)} questions, {len(crowd.stopped)} stopped;"
        f" first word {_spread(first)}, end {_spread(ended)};"
        f" most in line {max(crowd.waiting):.0f}; memory {crowd.memory[0]:.0f} MB at first,"
        f" {max(crowd.memory):.0f} at most, {crowd.memory[-1]:.0f} at the end;"
        f" /healthz {_spread(sorted(crowd.healthy))}"
    )


def _spread(values: list[float]) -> str:
    return f"{median(values):.1f} s (p95 {values[int(0.95 * (len(values) - 1))]:.1f})"
