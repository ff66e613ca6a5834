"""Completes a draft with the articles' own sentences: those that answer the question and are not yet said."""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from assistant.finding.choosing import asks_for_a_choice
from assistant.finding.evidence_sentences import Candidate, EvidenceSentences
from assistant.finding.question import asks_yes_or_no
from assistant.finding.question_parts import asking_sentence
from assistant.finding.quote import Quote
from assistant.proof.exact_terms import missing_names, missing_numbers, missing_terms
from assistant.proof.prices import can_tell_price
from assistant.proof.quote_ranking import RankedQuote
from assistant.proof.superlatives import can_be_the_most
from assistant.proof.table_cells import CELL
from assistant.proof.table_rows import is_asked_against

# From this log odds of "the sentence answers the question" on a part of it counts as answered; a quote is
# better than nothing from the lower one on: of 35 quotations in answers none of the 8 below it held a fact of
# the right answer, 11 of the others did. Measured on the development questions, see docs/log.md.
ANSWERS = -0.5
BETTER_THAN_NOTHING = -0.65
# So does what a draft has most of its words from, from here on: of 21 such quotes 17 held a fact.
_TOLD, _BETTER_IF_TOLD = 0.6, -1.0
# Where a draft finds nothing, and beside what stands, a quote has to answer more likely than not.
SURE = 0.0
# Beside a draft or another quote, its worth decides: of the best sentences of 91 questions three in five that
# are worth this much hold a fact of the right answer, and one in ten below.
WORTH_ADDING = 1.5
# So much an account of another article is worth beside what one has told already (docs/log.md).
_ANOTHER_ACCOUNT = 1.0
# What columns are called, and what is asked.
_LIKES = (
    "price prices cost costs costing fee fees charge rate pay much expensive cheap",
    "weight weigh weighs heavy light kg",
    "age old year years since",
    "length long duration lasts minutes hours days",
    "size large big small gb mb parameters",
    "speed fast slow quick latency throughput",
    "date when day released",
    "number many count total",
    "memory ram vram gpu",
    "score scores best better performance rank ranking accuracy",
)
# An author who says what he is about to tell, or has looked at, tells none of it.
_PLAN = re.compile(
    r"\W*(?:(?:in )?(?:this|the present) (?:article|post|section|chapter|guide)\b"
    r"|(?:here|below),? we\b|we (?:will |now |then |first |also )?(?:compared?|look(?:ed)? at|describe"
    r"|discuss|cover|explain|examine|introduce)\b)",
    re.IGNORECASE,
)
# Where a text is from is told by its footnote already.
_WHERE_FROM = re.compile(
    r"\W*(?:sources?|see(?: also)?|references?|(?:read|learn|find out) more|more|via|links?"
    r"|(?:originally )?published (?:at|on))\W+https?://\S+\s*$",
    re.IGNORECASE,
)
_ASKS_WHERE = re.compile(r"\b(?:urls?|links?|address(?:es)?|web ?(?:site|page)s?|sources?|where)\b", re.I)
# Such a share of a quote's words in the answer, figures and names included, and it says nothing new.
SAID = 0.75
# All names and figures of a part, and such a share of its words, in what was quoted for another: it needs
# no quote of its own.
_ANSWERED = 0.5


@dataclass(frozen=True, slots=True)
class JudgedQuote:
    """What might be quoted, and the model's log odds that it answers the question, or a part of it.

    `part` counts the parts, and `asked` has the words of this one; empty, it is the question as a whole.
    """

    ranked: RankedQuote
    margin: float
    part: int = 0
    asked: str = ""

    @property
    def answers(self) -> bool:
        """Whether it is better than nothing."""
        told = self.ranked.told >= _TOLD
        return self.margin >= (_BETTER_IF_TOLD if told else BETTER_THAN_NOTHING)

    @property
    def worth(self) -> float:
        """Higher is better: the scores of two quotes differ by tenths, their margins by ones."""
        return 5 * self.ranked.score + self.margin


class Completer:
    """Chooses quotes for an answer in the making."""

    def __init__(
        self,
        sentences: EvidenceSentences,
        judged: Sequence[JudgedQuote],
        *,
        cited: Collection[str] = (),
        far: Callable[[Quote], bool] = lambda _: False,
    ) -> None:
        """`cited` are the keys of articles that have told their account: another's comes first.

        What is `far` from the question stands beside nothing.
        """
        self._sentences = sentences
        self._is_far = far

        def worth(one: JudgedQuote) -> float:
            told = not cited or one.ranked.candidate.quote.passage.article_key in cited
            return one.worth + (0.0 if told else _ANOTHER_ACCOUNT)

        self._judged = sorted(judged, key=lambda one: -worth(one))

    def quotes(self, said: str, most: int) -> list[JudgedQuote]:
        """At most `most` quotes that answer and that `said` does not hold yet, the best first."""
        chosen: list[JudgedQuote] = []
        alone = not said
        for one in self._in_turn(said):
            if len(chosen) == most:
                break
            quote = one.ranked.candidate.quote
            known = "\n".join(earlier.ranked.candidate.quote.under_its_title for earlier in chosen)
            if (
                one.answers
                and (not said or (one.worth >= WORTH_ADDING and not self._is_far(quote)))
                and speaks_of(
                    one.ranked.candidate, one.asked or self._sentences.question, self._sentences, alone=alone
                )
                and says_more(one.ranked.candidate, said, self._sentences)
                and not (one.asked and known and answers_part(known, one.asked, self._sentences))
            ):
                chosen.append(one)
                said = f"{said}\n{quote.text}"
        return chosen

    def best_margins(self) -> dict[int, float]:
        """The greatest log odds for each part of the question that was judged."""
        best: dict[int, float] = {}
        for one in self._judged:
            best[one.part] = max(one.margin, best.get(one.part, one.margin))
        return best

    def _in_turn(self, said: str) -> list[JudgedQuote]:
        """The best quote for each part of the question first, then the second best for each.

        The parts whose names and figures `said` lacks come before the others, those that lack most first;
        of these a quote that answers other parts as well.
        """
        parts = {one.asked for one in self._judged if one.asked}
        had: dict[int, int] = {}
        places = []
        for one in self._judged:
            open_terms = len(missing_terms(one.asked, said)) if one.asked else 0
            text = one.ranked.candidate.quote.under_its_title
            answered = sum(answers_part(text, part, self._sentences) for part in parts)
            places.append((had.get(one.part, 0), -open_terms, -answered))
            had[one.part] = had.get(one.part, 0) + 1
        order = sorted(range(len(places)), key=lambda place: places[place])
        return [self._judged[place] for place in order]


def speaks_of(candidate: Candidate, asked: str, sentences: EvidenceSentences, *, alone: bool) -> bool:
    """Whether a quote, read under its title, has what it is asked about; beside a draft, half of it."""
    if asks_for_a_choice(asked):
        # What is advised names what to take, seldom what the asker has told of the case.
        asked = asking_sentence(asked)
    if sentences.row_asked_about(candidate, asked) is not None or not tells_of(
        candidate.quote, asked, sentences
    ):
        return False
    missing = missing_terms(asked, candidate.quote.under_its_title)
    return not missing if alone else 2 * len(missing) <= len(missing_terms(asked, ""))


def tells_of(quote: Quote, asked: str, sentences: EvidenceSentences) -> bool:
    """Whether a quote tells anything of what was asked: no row without such a column, no plan, no mere link.

    The first cell of a row names what it is of. What has no word beyond the question tells nothing, either,
    nor does a row without money of a price, or one that is first in nothing of what is first.
    """
    if not sentences.words(quote.text) - sentences.words(asked) and not asks_yes_or_no(asked):
        return False
    row, _, told = quote.text.partition(CELL)
    if not told:
        where_from = _WHERE_FROM.match(quote.text) and not _ASKS_WHERE.search(asked)
        return not where_from and _PLAN.match(quote.text) is None
    columns = sentences.columns_of(quote)
    if is_asked_against(asked, quote.text, columns, sentences.words):
        return False
    words = sentences.words(asked) - sentences.words(row)
    above = quote.under_its_title.removesuffix(quote.text)
    read = f"{told}\n{columns}\n{above}"
    if not (can_tell_price(asked, read) and can_be_the_most(quote, asked, sentences)):
        return False
    return not words or bool(words & _with_likes(sentences.words(read), sentences))


def answers_part(said: str, asked: str, sentences: EvidenceSentences) -> bool:
    """Whether a text has the names and figures of a part of the question, and half of its words.

    Half of the words beside names and figures brings one fact more in 66 answers, and five quotes beside the
    point: what answers has mostly other words (docs/log.md).
    """
    words = sentences.words(asked)
    return not missing_terms(asked, said) and len(words & sentences.words(said)) >= _ANSWERED * len(words)


def says_more(candidate: Candidate, said: str, sentences: EvidenceSentences) -> bool:
    """Whether a quote has a figure, a name, or a good part of its words that `said` lacks."""
    return adds_to(candidate.quote.text, candidate.words, said, sentences)


def is_news(text: str, said: str, sentences: EvidenceSentences) -> bool:
    """Whether a sentence has a figure, a name, or a good part of its words that `said` lacks."""
    return adds_to(text, sentences.words(text), said, sentences)


def adds_to(text: str, words: frozenset[str], said: str, sentences: EvidenceSentences) -> bool:
    """Whether a sentence of these stemmed words has a figure, a name, or a part of them that `said` lacks."""
    if missing_numbers(text, said) or missing_names(text, said):
        return True
    return len(words & sentences.words(said)) / max(1, len(words)) < SAID


def _with_likes(words: frozenset[str], sentences: EvidenceSentences) -> frozenset[str]:
    """Words of columns with what is asked for instead: "How heavy is it?" of a weight."""
    likes = (sentences.words(group) for group in _LIKES)
    return words.union(*(group for group in likes if words & group))
