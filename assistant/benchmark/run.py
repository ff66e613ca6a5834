"""One run of the benchmark: all contenders over the same questions, side by side in time.

So the two sides of a ratio are measured in the same minute, whatever else the machine is doing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from assistant.answer import Answer
from assistant.answering import Assistant
from assistant.benchmark import contenders
from assistant.benchmark.citation_engine import CitationEngineContender
from assistant.benchmark.figures import Contender, Figure, Spread, Timing, at_least, at_most, ratios
from assistant.engine.plain_reader import PlainReader
from assistant.finding.follow_up import standalone_question
from assistant.llama_writer import LlamaWriter

_TOKENS = 64  # written behind evidence, to measure the rate of writing
_PEOPLE = 4
_CLAIMS = 5
_CLAIM_TOKENS = 40
_PRIMER = "What are these articles about?"
_HISTORY = (("Who wrote the article?", "It does not say."),)

OnStep = Callable[[int, int, str], None]
"""Hears of each step before it is taken: how many are done, how many there are, and what comes."""


@dataclass(slots=True)
class _Measured:
    """What was measured for each question, in the order of the questions."""

    cold: list[Timing] = field(default_factory=list)
    warm: list[Timing] = field(default_factory=list)
    plain: list[Timing] = field(default_factory=list)
    plain_best: list[Timing] = field(default_factory=list)
    follow_up: list[Timing] = field(default_factory=list)
    alone: list[Timing] = field(default_factory=list)
    first_claim: list[float] = field(default_factory=list)
    claim: list[float] = field(default_factory=list)
    load: list[float] = field(default_factory=list)
    place: list[float] = field(default_factory=list)
    rival: list[Timing] = field(default_factory=list)
    beside_rival: list[Timing] = field(default_factory=list)


class AnswerBench:
    """Times the answers of an assistant whose kept states begin empty; `on_step` hears what comes next."""

    def __init__(
        self, assistant: Assistant, writer: LlamaWriter, questions: Sequence[str], on_step: OnStep
    ) -> None:
        self._assistant = assistant
        self._writer = writer
        self._questions = questions
        self._on_step = on_step
        self._done = 0
        self._measured = _Measured()
        self.contenders: list[Contender] = []
        self.figures: list[Figure] = []

    def run(self, rival: CitationEngineContender | None, *, rival_questions: int, each: int) -> None:
        """Measure everything; contenders and figures hold it afterwards.

        The `rival` is asked the first `rival_questions`; `each` is how many questions each of several people
        asks in turn.
        """
        reader = self._writer.plain_reader()
        try:
            self._prime(reader)
            for question in self._questions:
                self._side_by_side(reader, question)
            if rival is not None:
                for question in self._questions[:rival_questions]:
                    self._against(rival, question)
        finally:
            reader.close()
        self._conclude()
        self._several_people(each)

    @property
    def seconds_a_token(self) -> float:
        """How long plain reading took for one token, in the median."""
        return Spread.of([timing.first / timing.prompt_tokens for timing in self._measured.plain]).median

    def _prime(self, reader: PlainReader) -> None:
        """What every prompt shares is read before anything is timed, as it is in a serving process."""
        self._step("getting ready")
        contenders.ask(self._assistant, _PRIMER)
        evidence = self._assistant.evidence(_PRIMER)
        contenders.write_plainly(self._writer, reader, evidence, _PRIMER, most=1)

    def _side_by_side(self, reader: PlainReader, question: str) -> None:
        found, measured = self._assistant.evidence(question), self._measured
        self._step(f"cold: {question}")
        measured.cold.append(contenders.ask(self._assistant, question))
        self._step(f"plain: {question}")
        measured.plain.append(contenders.write_plainly(self._writer, reader, found, question, most=_TOKENS))
        # What the first word of an answer mostly rests on: the rest of the evidence is read behind it.
        best = contenders.write_plainly(self._writer, reader, found[:1], question, most=1)
        measured.plain_best.append(best)
        self._step(f"warm: {question}")
        answer = self._assistant.ask(question)
        measured.warm.append(contenders.timing_of(answer))
        measured.alone.append(contenders.write(self._writer, found, question, most=_TOKENS))
        measured.load.append(contenders.load_kept(self._writer, found))
        measured.place.append(contenders.place_kept(self._writer, found))
        first, kept = contenders.check_claims(self._writer, found, _claims(answer))
        measured.first_claim.append(first)
        measured.claim.append(kept)
        self._step(f"follow-up: {question}")
        # What it is searched with may find other passages; they too are to be kept by then.
        again = self._assistant.evidence(standalone_question(question, _HISTORY))
        contenders.place_kept(self._writer, again)
        measured.follow_up.append(contenders.ask(self._assistant, question, _HISTORY))

    def _against(self, rival: CitationEngineContender, question: str) -> None:
        self._step(f"LlamaIndex: {question}")
        self._measured.rival.append(rival.ask(question))
        self._measured.beside_rival.append(contenders.ask(self._assistant, question))

    def _several_people(self, each: int) -> None:
        self._step(f"{_PEOPLE} people at once")
        asked = len(self._questions)
        places = [place % asked for place in range(_PEOPLE * each)]
        one = [self._measured.warm[place] for place in places]
        several, seconds = contenders.ask_at_once(
            self._assistant,
            [[self._questions[place] for place in places[person::_PEOPLE]] for person in range(_PEOPLE)],
        )
        rate = sum(timing.answer_tokens for timing in one) / sum(timing.total for timing in one)
        together = sum(timing.answer_tokens for timing in several) / seconds
        first = Spread.of([timing.first for timing in one]).median
        later = Spread.of([timing.first / first for timing in several])
        found = [(self._assistant.evidence(one), one) for one in self._questions][:_PEOPLE]
        found = (found * _PEOPLE)[:_PEOPLE]
        drafts, lasted = contenders.write_at_once(self._writer, found, most=_TOKENS)
        alone = self._measured.alone
        writing = sum(timing.answer_tokens for timing in alone) / sum(timing.total for timing in alone)
        side_by_side = sum(timing.answer_tokens for timing in drafts) / lasted
        self.contenders.append(Contender.of(f"Footnote, {_PEOPLE} at once", several))
        self.figures += [
            at_least(
                1.8,
                f"tokens a second, {_PEOPLE} drafts at once to one, checks off",
                Spread.of([side_by_side / writing]),
            ),
            at_least(1.8, f"tokens a second, {_PEOPLE} at once to one", Spread.of([together / rate])),
            at_most(3.0, f"first token, {_PEOPLE} at once to one", later),
        ]

    def _conclude(self) -> None:
        measured = self._measured
        for name, timings in (
            ("Footnote, warm", measured.warm),
            ("Footnote, cold", measured.cold),
            ("Footnote, follow-up", measured.follow_up),
            ("the same prompt, read plainly", measured.plain),
            ("LlamaIndex CitationQueryEngine", measured.rival),
        ):
            if timings:
                self.contenders.append(Contender.of(name, timings))
        plain, best, warm = measured.plain, measured.plain_best, measured.warm
        rate = [timing.prompt_tokens / timing.first for timing in plain]
        scale = Spread.of(rate).median / 100
        scaled = Spread.of([timing.first * scale for timing in warm])
        writing = [_rate(timing) for timing in plain]
        to_plain_writing = ratios([_rate(timing) for timing in measured.alone], writing)
        reading = [_CLAIM_TOKENS / one for one in rate]
        loading, placing = (
            Spread.of([seconds * 1000 for seconds in each]) for each in (measured.load, measured.place)
        )
        self.figures += [
            Figure("plain reading", Spread.of(rate), "tokens/s"),
            at_least(8.0, "first token, plain to warm", _firsts(plain, warm)),
            Figure("first token, plain reading of the best passage alone to warm", _firsts(best, warm)),
            at_most(1.0, "first token, warm, if plain reading did 100 tokens/s", scaled, "s"),
            at_most(1.1, "first token, cold to plain", _firsts(measured.cold, plain)),
            at_most(1.1, "first token, follow-up to warm", _firsts(measured.follow_up, warm)),
            Figure("plain writing", Spread.of(writing), "tokens/s"),
            at_least(0.95, "writing, Footnote to llama.cpp, checks off", to_plain_writing),
            at_most(
                1.0, f"checking a claim, to reading {_CLAIM_TOKENS} tokens", ratios(measured.claim, reading)
            ),
            Figure(
                "the same behind a sentence met for the first time", ratios(measured.first_claim, reading)
            ),
            at_most(5.0, "loading a kept passage", loading, "ms"),
            Figure("loading all of the evidence and moving it to its places", placing, "ms"),
        ]
        if measured.rival:
            rival, beside = measured.rival, measured.beside_rival
            totals = ratios([timing.total for timing in rival], [timing.total for timing in beside])
            self.figures += [
                at_least(10.0, "first token, LlamaIndex to warm", _firsts(rival, beside)),
                at_least(4.0, "whole answer, LlamaIndex to warm", totals),
            ]

    def _step(self, what: str) -> None:
        self._on_step(self._done, 2 + 5 * len(self._questions), what)
        self._done += 1


def _firsts(above: Sequence[Timing], below: Sequence[Timing]) -> Spread:
    return ratios([timing.first for timing in above], [timing.first for timing in below])


def _rate(timing: Timing) -> float:
    """Tokens a second behind the first."""
    return max(1, timing.answer_tokens - 1) / max(1e-9, timing.total - timing.first)


def _claims(answer: Answer) -> list[str]:
    """What there is to check: the sentences of an answer, over and over."""
    kept = [sentence.text for sentence in answer.sentences]
    drafted = [*kept, *(sentence.text for sentence in answer.withdrawn)] or [answer.question]
    return (drafted * _CLAIMS)[:_CLAIMS]
