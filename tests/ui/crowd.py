"""Many people who ask at the same time over the page, what each of them saw, and whether it was fair."""

import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from statistics import median
from threading import Event
from time import monotonic, sleep

import httpx
from page_person import PagePerson, Seen
from prometheus_client.parser import text_string_to_metric_families

# Two questions that are sent at nearly the same time may change places on their way.
CLOSE_SECONDS = 3.0
# What the memory may grow by from the first third to the end: conversations and their answers stay small.
GROWTH_MB = 80.0


@dataclass
class Crowd:
    """The people, and what each of them saw."""

    url: str
    people: int
    seconds: float
    over: Event = field(default_factory=Event)
    seen: list[Seen] = field(default_factory=list)
    stopped: list[Seen] = field(default_factory=list)
    healthy: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)
    waiting: list[float] = field(default_factory=list)

    def run(self, questions: list[str]) -> None:
        """Let everybody ask until it is over, and be answered."""
        with ThreadPoolExecutor(self.people + 1) as pool:
            watching = pool.submit(self.watch)
            asking = [pool.submit(self.ask, person, questions) for person in range(self.people)]
            sleep(self.seconds)
            self.over.set()
            for one in (*asking, watching):
                one.result()

    def ask(self, person: int, questions: list[str]) -> None:
        """Ask one question after the other in one conversation, with pauses; every seventh is stopped."""
        chance = random.Random(person)
        self.over.wait(chance.uniform(0, min(20.0, self.seconds / 6)))
        conversation = ""
        with PagePerson(self.url, patience=self.seconds + 3000) as page:
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


def check(crowd: Crowd) -> None:
    """Nobody is lost or overtaken, the memory stays, and every place is free again."""
    assert [seen for seen in crowd.seen if not seen.is_answered] == []
    assert all(seen.ended_after is not None for seen in crowd.stopped)
    assert all(seen.numbers == sorted(seen.numbers, reverse=True) for seen in crowd.seen)
    assert overtaken(crowd.seen) == []
    if crowd.people > 8:
        assert max(crowd.waiting) >= crowd.people / 3
        assert any(seen.numbers for seen in crowd.seen)
    third = len(crowd.memory) // 3
    assert max(crowd.memory[-third:]) - max(crowd.memory[:third]) < GROWTH_MB
    assert median(crowd.healthy) < 2
    with httpx.Client(base_url=crowd.url, trust_env=False, timeout=30) as web:
        figures = read_figures(web)
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
        f"\n{crowd.people} people, {crowd.seconds:.0f} s:"
        f" {len(crowd.seen)} questions, {len(crowd.stopped)} stopped;"
        f" first word {_spread(first)}, end {_spread(ended)};"
        f" most in line {max(crowd.waiting):.0f}; memory {crowd.memory[0]:.0f} MB at first,"
        f" {max(crowd.memory):.0f} at most, {crowd.memory[-1]:.0f} at the end;"
        f" /healthz {_spread(sorted(crowd.healthy))}"
    )


def _spread(values: list[float]) -> str:
    return f"{median(values):.1f} s (p95 {values[int(0.95 * (len(values) - 1))]:.1f})"
