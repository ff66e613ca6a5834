"""What a place says otherwise than a sentence that has its names and figures: every rule that reads both."""

from collections.abc import Callable, Sequence

from assistant.finding.choosing import asks_for_a_choice
from assistant.finding.quote import Quote
from assistant.proof.agents import invented_agent
from assistant.proof.borrowing import joined_from_the_question
from assistant.proof.bounds import compares_with_itself, other_bound, takes_a_start_for_a_step
from assistant.proof.conditions import loses_the_condition
from assistant.proof.counts import other_count
from assistant.proof.duties import mistaken_duty
from assistant.proof.left_open import states_what_is_left_open
from assistant.proof.purposes import takes_result_for_purpose
from assistant.proof.ranges import other_range
from assistant.proof.repetition import says_itself
from assistant.proof.sources_named import claims_agreement, other_speaker
from assistant.proof.subjects import invented_label, other_subject
from assistant.proof.superlatives import ranks_without_ground

LEFT_OPEN = "the passage leaves open whether it is so"
NOT_RANKED = "the passage does not rank it"
NO_SUCH_LABEL = "the passage has nothing under that label"
TELLS_NOTHING_OF_IT = frozenset((LEFT_OPEN, NOT_RANKED, NO_SUCH_LABEL))
"""Reasons after which what the passage says is no answer either."""


def said_otherwise(
    sentence: str, quotes: Sequence[Quote], question: str, words_of: Callable[[str], frozenset[str]]
) -> str | None:
    """The reason why the quotes do not say this, best first; None where no rule finds one."""
    read = " ".join(quote.text for quote in quotes)
    return _other_thing(sentence, read, question) or _other_way(sentence, quotes, read, question, words_of)


def _other_thing(sentence: str, read: str, question: str) -> str | None:
    """Another bound, range, count or subject than the quotes have, or a doer or duty they do not know."""
    bound = other_bound(sentence, read, question)
    if bound is not None:
        return f"the passage does not say {bound}"
    between = other_range(sentence, read)
    if between is not None:
        return f"the passage does not say {between}"
    counted = other_count(sentence, read)
    if counted is not None:
        return f"the passage does not count {counted}"
    other = other_subject(sentence, read)
    if other is not None:
        return f"the passage says it of {other}"
    done = invented_agent(sentence, read)
    if done is not None:
        return f"the passage does not say who {done} it"
    return mistaken_duty(sentence, read)


def _other_way(
    sentence: str,
    quotes: Sequence[Quote],
    read: str,
    question: str,
    words_of: Callable[[str], frozenset[str]],
) -> str | None:
    """Who says it, under what condition, for what purpose, how surely, and from where."""
    origins = " ".join(f"{quote.under_its_title} {quote.passage.publisher or ''}" for quote in quotes)
    speaker = other_speaker(sentence, origins)
    known = " ".join((question, origins, *(quote.passage.text for quote in quotes)))
    label = invented_label(sentence, known, words_of)
    joined = joined_from_the_question(sentence, f"{read} {origins}", question, words_of)
    rules = (
        (label is not None, NO_SUCH_LABEL),
        (ranks_without_ground(sentence, f"{read} {origins}"), NOT_RANKED),
        (claims_agreement(sentence) and not claims_agreement(read), "no passage says whether others agree"),
        (speaker is not None, f"the passage is not what {speaker} says"),
        (
            asks_for_a_choice(question) and loses_the_condition(sentence, quotes[0].text),
            "the passage says so under a condition alone",
        ),
        (joined is not None, f"the passage says nothing of {joined}"),
        (compares_with_itself(sentence) or says_itself(sentence), "it compares something with itself"),
        (
            takes_result_for_purpose(sentence, read),
            "the passage says that it came of it, not that it was meant",
        ),
        (states_what_is_left_open(sentence, read, words_of), LEFT_OPEN),
        (
            takes_a_start_for_a_step(sentence, read),
            "the passage has it change from that figure, not by it",
        ),
    )
    return next((why for holds, why in rules if holds), None)
