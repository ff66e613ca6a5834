"""footnote articles: what is in the library."""

from typing import Annotated

import typer
from rich.console import Group
from rich.table import Table
from rich.text import Text

from index_store.errors import UsageError
from index_store.passage_store import ArticleSummary
from ui.commands.session import AsJson, open_desk, open_session
from ui.desk import ArticleView


def articles(
    id: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="An article's path, as the list shows it.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List the articles in the library, or show one with its clean text and passages."""
    session = open_session(as_json=as_json)
    with open_desk(session) as desk:
        if id is None:
            rows = desk.articles()
            if as_json:
                session.terminal.document({"articles": [_row(row) for row in rows]})
            else:
                session.terminal.show(_table(rows))
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
        "language": article.language,
        "content_hash": view.stored.content_hash,
        "added": view.stored.added,
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
    }


def _table(rows: list[ArticleSummary]) -> Table | str:
    if not rows:
        return "The library is empty. Run: footnote sync"
    table = Table(box=None, pad_edge=False)
    for name in ("article", "title", "publisher", "published"):
        table.add_column(name, overflow="fold")
    table.add_column("passages", justify="right")
    for row in rows:
        table.add_row(
            Text(row.path), Text(row.title), Text(row.publisher or ""), row.published or "", str(row.passages)
        )
    return table


def _whole(view: ArticleView) -> Group:
    article = view.stored.article
    origin = ", ".join(part for part in (article.publisher, article.published, article.url) if part)
    parts = [Text(article.title, style="bold"), Text(origin, style="dim"), Text()]
    for passage in view.passages:
        parts.append(Text(f"── passage {passage.ordinal + 1}, [{passage.start}, {passage.end})", style="dim"))
        parts.append(Text(passage.text))
    return Group(*parts)
