"""A small made-up library and the answers scripted from it: nothing in it is about real products."""

from dataclasses import dataclass, field

from assistant.answer import Claim, Disagreement, NearestArticle, Status, Support, Withdrawn
from index_store.article import Article

DEMO_EXAMPLES = (
    "What do we gain by moving from Alder 2 to Alder 3?",
    "How much memory does Alder 3 need?",
    "What did the bank change, and what did it cost?",
    "Does Alder 3 support Icelandic?",
)

_ALDER_3 = """Northfold released the third generation of its open models this spring. The weights are \
published under Apache-2.0, so a firm may run, change and redistribute them without asking.

What changed
Alder 3 reads up to 32,000 tokens, four times as many as its predecessor. On the public reading test it \
answers 71 of 100 questions, where Alder 2 answered 58. The tokenizer was rebuilt, and prompts in German \
and French became about a fifth shorter.

Running it
In four-bit form the 7B model needs 5.1 GB of memory with a context of 8,000 tokens. We recommend two \
fast cores or more."""

_TIMED = """We put Alder 3 on an ordinary two-core server and measured for a week.

Memory
The four-bit 7B model took 6.4 GB of memory with a context of 8,000 tokens, measured as resident size at \
the end of a long chat.

Speed
It wrote 19 tokens a second, and read prompts at 88 tokens a second. The first word came after four \
seconds on average, nearly all of it spent reading."""

_BANK = """A mid-sized bank ran Alder 2 inside its own network until the supplier's terms changed.

What they changed
The platform team replaced the model behind an unchanged interface, and kept the old one running beside it \
for six weeks. Every answer was logged with both versions, and reviewers compared 400 of them by hand.

What it cost
The move took two engineers nine weeks. No new hardware was bought; the largest item was the review of \
answers, at about 60 working days."""

_NOTES = """Short notes taken while running small models near the people who use them.

On languages
We tried the common European languages only. For anything else, test with your own documents first."""


def _article(path: str, title: str, publisher: str | None, published: str | None, text: str) -> Article:
    url = f"https://{path.partition('/')[0]}.example/{path.rpartition('/')[2].removesuffix('.md')}"
    return Article("demo", path, title, text, (), publisher, None, url, published, "en")


ALDER_3 = _article(
    "northfold/alder-3.md", "Alder 3: what changed", "Northfold Research", "2025-03-18", _ALDER_3
)
TIMED = _article(
    "quay-systems/timing-alder-3.md", "A week with Alder 3 on two cores", "Quay Systems", "2025-03-27", _TIMED
)
BANK = _article(
    "harbour-letter/a-bank-moves.md",
    "How one bank moved its model",
    "The Harbour Letter",
    "2025-05-02",
    _BANK,
)
NOTES = Article("demo", "notes/field-notes.txt", "Field notes on small models", _NOTES)


@dataclass(frozen=True, slots=True)
class Quoted:
    """Words of an article that carry a sentence, and the heading they stand under."""

    article: Article
    heading: str
    words: str


@dataclass(frozen=True, slots=True)
class ScriptedSentence:
    """One drafted sentence; with `why` it is taken back after it was shown."""

    text: str
    sources: tuple[Quoted, ...] = ()
    support: Support = "supported"
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Script:
    """What the demo says to a question that holds any of `cues`. Claims count citations from 1."""

    cues: tuple[str, ...]
    status: Status = "answered"
    sentences: tuple[ScriptedSentence, ...] = ()
    missing: str | None = None
    disagreements: tuple[Disagreement, ...] = ()
    nearest: tuple[NearestArticle, ...] = ()
    standalone: str | None = None
    failure: str | None = None
    slowness: float = 1.0
    also_found: tuple[Article, ...] = field(default=())

    @property
    def withdrawn(self) -> tuple[Withdrawn, ...]:
        """The sentences that the finished answer no longer shows."""
        return tuple(Withdrawn(one.text, one.why) for one in self.sentences if one.why)


_LICENCE = Quoted(ALDER_3, "Alder 3: what changed", "The weights are published under Apache-2.0")
_CONTEXT = Quoted(
    ALDER_3, "What changed", "Alder 3 reads up to 32,000 tokens, four times as many as its predecessor."
)
_READING = Quoted(ALDER_3, "What changed", "it answers 71 of 100 questions, where Alder 2 answered 58")
_TOKENS = Quoted(ALDER_3, "What changed", "prompts in German and French became about a fifth shorter")
_CLAIMED = Quoted(ALDER_3, "Running it", "the 7B model needs 5.1 GB of memory with a context of 8,000 tokens")
_MEASURED = Quoted(TIMED, "Memory", "took 6.4 GB of memory with a context of 8,000 tokens")
_SPEED = Quoted(TIMED, "Speed", "It wrote 19 tokens a second, and read prompts at 88 tokens a second.")
_REPLACED = Quoted(
    BANK, "What they changed", "The platform team replaced the model behind an unchanged interface"
)
_BESIDE = Quoted(BANK, "What they changed", "kept the old one running beside it for six weeks")
_COST = Quoted(BANK, "What it cost", "The move took two engineers nine weeks.")
_REVIEW = Quoted(BANK, "What it cost", "the largest item was the review of answers, at about 60 working days")

DEFAULT_SCRIPT = Script(
    cues=(),
    sentences=(
        ScriptedSentence("Alder 3 reads four times as much text at once: up to 32,000 tokens.", (_CONTEXT,)),
        ScriptedSentence(
            "On the public reading test it answers 71 of 100 questions, against 58 for Alder 2.", (_READING,)
        ),
        ScriptedSentence(
            "German and French prompts became about a fifth shorter, and the weights are under Apache-2.0.",
            (_TOKENS, _LICENCE),
        ),
        ScriptedSentence("On two cores it wrote 19 tokens a second in an independent test.", (_SPEED,)),
    ),
)

SCRIPTS = (
    Script(
        cues=("memory",),
        sentences=(
            ScriptedSentence(
                "The four-bit 7B model needs between 5.1 and 6.4 GB of memory.", (_CLAIMED, _MEASURED)
            ),
            ScriptedSentence("Both figures are for a context of 8,000 tokens.", (_CLAIMED, _MEASURED)),
        ),
        disagreements=(
            Disagreement(
                "memory of the four-bit 7B model at 8,000 tokens",
                (Claim("It needs 5.1 GB of memory.", 1), Claim("It took 6.4 GB of memory.", 2)),
            ),
        ),
    ),
    Script(
        cues=("bank", "cost"),
        status="partly",
        sentences=(
            ScriptedSentence(
                "The bank replaced the model behind an unchanged interface and kept the old one running"
                " beside it for six weeks.",
                (_REPLACED, _BESIDE),
            ),
            ScriptedSentence(
                "It bought eight new servers for the purpose.",
                why="The article says the opposite: no new hardware was bought.",
            ),
            ScriptedSentence("The move took two engineers nine weeks.", (_COST,)),
            ScriptedSentence(
                "Checking the answers was the main expense, so a smaller sample would have been cheaper.",
                (_REVIEW,),
                support="weak",
            ),
        ),
        missing="The articles give the effort in working days; they do not name a sum of money.",
    ),
    Script(
        cues=("icelandic", "weather", "football"),
        status="not_in_library",
        nearest=(
            NearestArticle(
                NOTES.path, NOTES.title, NOTES.published, "We tried the common European languages only."
            ),
            NearestArticle(ALDER_3.path, ALDER_3.title, ALDER_3.published),
            NearestArticle(TIMED.path, TIMED.title, TIMED.published),
        ),
    ),
    Script(
        cues=("how fast", "and the speed", "is it fast"),
        standalone="How fast is Alder 3 on two cores?",
        sentences=(
            ScriptedSentence(
                "In an independent test on two cores it wrote 19 tokens a second and read 88.", (_SPEED,)
            ),
        ),
        also_found=(ALDER_3, BANK, NOTES),
    ),
    Script(
        cues=("locked",),
        failure="The library at 'demo' is held by another process: close it, or use the running server",
    ),
    Script(
        cues=("slowly",),
        slowness=8.0,
        sentences=DEFAULT_SCRIPT.sentences,
    ),
)
