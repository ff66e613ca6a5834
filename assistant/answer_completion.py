"""An answer being completed: the articles' own sentences that a draft leaves out, and what contradicts it."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from assistant.answer_clock import AnswerClock
from assistant.answer_settings import AnswerSettings
from assistant.asked import Asked
from assistant.composition import Composition
from assistant.drafts import Drafted
from assistant.events import AnswerEvent, SentenceChecked
from assistant.finding.evidence_sentences import EvidenceSentences
from assistant.finding.question_parts import asking_sentence
from assistant.finding.quote import Quote, quotes_of
from assistant.finding.regulated import put_as
from assistant.finding.unknown_names import unknown_names
from assistant.proof.about_one import AboutOne
from assistant.proof.completing import (
    ANSWERS,
    BETTER_THAN_NOTHING,
    SURE,
    Completer,
    JudgedQuote,
    answers_part,
)
from assistant.proof.counts import things_asked
from assistant.proof.disagreement import DisagreementFinder, same_time
from assistant.proof.drafted_terms import quote_of_drafted
from assistant.proof.exact_terms import missing_terms
from assistant.proof.other_articles import OtherArticles
from assistant.proof.quote_judgement import QuoteJudgement
from assistant.proof.reasons import Reasons, asks_for_a_reason, gives_a_reason
from assistant.proof.relevance import Relevance
from assistant.proof.repetition import holds_all
from assistant.proof.selected_rows import selected_rows
from assistant.proof.verification import Verifier
from assistant.proof.wholeness import Wholeness

_QUOTES_ALONE = 2
# So many names and figures in a question tell what it is of: one, and a half of the words, do not.
_MANY = 3
# Of six quotes for a lost part beside words of the model's own, in three libraries, none had a further
# fact; the likeliest had 1.0. Below this the part is left to be told as missing.
_BESIDE_OWN_WORDS = 1.2
# Such a share of the words in which a draft says what the sources lack is the question's, or it is of no use.
_ASKED_FOR = 0.4


class AnswerCompletion:
    """Completes one answer, in its composition."""

    def __init__(
        self,
        asked: Asked,
        composition: Composition,
        sentences: EvidenceSentences,
        quotes: QuoteJudgement,
        *,
        verifier: Verifier,
        wholeness: Wholeness,
        reasons: Reasons,
        relevance: Relevance,
        others: OtherArticles,
        parts: Sequence[str],
        settings: AnswerSettings,
        clock: AnswerClock,
    ) -> None:
        """`parts` are those of the question, or the questions about each of several things."""
        self._asked = asked
        self._composition = composition
        self._sentences = sentences
        self._quotes = quotes
        self._verifier = verifier
        self._wholeness = wholeness
        self._reasons = reasons
        self._relevance = relevance
        self._others = others
        self._parts = parts
        self._settings = settings
        self._clock = clock

    def run(self, drafted: Drafted, disagreements: DisagreementFinder) -> Iterator[AnswerEvent]:
        """Add the articles' own sentences that answer, and what other sources say against it.

        Quotes stand where nothing else does, of the whole or of a part: of 16 quotes behind an answer that
        had something for everything asked none held a further fact (docs/log.md).
        """
        composition = self._composition
        if composition.is_empty and composition.found_nothing:
            return
        composition.missing = self._lacking()
        each = self._asked.each
        if composition.is_empty and drafted.outright is not None:
            drafted.named = True
            yield from self._add(drafted.outright)
        if not each and not drafted.named:
            yield from self._tell_rows(drafted)
        if self._most_quotes(drafted):
            yield from self._quote(drafted)
            if composition.is_empty:
                composition.found_nothing = True
                return
        if not each:
            yield from self._tell_why()
            if not (drafted.named or self._quotes.is_sure(composition.said)):
                yield from self._make_whole()
        composition.tell_once(partial(holds_all, sentences=self._sentences))
        if not each:
            with self._clock.checks():
                composition.also_cite(self._others.same.of)
        quotes = [quote for hit in composition.evidence for quote in quotes_of(hit.passage)]
        for contradiction in disagreements.find(quotes, self._asked.standalone):
            # Sources may well disagree on something that this answer does not rest on.
            if composition.cites(contradiction.one) or composition.cites(contradiction.other):
                yield from composition.disagree(contradiction)
        if not each:
            yield from self._tell_other_values([quote for quote in quotes if composition.cites(quote)])
            yield from self._tell_further()
            with self._clock.checks():
                composition.keep_to_the_question(self._relevance.beside)

    def _quote(self, drafted: Drafted) -> Iterator[AnswerEvent]:
        """The judged quotes that say what the drafts do not, or what these named.

        Where nothing that was drafted for one question stands, what it nearly copied comes first: the model
        that denies its own sentence seldom knows a better one. What it only named comes last.
        """
        composition, each = self._composition, self._asked.each
        found_nothing = drafted.few_found_nothing or composition.lacks is not None
        if not (found_nothing or each or len(self._parts) > 1):
            yield from self._tell_named(drafted, copied=True)
            if drafted.named:
                return
        judged = self._judged(self._settings.judged_quotes)
        if not (composition.only_quotes or each):
            judged = [one for one in judged if one.margin >= _BESIDE_OWN_WORDS]
        elif drafted.few_found_nothing or not (composition.is_empty or each):
            judged = [one for one in judged if one.margin >= SURE]
        # What one thing is told of already needs no quote, whatever else of it was lost.
        completer = Completer(
            self._sentences,
            [one for one in judged if not each or one.part not in drafted.told],
            far=self._sentences.is_far,
        )
        for one in completer.quotes(composition.said, self._most_quotes(drafted)):
            # Nothing that was drafted says this, or says it right: the article does.
            quote = one.ranked.candidate.quote
            if composition.cites(quote):
                continue  # whoever wants the article's words opens the footnote
            if each and AboutOne(self._verifier, each[one.part], each).other_in(quote) is not None:
                continue
            if composition.is_empty or self._belongs(one):
                yield from self._add(quote)
        if not composition.is_empty:
            composition.missing = self._missing(completer.best_margins(), drafted)
        elif not found_nothing:
            yield from self._tell_named(drafted)

    def _tell_rows(self, drafted: Drafted) -> Iterator[AnswerEvent]:
        """All rows of a table that have what was asked for, unless each of them is named already."""
        selected = selected_rows(self._sentences)
        said = self._composition.said
        if selected is not None and not all(name in said for name in selected.names):
            drafted.named = True
            checked = self._composition.tell(selected.text, selected.quotes)
            self._clock.shown(checked.sentence.text)
            yield checked

    def _tell_named(self, drafted: Drafted, *, copied: bool = False) -> Iterator[AnswerEvent]:
        """The article's sentence that has what was drafted in vain, where nothing stands."""
        if self._composition.is_empty:
            named = quote_of_drafted(self._composition.taken_back, self._sentences, copied=copied)
            if named is not None:
                drafted.named = True
                yield from self._add(named)

    def _tell_other_values(self, cited: Sequence[Quote]) -> Iterator[AnswerEvent]:
        """What other articles answer instead: at the same time, against this; at another, as a change."""
        composition = self._composition
        with self._clock.checks():
            others = self._others.values.of(cited)
        for contradiction, hit in others:
            if composition.has_set_apart(contradiction):
                continue
            composition.show(hit)
            if same_time(contradiction.one, contradiction.other):
                yield from composition.disagree(contradiction)
            elif not composition.cites(contradiction.other):
                yield composition.tell_change(contradiction)

    def _tell_further(self) -> Iterator[AnswerEvent]:
        """What another article answers besides, where it comes near to what is told."""
        composition = self._composition
        with self._clock.checks():
            found = self._others.further.of(composition.told, composition.articles_cited)
        if found is not None:
            hit, quote = found
            composition.show(hit)
            yield from self._add(quote)

    def _tell_why(self) -> Iterator[AnswerEvent]:
        """The reason, where it was asked for beside the answer and is not told yet."""
        composition, asked = self._composition, self._asked.standalone
        if composition.is_empty or not asks_for_a_reason(asked) or gives_a_reason(composition.said):
            return
        with self._clock.checks():
            quote = self._reasons.beside(composition.cites, put_as(asked))
        if quote is not None:
            yield from self._add(quote)

    def _make_whole(self) -> Iterator[AnswerEvent]:
        """Where what stands does not answer, one quote that does; else it is told that it answers in part.

        What is but quoted for one thing asked gets one beside it where it answers less likely than not. Words
        of the model's own on several things asked get none, nor does what names as many as were asked for.
        """
        composition, asked = self._composition, self._asked.standalone
        wanted = things_asked(asked)
        if (wanted is not None and composition.standing >= wanted) or not self._wants_more():
            return
        if composition.only_quotes or len(self._parts) == 1:
            judged = [one for one in self._judged(self._settings.judged_for_open) if one.margin >= SURE]
            cited = composition.articles_cited
            completer = Completer(self._sentences, judged, cited=cited, far=self._sentences.is_far)
            for one in completer.quotes(composition.said, 1):
                yield from self._add(one.ranked.candidate.quote)
        # What has all of many names and figures, and half of the words, is not told to answer nothing of it.
        named = missing_terms(asked, "")
        speaks_of_all = len(named) >= _MANY and answers_part(composition.said, asked, self._sentences)
        if composition.missing is None and not speaks_of_all:
            with self._clock.checks():
                lost = self._wholeness.missing(composition.said, self._parts)
            whole = lost == [asked]
            composition.missing = asked if whole else " ".join(map(asking_sentence, lost)) or None

    def _wants_more(self) -> bool:
        composition, whole = self._composition, self._wholeness
        with self._clock.checks():
            if composition.only_quotes and len(self._parts) <= 1:
                return whole.is_doubted(composition.said)
            return whole.leaves_open(composition.said)

    def _belongs(self, one: JudgedQuote) -> bool:
        """Whether a quote may stand beside others: it surely answers, or does so under its title too."""
        with self._clock.checks():
            return one.margin >= SURE or self._quotes.answers_under_its_title(one.ranked.candidate.quote)

    def _add(self, quote: Quote) -> Iterator[SentenceChecked]:
        checked = self._composition.quote(quote)
        self._clock.shown(checked.sentence.text)
        yield checked

    def _most_quotes(self, drafted: Drafted) -> int:
        """Two where nothing stands, and one for each part, or each thing, of which nothing is told."""
        if self._composition.is_empty:
            return _QUOTES_ALONE
        if self._asked.each:
            return len(self._parts) - len(drafted.told)
        parts = self._parts if len(self._parts) > 1 else ()
        said = self._composition.said
        return sum(not answers_part(said, part, self._sentences) for part in parts)

    def _missing(self, margins: Mapping[int, float], drafted: Drafted) -> str | None:
        """The parts of the question that no sentence answers, while others do; or what the draft missed."""
        if self._asked.each:
            lost = [
                part
                for place, part in enumerate(self._parts)
                if place not in drafted.told and margins.get(place, BETTER_THAN_NOTHING) < ANSWERS
            ]
            return " ".join(lost) or None
        weights = self._settings.sufficiency
        answered = any(margins.get(place, ANSWERS) >= ANSWERS for place in range(len(self._parts)))
        lost = [
            part
            for place, part in enumerate(self._parts)
            if margins.get(place, ANSWERS) < weights.missing_below
            or (len(self._parts) > 1 and unknown_names(part, self._composition.evidence))
        ]
        return " ".join(lost) if answered and lost and len(lost) < len(self._parts) else self._lacking()

    def _lacking(self) -> str | None:
        """What the draft said that the sources lack, if that was asked for."""
        lacks = self._composition.lacks
        if lacks is None:
            return None
        words = self._sentences.words(lacks)
        asked = words & self._sentences.words(self._asked.standalone)
        return lacks if len(asked) >= _ASKED_FOR * len(words) else None

    def _judged(self, most: int) -> Sequence[JudgedQuote]:
        with self._clock.checks():
            composition = self._composition
            return self._quotes.best(most, said=composition.said, drafted=composition.taken_back)
