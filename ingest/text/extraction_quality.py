"""How well pages are read: what was extracted beside what a person would have copied.

    python -m ingest.text.extraction_quality FOLDER

FOLDER holds pages as they were saved (NAME.html), and beside each the article as a person would copy it
(NAME.md: front matter with what the page tells of itself, then the words).
"""

import re
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from index_store.article import Article
from ingest.article_file import ArticleReader
from ingest.text.front_matter import read_front_matter

FACTS = ("title", "author", "publisher", "published", "updated", "url", "language")
# Scripts without spaces between words count sign by sign: a run of them would be right or wrong as a whole.
_TOKEN = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\W\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+"
)


@dataclass(frozen=True, slots=True)
class PageScore:
    """`precision`, `recall` and `f1` are from 0 to 1; `wrong` names the facts that are not as expected."""

    name: str
    precision: float
    recall: float
    wrong: tuple[str, ...]

    @property
    def f1(self) -> float:
        """The harmonic mean of the two."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def tokens(text: str) -> Counter[str]:
    """The words of a text in lower case, each as often as it stands there; marks do not count."""
    return Counter(_TOKEN.findall(text.casefold()))


def score(found: Article, expected: str, *, name: str) -> PageScore:
    """One page's score. `expected` is front matter and text.

    Token F1: words that both texts have, each as often as in the one that has it less often, by the words
    found (precision) and by the words expected (recall). The title is compared among the facts, so where the
    text begins with it as a heading, that heading does not count. A fact that a page does not tell is to
    be None; a publisher or a title may differ in the case of its letters.
    """
    head = read_front_matter(expected)
    text = _without_title(found, head.title)
    ours, theirs = tokens(text), tokens(expected[head.body_starts :])
    shared = (ours & theirs).total()
    return PageScore(
        name,
        precision=shared / max(1, ours.total()),
        recall=shared / max(1, theirs.total()),
        wrong=tuple(fact for fact in FACTS if _differs(getattr(found, fact), getattr(head, fact))),
    )


def score_folder(folder: Path) -> list[PageScore]:
    """The scores of all pages in `folder` that have their text beside them. Raises as reading does."""
    reader = ArticleReader()
    return [
        score(
            reader.read(page, source=str(folder), path=page.name),
            page.with_suffix(".md").read_text(encoding="utf-8"),
            name=page.stem,
        )
        for page in sorted(folder.glob("*.html"))
        if page.with_suffix(".md").exists()
    ]


def report(scores: Sequence[PageScore]) -> str:
    """A line for each page, and one for all."""
    lines = [
        f"{one.f1:.3f}  {one.precision:.3f}  {one.recall:.3f}  {one.name:24}  {' '.join(one.wrong)}".rstrip()
        for one in scores
    ]
    count = max(1, len(scores))
    mean = sum(one.f1 for one in scores) / count
    right = 1 - sum(len(one.wrong) for one in scores) / (count * len(FACTS))
    return "\n".join(
        [
            "F1     prec.  recall page                      facts that differ",
            *lines,
            f"{mean:.3f}  token F1, mean of {len(scores)} pages",
            f"{right:.3f}  facts as expected, of {len(scores) * len(FACTS)}",
        ]
    )


def _without_title(found: Article, title: str | None) -> str:
    first = next(iter(found.blocks), None)
    if first is None or first.kind != "heading" or title is None:
        return found.text
    is_title = tokens(found.text[first.start : first.end]) == tokens(title)
    return found.text[first.end :] if is_title else found.text


def _differs(found: str | None, expected: str | None) -> bool:
    return (found or "").casefold() != (expected or "").casefold()


def main(arguments: Sequence[str]) -> str:
    """The report on the folder that is named. Exits with a line where there is none, or no page in it."""
    if len(arguments) != 1 or not Path(arguments[0]).is_dir():
        sys.exit(f"no folder {' '.join(arguments)!r}; name one that has NAME.html and NAME.md of each page")
    scores = score_folder(Path(arguments[0]))
    if not scores:
        sys.exit(f"folder {arguments[0]!r}: no page in it has its text beside it; add NAME.html and NAME.md")
    return report(scores)


if __name__ == "__main__":
    print(main(sys.argv[1:]))
