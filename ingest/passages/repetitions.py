"""What of a library is said twice: which articles are reprints, which blocks a site prints everywhere.

The same articles always give the same result, in whatever order they came.
"""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace

from index_store.article import Article
from index_store.passage_store import ComparedArticle, Likeness, PassageStore
from ingest.passages.same_article import essence_of, same_article
from ingest.passages.shared_blocks import block_numbers, blocks_to_leave_out

# With how many others of the same essence an article is compared: made-up texts may have thousands.
_MOST_COMPARED = 20
# The fact in the library's state that says whether a sync came to its end, and by which rules it decided.
_FACT = "repetitions"
_OPEN = "open"
_SETTLED = "settled by every word"


@dataclass(frozen=True, slots=True)
class Place:
    """How one article stands among the others; see StoredArticle for the fields.

    `pipeline` is set where the article came from the store and not from its source.
    """

    likeness: Likeness = field(default_factory=Likeness, repr=False)
    duplicate_of: str | None = None
    left_out: tuple[int, ...] = ()
    pipeline: str | None = None

    @property
    def turn(self) -> int:
        """Lower turns are written first, so that nothing goes before what stands in for it is there."""
        if self.duplicate_of is not None:
            return 2
        return 1 if self.left_out else 0


_NOWHERE = Place()


class Repetitions:
    """Says what each article of a library is to the others. Reads texts only where two may be one."""

    def __init__(self, store: PassageStore) -> None:
        self._store = store

    def open(self) -> None:
        """Note that changes begin: should they not come to their end, the next sync looks at everything."""
        self._store.set_state({_FACT: _OPEN})

    def settle(self) -> None:
        """Note that all that was decided has been done."""
        if self._store.state().get(_FACT) != _SETTLED:
            self._store.set_state({_FACT: _SETTLED})

    def decide(
        self,
        changed: Mapping[str, Article],
        gone: AbstractSet[str],
        known: Mapping[str, Place],
    ) -> dict[str, Place]:
        """The places of the `changed` articles, and of all whose place is another one than before.

        `gone` are the keys of those that are deleted. `known` has the places that changed ones got before.
        """
        before = self._store.state().get(_FACT)
        was_left_open = before not in (None, _SETTLED)
        if not (changed or gone or was_left_open):
            return {}
        stored = {row.key: row for row in self._store.compared() if row.key not in gone}
        rows = dict(stored)
        if before not in (None, _OPEN, _SETTLED):
            rows |= self._by_these_rules(stored)
        rows |= {key: _compared(article, known.get(key)) for key, article in changed.items()}
        in_order = sorted(rows.values(), key=_preference)
        kept_as = self._duplicates(in_order, changed, look_at_all=was_left_open)
        left_out = blocks_to_leave_out(row for row in in_order if row.key not in kept_as)
        places = {
            row.key: replace(
                known.get(row.key, _NOWHERE),
                likeness=row.likeness,
                duplicate_of=kept_as.get(row.key),
                left_out=left_out.get(row.key, ()),
            )
            for row in in_order
        }
        return {
            key: place
            for key, place in places.items()
            if key in changed
            or (place.duplicate_of, place.left_out) != (stored[key].duplicate_of, stored[key].left_out)
            or rows[key] is not stored[key]
        }

    def _by_these_rules(self, rows: Mapping[str, ComparedArticle]) -> dict[str, ComparedArticle]:
        """Those of which an earlier version of Footnote told the likeness in another way, told anew."""
        found = {}
        for key, row in rows.items():
            article = self._stored(key)
            if article is not None and essence_of(article) != row.likeness.essence:
                found[key] = replace(row, likeness=Likeness(essence_of(article), row.likeness.blocks))
        return found

    def _duplicates(
        self, in_order: Sequence[ComparedArticle], changed: Mapping[str, Article], *, look_at_all: bool
    ) -> dict[str, str]:
        """For each article that is another one's reprint, the key of that one."""
        alike: dict[str, list[ComparedArticle]] = {}
        for row in in_order:
            if row.likeness.essence is not None:
                alike.setdefault(row.likeness.essence, []).append(row)
        found: dict[str, str] = {}
        for group in alike.values():
            keys = {row.key for row in group}
            is_new = any(row.key in changed or (row.duplicate_of or row.key) not in keys for row in group)
            if look_at_all or is_new:
                found |= dict(self._reprints(group, changed))
            else:
                found |= {row.key: row.duplicate_of for row in group if row.duplicate_of is not None}
        return found

    def _reprints(
        self, group: Sequence[ComparedArticle], changed: Mapping[str, Article]
    ) -> Iterator[tuple[str, str]]:
        """In order, each is a reprint of the first kept one that it is the same as, or is kept itself."""
        if len(group) == 1:
            return
        kept: list[Article] = []
        for row in group:
            article = changed[row.key] if row.key in changed else self._stored(row.key)
            if article is None:
                continue
            original = next((one for one in kept[:_MOST_COMPARED] if same_article(one, article)), None)
            if original is None:
                kept.append(article)
            else:
                yield row.key, original.key

    def _stored(self, key: str) -> Article | None:
        stored = self._store.article(key)
        return None if stored is None else stored.article


def _compared(article: Article, known: Place | None) -> ComparedArticle:
    return ComparedArticle(
        key=article.key,
        source=article.source,
        path=article.path,
        url=article.url,
        published=article.published,
        likeness=known.likeness if known else Likeness(essence_of(article), block_numbers(article)),
    )


def _preference(row: ComparedArticle) -> tuple[bool, str, bool, str, str]:
    """Which of several is kept: the first that was published, that has an address, that the library lists."""
    return row.published is None, row.published or "", row.url is None, row.source, row.path
