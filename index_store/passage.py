"""What is searched and cited: a passage, which always knows its place in its article."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of one article's clean text: `text == article.text[start:end]`.

    `headings` is the path of section headings above it, outermost first; the title may be one of them.
    `ordinal` counts passages within the article from 0. `page` is the page that it begins on, counted from 1,
    for paged sources only; `page_breaks` are the later pages in it: (offset in the article's text, page).
    `lead` holds earlier words of the article without which the text is not understood: the line that leads
    to a list, the header row of a table that was cut. It is read and searched with the text, never quoted.
    """

    id: str
    source: str
    article: str
    title: str
    text: str
    start: int
    end: int
    ordinal: int
    headings: tuple[str, ...] = ()
    publisher: str | None = None
    url: str | None = None
    published: str | None = None
    page: int | None = None
    lead: str = ""
    page_breaks: tuple[tuple[int, int], ...] = ()

    def page_at(self, offset: int) -> int | None:
        """The page on which the sign at `offset` of the article's text stands, an offset in this passage."""
        later = [page for start, page in self.page_breaks if start <= offset]
        return later[-1] if later else self.page

    @property
    def heading(self) -> str | None:
        """The innermost heading, or None before the first one and where it only says the title again."""
        innermost = self.headings[-1] if self.headings else None
        return None if innermost == self.title else innermost

    @property
    def origin(self) -> str:
        """What it is from and where it stands: title, headings, lead, publisher and date, a line each."""
        known = (self.title, *self.headings, self.lead, self.publisher, self.published)
        return "\n".join(line for line in known if line)

    @property
    def article_key(self) -> str:
        """The key of the article it belongs to."""
        return f"{self.source}\n{self.article}"


@dataclass(frozen=True, slots=True)
class ScoredPassage:
    """A passage that a search found.

    `score` is fused from both searches (higher is better, comparable within one search only);
    `dense` is the cosine to the question in [-1, 1], None where it was not among the dense hits.
    """

    passage: Passage
    score: float
    dense: float | None = None
