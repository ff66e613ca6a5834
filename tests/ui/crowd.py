"""Many people who ask at the same time over the page, what each of them saw, and whether it was fair."""

import os
import random
from concurrent.futures import ThreadPoolExecutor, wait
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
# A place is free when what stood in it has ended: at the next piece of the model's work.
STOP_SECONDS = 10.0
# Once nobody asks any more, those in line are answered: so many seconds later at the latest, on two cores.
LAST_SECONDS = float(os.environ.get("FOOTNOTE_TEST_LOAD_LAST", "150"))


@dataclass(frozen=True)
class Stop:
    """A question that was stopped, and when the button was pressed."""

    seen: Seen
    pressed: float

    @property
    def ended_after(self) -> float:
        """Seconds from the press to its end; infinite where it has not ended."""
        ended = self.seen.ended_after
        return float("inf") if ended is None else max(0.0, self.seen.sent + ended - self.pressed)


@dataclass
class Crowd:
    """The people, and what each of them saw."""

    url: str
    people: int
    seconds: float
    over: Event = field(default_factory=Event)
    seen: list[Seen] = field(default_factory=list)
    stopped: list[Stop] = field(default_factory=list)
    healthy: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)
    waiting: list[float] = field(default_factory=list)
    last_after: float = 0.0
    late: int = 0

    def run(self, questions: list[str]) -> None:
        """Let everybody ask until it is over, and be answered."""
        pool = ThreadPoolExecutor(self.people + 1)
        watching = pool.submit(self.watch)
        asking = [pool.submit(self.ask, person, questions) for person in range(self.people)]
        sleep(self.seconds)
        self.over.set()
        began = monotonic()
        late = wait([*asking, watching], LAST_SECONDS).not_done
        self.last_after = monotonic() - began
        self.late = len(late)
        # Whoever still waits gives up when the process ends.
        pool.shutdown(wait=not late)
        for one in {*asking, watching} - late:
            one.result()

    def ask(self, person: int, questions: list[str]) -> None:
        """Ask one question after the other in one conversation, with pauses; every seventh is stopped."""
        chance = random.Random(person)
        self.over.wait(chance.uniform(0, min(20.0, self.seconds / 6)))
        conversation = ""
        with PagePerson(self.url, patience=self.seconds + LAST_SECONDS) as page:
            for count in range(10_000):
                if self.over.is_set():
                    return
                seen, following = page.send(chance.choice(questions), conversation)
                conversation = seen.conversation
                if (count + person) % 7 == 6:
                    sleep(chance.uniform(0, 3))
                    self.stopped.append(Stop(seen, monotonic()))
                    page.stop(conversation)
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

    @property
    def lost(self) -> list[Seen]:
        """Questions that nobody stopped and that got no answer."""
        return [seen for seen in self.seen if not seen.is_answered]

    @property
    def growth(self) -> float:
        """By how many megabytes the memory is larger in the last third than in the first."""
        third = max(1, len(self.memory) // 3)
        return max(self.memory[-third:]) - max(self.memory[:third])

    @property
    def next_turns(self) -> list[float]:
        """For each stop while somebody waited: the seconds until the next one of those had their turn."""
        turns = [
            (seen.sent, seen.sent + seen.turn_after) for seen in self.seen if seen.turn_after is not None
        ]
        found = []
        for stop in self.stopped:
            coming = [turn for sent, turn in turns if sent < stop.pressed < turn]
            if coming:
                found.append(min(coming) - stop.pressed)
        return found


def read_figures(web: httpx.Client) -> dict[str, float]:
    families = text_string_to_metric_families(web.get("/metrics").raise_for_status().text)
    return {sample.name: sample.value for family in families for sample in family.samples}


def check(crowd: Crowd) -> None:
    """Nobody is lost or overtaken, the memory stays, and every place is free again."""
    assert crowd.late == 0, f"{crowd.late} people were not answered within {LAST_SECONDS:.0f} s of the end"
    assert crowd.lost == []
    assert [stop for stop in crowd.stopped if stop.seen.ended_after is None] == []
    assert median([0.0, *(stop.ended_after for stop in crowd.stopped)]) < STOP_SECONDS
    assert all(seen.numbers == sorted(seen.numbers, reverse=True) for seen in crowd.seen)
    assert overtaken(crowd.seen) == []
    if crowd.people > 8:
        assert max(crowd.waiting) >= crowd.people / 3
        assert len([seen for seen in crowd.seen if seen.numbers]) > len(crowd.seen) / 3
    assert crowd.growth < GROWTH_MB
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
    """The figures, for whoever runs this to see them (pytest -s), also where not all were answered."""
    numbered = [seen.numbers for seen in crowd.seen if seen.numbers]
    longest = max((numbers[0] for numbers in numbered), default=0)
    first = [seen.first_word_after or seen.ended_after or 0.0 for seen in crowd.seen]
    ended = [seen.ended_after or 0.0 for seen in crowd.seen]
    print(
        f"\n{crowd.people} people asked for {crowd.seconds:.0f} s; the last one was answered"
        f" {crowd.last_after:.0f} s later, {crowd.late} not at all",
        f"nobody lost: {len(crowd.seen)} questions, {len(crowd.lost)} without an answer;"
        f" {len(crowd.stopped)} more were stopped",
        f"position shown: {len(numbered)} saw their number, up to {longest}, falling to 1;"
        f" {max(crowd.waiting):.0f} waited at once",
        f"fair order: {len(overtaken(crowd.seen))} overtaken; turn after"
        f" {_spread([seen.turn_after or 0.0 for seen in crowd.seen])}",
        f"first word after {_spread(first)}, end after {_spread(ended)}",
        f"stop: its question ended after {_spread([stop.ended_after for stop in crowd.stopped])}; where"
        f" somebody waited, the next one had their turn after {_spread(crowd.next_turns)}",
        f"memory: {crowd.memory[0]:.0f} MB at first, {max(crowd.memory):.0f} at most,"
        f" {crowd.memory[-1]:.0f} at the end; grew by {crowd.growth:.0f} from the first third to the last",
        f"/healthz after {_spread(crowd.healthy)}",
        sep="\n",
    )


def _spread(values: list[float]) -> str:
    if not values:
        return "(none)"
    ordered = sorted(values)
    return f"{median(ordered):.1f} s (p95 {ordered[int(0.95 * (len(ordered) - 1))]:.1f})"
