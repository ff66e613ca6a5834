"""The ways of answering that a benchmark sets side by side, each timed alike."""

import threading
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from time import perf_counter

from assistant.answer import Answer
from assistant.answering import Assistant
from assistant.benchmark.citation_engine import Complete
from assistant.benchmark.figures import Timing
from assistant.engine.plain_reader import PlainReader
from assistant.events import Turn
from assistant.finding.evidence import evidence_texts
from assistant.finding.quote import quotes_of
from assistant.llama_writer import LlamaWriter
from assistant.prompts import draft_task, sources
from assistant.proof.judging import SentenceJudge
from assistant.writer import Task
from index_store.passage import ScoredPassage

Evidence = Sequence[ScoredPassage]


def never() -> bool:
    """Nobody stops a benchmark."""
    return False


def ask(assistant: Assistant, question: str, history: Sequence[Turn] = ()) -> Timing:
    """One answer of Footnote, checks and all; seconds count from the question's arrival."""
    return timing_of(assistant.ask(question, history=history))


def timing_of(answer: Answer) -> Timing:
    """What an answer tells of its own time."""
    timings = answer.timings
    first = timings.first_token_ms or timings.total_ms
    return Timing(first / 1000, timings.total_ms / 1000, timings.prompt_tokens, timings.answer_tokens)


def ask_at_once(assistant: Assistant, questions: Sequence[Sequence[str]]) -> tuple[list[Timing], float]:
    """People who each ask one question after the other: all timings, and seconds until all are served."""
    return _at_once([[partial(ask, assistant, question) for question in theirs] for theirs in questions])


def write(writer: LlamaWriter, evidence: Evidence, question: str, *, most: int) -> Timing:
    """Writing alone behind evidence in place: no doubt is judged and nothing is checked."""
    task = draft_task(question)
    with writer.read(sources(evidence_texts(evidence)), stopped=never) as reading:
        return _timed(
            (piece.prompt_tokens, piece.answer_tokens)
            for piece in reading.write(Task(task.question, task.order), max_tokens=most, stopped=never)
        )


def write_at_once(
    writer: LlamaWriter, found: Sequence[tuple[Evidence, str]], *, most: int
) -> tuple[list[Timing], float]:
    """The same by several at once, each with evidence and question of their own: timings, seconds for all."""
    return _at_once([[partial(write, writer, evidence, question, most=most)] for evidence, question in found])


def write_plainly(
    writer: LlamaWriter, reader: PlainReader, evidence: Evidence, question: str, *, most: int
) -> Timing:
    """The same prompt, read from front to end by llama.cpp and written on, a token at a time."""
    prompt = writer.plain_prompt(sources(evidence_texts(evidence)), draft_task(question))
    return _timed((len(prompt), number) for number, _ in enumerate(reader.write(prompt, most=most), start=1))


def check_claims(writer: LlamaWriter, evidence: Evidence, claims: Sequence[str]) -> tuple[float, float]:
    """Seconds to check one claim behind a sentence, one after the other: met for the first time, and kept.

    The sentence is the last one of the last passage: hardly any answer has had claims judged behind it. Where
    one has, it is kept already, and the first check is no slower than the others.
    """
    judge = SentenceJudge(writer, never)
    quotes = quotes_of(evidence[-1].passage)[-1:]
    seconds = []
    for claim in (claims[0], *claims):
        began = perf_counter()
        judge.stating(quotes, claim)
        seconds.append(perf_counter() - began)
    first, *kept = seconds
    return first, sum(kept) / len(kept)


def read_plainly(reader: PlainReader, tokens: Sequence[int]) -> float:
    """Seconds that llama.cpp takes to read tokens that it has not read before."""
    began = perf_counter()
    next(reader.write(tokens, most=1), None)
    return perf_counter() - began


def load_kept(writer: LlamaWriter, evidence: Evidence) -> float:
    """Seconds to load one kept passage and put it before the model, on average over the evidence."""
    texts = evidence_texts(evidence)
    return sum(_placed(writer, [text]) for text in texts) / len(texts)


def place_kept(writer: LlamaWriter, evidence: Evidence) -> float:
    """Seconds to load all of the kept evidence and move each passage to its place."""
    return _placed(writer, evidence_texts(evidence))


def _placed(writer: LlamaWriter, texts: Sequence[str]) -> float:
    began = perf_counter()
    with writer.read(sources(texts), stopped=never) as reading:
        reading.put_in_place(stopped=never)
        return perf_counter() - began


def completion(writer: LlamaWriter, reader: PlainReader) -> Complete:
    """The model as anyone would call it with a text: read plainly as one user's turn."""

    def complete(text: str, most: int, at_first: Callable[[], None]) -> tuple[str, int, int]:
        prompt = writer.chat_prompt(text)[-(reader.cells - most) :]
        tokens: list[int] = []
        for token in reader.write(prompt, most=most):
            if not tokens:
                at_first()
            tokens.append(token)
        return writer.text_of(tokens), len(prompt), len(tokens)

    return complete


def _at_once(works: Sequence[Sequence[Callable[[], Timing]]]) -> tuple[list[Timing], float]:
    """People side by side, each with one work after another: all timings, and seconds until all is done."""
    timings: list[list[Timing]] = [[] for _ in works]

    def work_in_turn(person: int) -> None:
        for work in works[person]:
            timings[person].append(work())

    threads = [threading.Thread(target=work_in_turn, args=(person,)) for person in range(len(works))]
    began = perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [timing for theirs in timings for timing in theirs], perf_counter() - began


def _timed(steps: Iterable[tuple[int, int]]) -> Timing:
    began = perf_counter()
    first = None
    counts = (0, 0)
    for counts in steps:
        if first is None and counts[1]:
            first = perf_counter() - began
    total = perf_counter() - began
    return Timing(first if first is not None else total, total, *counts)
