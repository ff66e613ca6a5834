"""footnote articles: what is in the library."""

from collections import Counter
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Group, RenderableType
from rich.text import Text

from index_store.errors import UsageError
from index_store.passage_store import ArticleSummary
from ui.commands.session import AsJson, open_desk, open_session
from ui.desk import ArticleView, full_name
from ui.empty_library import told_empty
from ui.terminal import in_one_line, indented, words


def articles(
    id: Annotated[
        str | None, typer.Argument(metavar="PATH", help="An article's path, as the list shows it.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List the articles, or show one with its clean text and passages."""
    session = open_session(as_json=as_json)
    with open_desk(session) as desk:
        if id is None:
            rows = desk.articles()
            if as_json:
                session.terminal.document({"articles": [_row(row) for row in rows]})
            else:
                session.terminal.show(_list(rows) if rows else told_empty(session.settings.sources))
            return
        view = desk.article(id)
    if view is None:
        raise UsageError(f"article {id!r} is not in the library; run: footnote articles")
    if as_json:
        session.terminal.document(article_json(view))
    else:
        session.terminal.show(_whole(view))


def article_json(view: ArticleView) -> dict[str, object]:
    """One article as `articles ID --json` prints it."""
    article = view.stored.article
    return {
        "article": article.path,
        "source": article.source,
        "title": article.title,
        "publisher": article.publisher,
        "author": article.author,
        "url": article.url,
        "published": article.published,
        "updated": article.updated,
        "fetched": article.fetched,
        "language": article.language,
        "content_hash": view.stored.content_hash,
        "added": view.stored.added,
        "duplicate_of": _path_of(view.stored.duplicate_of),
        "origins": [asdict(origin) for origin in view.origins],
        "text": article.text,
        "passages": [
            {"start": one.start, "end": one.end, "headings": list(one.headings), "passage": one.text}
            for one in view.passages
        ],
    }


def _row(row: ArticleSummary) -> dict[str, object]:
    return {
        "article": row.path,
        "source": row.source,
        "title": row.title,
        "publisher": row.publisher,
        "published": row.published,
        "passages": row.passages,
        "added": row.added,
        "duplicate_of": _path_of(row.duplicate_of),
    }


def _list(rows: list[ArticleSummary]) -> Group:
    parts: list[RenderableType] = []
    paths = Counter(row.path for row in rows)
    for row in rows:
        size = f"{row.passages} passage{'' if row.passages == 1 else 's'}"
        if row.duplicate_of is not None:
            size = f"the same text as {_path_of(row.duplicate_of)}"
        origin = ", ".join(part for part in (row.publisher, row.published, size) if part)
        name = full_name(row.source, row.path) if paths[row.path] > 1 else row.path
        parts.append(words(in_one_line(name), "bold"))
        parts.append(indented(words(in_one_line(f"{row.title} ({origin})")), 2))
    passages = sum(row.passages for row in rows)
    parts += [Text(), Text(f"articles: {len(rows)}, passages: {passages}")]
    return Group(*parts)


def _whole(view: ArticleView) -> Group:
    article = view.stored.article
    origin = ", ".join(part for part in (article.publisher, article.published, article.url) if part)
    parts = [words(article.title, "bold"), words(origin or article.path, "dim")]
    if view.stored.duplicate_of is not None:
        kept = _path_of(view.stored.duplicate_of)
        parts.append(words(f"searched as {kept}, which has the same text", "dim"))
    for other in view.origins:
        facts = ", ".join(part for part in (other.publisher, other.published, other.url) if part)
        parts.append(words(f"also in {other.article}: {other.title}{f' ({facts})' if facts else ''}", "dim"))
    for passage in view.passages:
        span = f"[{passage.start}, {passage.end})"
        parts.append(Text(f"\n── passage {passage.ordinal + 1}, {span}", style="dim"))
        parts.append(words(passage.text))
    return Group(*parts)


def _path_of(key: str | None) -> str | None:
    """The path in an article's key."""
    return None if key is None else key.partition("\n")[2]
