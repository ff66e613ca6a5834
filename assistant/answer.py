"""What an answer is: sentences, each with the passages that carry it, and what was not found.

These are the values that the page, the terminal and the JSON output show; nothing here knows how
they are made.
"""

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from index_store.passage_store import Origin

Status = Literal["answered", "partly", "not_in_library"]
Support = Literal["supported", "weak", "unsupported"]


@dataclass(frozen=True, slots=True)
class Citation:
    """A numbered footnote: `quote` is the article's clean text at [start, end).

    Numbers and pages count from 1; `article` is a path in its source or an address, `published` an ISO day.
    `origins` are the other places where the same text was published.
    """

    number: int
    article: str
    title: str
    publisher: str | None
    url: str | None
    published: str | None
    heading: str | None
    page: int | None
    passage: str
    quote: str
    start: int
    end: int
    origins: tuple[Origin, ...] = ()


@dataclass(frozen=True, slots=True)
class AnsweredSentence:
    """One shown sentence, the numbers of its citations, and how far they carry it (score 0 to 1)."""

    text: str
    citations: tuple[int, ...]
    support: Support
    score: float


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A drafted sentence that was taken back, and why, in words for the reader."""

    text: str
    why: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """A passage that was shown to the model, and its score, which compares within this answer only."""

    article: str
    passage: str
    score: float


@dataclass(frozen=True, slots=True)
class Claim:
    """One side of a disagreement: what a source says, and the citation that says it."""

    text: str
    citation: int


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Incompatible values for the same thing at the same time, side by side."""

    about: str
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class NearestArticle:
    """An article that stands near a question which the library does not answer.

    `quote` is the sentence of it that comes nearest, None where none comes near.
    """

    article: str
    title: str
    published: str | None
    quote: str | None = None


@dataclass(frozen=True, slots=True)
class ModelName:
    """Which model wrote the answer: catalogue id, and the hash of its file where it has one."""

    id: str
    sha256: str | None


@dataclass(frozen=True, slots=True)
class Timings:
    """Milliseconds from the question's arrival, and tokens; `prompt_tokens` counts kept states too."""

    retrieve_ms: float = 0.0
    first_token_ms: float = 0.0
    total_ms: float = 0.0
    verify_ms: float = 0.0
    prompt_tokens: int = 0
    answer_tokens: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole reply. `text` holds the shown sentences, each followed by its marks: "So it is. [1][2]".

    `missing` is what a `partly` answer does not tell; `nearest` has articles where the status is
    `not_in_library`, and then there are no sentences. `evidence` is in order, best first.
    """

    question: str
    standalone_question: str
    status: Status
    text: str
    model: ModelName
    sentences: tuple[AnsweredSentence, ...] = ()
    withdrawn: tuple[Withdrawn, ...] = ()
    missing: str | None = None
    citations: tuple[Citation, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()
    nearest: tuple[NearestArticle, ...] = ()
    timings: Timings = field(default_factory=Timings)

    def to_json(self) -> dict[str, Any]:
        """The answer as plain JSON values, in the form that `footnote ask --json` prints."""
        return asdict(self)
