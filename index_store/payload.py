"""Articles and passages as Qdrant payloads, and back."""

from dataclasses import asdict
from typing import Any

from index_store.article import Article, Block
from index_store.errors import LibraryDamaged
from index_store.passage import Passage
from index_store.passage_store import ArticleSummary, StoredArticle

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
]


def passage_payload(passage: Passage) -> dict[str, Any]:
    """A passage as a payload; `article_key` is there to filter by."""
    payload = asdict(passage)
    payload["headings"] = list(passage.headings)
    payload["article_key"] = passage.article_key
    del payload["id"]
    return payload


def passage_from(id: str, payload: dict[str, Any] | None) -> Passage:
    """The passage that a payload holds. Raises LibraryDamaged when it does not hold one."""
    try:
        values = dict(payload or {})
        values.pop("article_key")
        values["headings"] = tuple(values["headings"])
        return Passage(id=id, **values)
    except (KeyError, TypeError) as error:
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
        "fetched": article.fetched,
        "content_hash": stored.content_hash,
        "pipeline": stored.pipeline,
        "passage_ids": list(stored.passage_ids),
        "passage_count": len(stored.passage_ids),
        "added": stored.added,
        "fingerprint": stored.fingerprint,
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
                fetched=values.get("fetched"),
            ),
            content_hash=values["content_hash"],
            pipeline=values["pipeline"],
            passage_ids=tuple(values["passage_ids"]),
            added=values["added"],
            fingerprint=values.get("fingerprint"),
        )
    except (KeyError, TypeError) as error:
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
        )
    except KeyError as error:
        raise _damaged("article", str(values.get("key")), error) from error


def _damaged(what: str, id: str, error: Exception) -> LibraryDamaged:
    return LibraryDamaged(
        f"stored {what} {id!r} is not readable ({error}); it was written by another version: "
        "run: footnote sync --rebuild"
    )
