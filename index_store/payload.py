"""Articles and passages as Qdrant payloads, and back."""

from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import fields
from typing import Any

import numpy as np

from index_store.article import Article, Block
from index_store.errors import LibraryDamaged
from index_store.passage import Passage
from index_store.passage_store import ArticleSummary, ComparedArticle, Likeness, Origin, StoredArticle

_PASSAGE_FIELDS = tuple(one.name for one in fields(Passage) if one.name != "id")
SUMMARY_FIELDS = [
    "key",
    "source",
    "path",
    "title",
    "publisher",
    "published",
    "content_hash",
    "pipeline",
    "passage_count",
    "added",
    "fingerprint",
    "duplicate_of",
]
COMPARED_FIELDS = [
    "key",
    "source",
    "path",
    "url",
    "published",
    "content_hash",
    "essence",
    "block_marks",
    "duplicate_of",
    "left_out",
]
ORIGIN_FIELDS = ["source", "path", "title", "publisher", "url", "published", "duplicate_of"]
"""What each of the readers below needs of an article's payload: without its text, which may be long."""


def passage_payload(passage: Passage) -> dict[str, Any]:
    """A passage as a payload; `article_key` is there to filter by."""
    payload: dict[str, Any] = {name: getattr(passage, name) for name in _PASSAGE_FIELDS}
    payload["headings"] = list(passage.headings)
    if passage.page_breaks:
        payload["page_breaks"] = [list(one) for one in passage.page_breaks]
    else:
        del payload["page_breaks"]  # hardly any passage has some
    payload["article_key"] = passage.article_key
    return payload


def passage_from(id: str, payload: dict[str, Any] | None) -> Passage:
    """The passage that a payload holds. Raises LibraryDamaged when it does not hold one."""
    try:
        values = dict(payload or {})
        values.pop("article_key")
        values["headings"] = tuple(values["headings"])
        breaks = values.get("page_breaks", ())
        values["page_breaks"] = tuple((int(start), int(page)) for start, page in breaks)
        return Passage(id=id, **values)
    except (KeyError, TypeError, ValueError) as error:
        raise _damaged("passage", id, error) from error


def article_payload(stored: StoredArticle) -> dict[str, Any]:
    """An article with its text as a payload."""
    article = stored.article
    return {
        "key": article.key,
        "source": article.source,
        "path": article.path,
        "title": article.title,
        "text": article.text,
        "blocks": [[block.kind, block.start, block.end, block.level] for block in article.blocks],
        "publisher": article.publisher,
        "author": article.author,
        "url": article.url,
        "published": article.published,
        "language": article.language,
        "updated": article.updated,
        "pages": list(article.pages),
        "fetched": article.fetched,
        "content_hash": stored.content_hash,
        "pipeline": stored.pipeline,
        "passage_ids": list(stored.passage_ids),
        "passage_count": len(stored.passage_ids),
        "added": stored.added,
        "fingerprint": stored.fingerprint,
        "duplicate_of": stored.duplicate_of,
        "essence": stored.likeness.essence,
        "block_marks": _packed(stored.likeness.blocks),
        "left_out": _packed(stored.left_out),
    }


def article_from(payload: dict[str, Any] | None) -> StoredArticle:
    """The article that a payload holds. Raises LibraryDamaged when it does not hold one."""
    values = payload or {}
    try:
        return StoredArticle(
            article=Article(
                source=values["source"],
                path=values["path"],
                title=values["title"],
                text=values["text"],
                blocks=tuple(Block(*entry) for entry in values["blocks"]),
                publisher=values["publisher"],
                author=values["author"],
                url=values["url"],
                published=values["published"],
                language=values["language"],
                updated=values.get("updated"),
                pages=tuple(values.get("pages", ())),
                fetched=values.get("fetched"),
            ),
            content_hash=values["content_hash"],
            pipeline=values["pipeline"],
            passage_ids=tuple(values["passage_ids"]),
            added=values["added"],
            fingerprint=values.get("fingerprint"),
            duplicate_of=values.get("duplicate_of"),
            likeness=_likeness(values),
            left_out=_unpacked(values.get("left_out")),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise _damaged("article", str(values.get("key")), error) from error


def summary_from(payload: dict[str, Any] | None) -> ArticleSummary:
    """What a list shows of an article. Raises LibraryDamaged when the payload is none."""
    values = payload or {}
    try:
        return ArticleSummary(
            key=values["key"],
            source=values["source"],
            path=values["path"],
            title=values["title"],
            publisher=values["publisher"],
            published=values["published"],
            content_hash=values["content_hash"],
            pipeline=values["pipeline"],
            passages=values["passage_count"],
            added=values["added"],
            fingerprint=values.get("fingerprint"),
            duplicate_of=values.get("duplicate_of"),
        )
    except KeyError as error:
        raise _damaged("article", str(values.get("key")), error) from error


def compared_from(payload: dict[str, Any]) -> ComparedArticle:
    """What the payload tells of repetitions. Raises LibraryDamaged when it holds no article."""
    try:
        return ComparedArticle(
            key=payload["key"],
            source=payload["source"],
            path=payload["path"],
            url=payload["url"],
            published=payload["published"],
            likeness=_likeness(payload),
            duplicate_of=payload.get("duplicate_of"),
            left_out=_unpacked(payload.get("left_out")),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise _damaged("article", str(payload.get("key")), error) from error


def origin_from(payload: dict[str, Any]) -> Origin:
    """Where an article was published. Raises LibraryDamaged when the payload holds none."""
    try:
        return Origin(
            article=payload["path"],
            title=payload["title"],
            publisher=payload["publisher"],
            url=payload["url"],
            published=payload["published"],
        )
    except KeyError as error:
        raise _damaged("article", str(payload.get("path")), error) from error


def _likeness(payload: dict[str, Any]) -> Likeness:
    return Likeness(payload.get("essence"), _unpacked(payload.get("block_marks")))


def _packed(numbers: Sequence[int]) -> str:
    """Numbers of 64 bits as one short string; a list of them would be slow to read."""
    return b64encode(np.asarray(numbers, dtype="<u8").tobytes()).decode()


def _unpacked(packed: str | None) -> tuple[int, ...]:
    return tuple(np.frombuffer(b64decode(packed or ""), dtype="<u8").tolist())


def _damaged(what: str, id: str, error: Exception) -> LibraryDamaged:
    return LibraryDamaged(
        f"stored {what} {id!r} is not readable ({error}); it was written by another version: "
        "run: footnote sync --rebuild"
    )
