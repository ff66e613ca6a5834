"""The articles behind the saved pages: front matter, then blocks parted by empty lines."""

import html
import re
from dataclasses import dataclass
from pathlib import Path

ARTICLES = Path(__file__).with_name("articles")
_POST = re.compile(r"^=== (.+?) \| (.+?) \| (\d+)\n", re.MULTILINE)
_ITEM = re.compile(r"^(?:-|\d+\.) ")
_INLINE = (
    (re.compile(r"`([^`]+)`"), r"<code>\1</code>", r"\1"),
    (re.compile(r"\*\*([^*]+)\*\*"), r"<strong>\1</strong>", r"\1"),
    (re.compile(r"\*([^*]+)\*"), r"<em>\1</em>", r"\1"),
    (re.compile(r"\[([^\]]+)\]\(([^)]+)\)"), r'<a href="\2">\1</a>', r"\1"),
)


@dataclass(frozen=True, slots=True)
class WrittenBlock:
    """`kind` is paragraph, heading, list, table, code, quote, caption or note; `lines` are as written."""

    kind: str
    lines: tuple[str, ...]
    level: int = 0


@dataclass(frozen=True, slots=True)
class Post:
    """One contribution to a forum's page; an article elsewhere is one post without an author."""

    blocks: tuple[WrittenBlock, ...]
    author: str = ""
    date: str = ""
    votes: str = ""


@dataclass(frozen=True, slots=True)
class WrittenArticle:
    """What the author wrote: `facts` are title, author, published, updated, url, publisher and language.

    A page that does not tell one has none of it; `written` is then the language all the same.
    """

    name: str
    facts: dict[str, str]
    posts: tuple[Post, ...]

    @property
    def language(self) -> str:
        """The language in which it is written."""
        return (self.facts.get("language") or self.facts["written"])[:2]

    @property
    def blocks(self) -> tuple[WrittenBlock, ...]:
        """All blocks, of one post behind the other."""
        return tuple(block for post in self.posts for block in post.blocks)

    @property
    def text(self) -> str:
        """What a person would copy: the words alone, without bullets, bars and marks."""
        return "\n\n".join(plain(block) for block in self.blocks)


def written_articles() -> list[WrittenArticle]:
    """All of them, by name."""
    return [_read(file) for file in sorted(ARTICLES.glob("*.md"))]


def marked_up(line: str) -> str:
    """One line as HTML."""
    out = html.escape(line, quote=False)
    for pattern, markup, _ in _INLINE:
        out = pattern.sub(markup, out)
    return out


def cells(row: str) -> list[str]:
    """The cells of one row of a table."""
    return [cell.strip() for cell in row.strip().strip("|").split("|")]


def plain(block: WrittenBlock) -> str:
    """A block's words; those of code as they are."""
    if block.kind == "code":
        return "\n".join(block.lines)
    lines = [" | ".join(cells(line)) for line in block.lines] if block.kind == "table" else block.lines
    out = "\n".join(lines)
    for pattern, _, words in _INLINE:
        out = pattern.sub(words, out)
    return out


def _read(file: Path) -> WrittenArticle:
    _, head, body = file.read_text(encoding="utf-8").split("---\n", 2)
    facts = dict(line.split(": ", 1) for line in head.splitlines())
    parts = _POST.split(body)
    if len(parts) == 1:
        return WrittenArticle(file.stem, facts, (Post(_blocks(body)),))
    posts = [
        Post(_blocks(text), author, date, votes)
        for author, date, votes, text in zip(*(parts[n::4] for n in range(1, 5)), strict=True)
    ]
    return WrittenArticle(file.stem, facts, tuple(posts))


def _blocks(body: str) -> tuple[WrittenBlock, ...]:
    chunks = re.split(r"^(```\n.*?^```)$", body, flags=re.MULTILINE | re.DOTALL)
    pieces = (piece for chunk in chunks for piece in _parted(chunk))
    return tuple(_block(piece) for piece in pieces)


def _parted(chunk: str) -> list[str]:
    if chunk.startswith("```"):
        return [chunk]
    return [piece for piece in re.split(r"\n{2,}", chunk.strip()) if piece]


def _block(chunk: str) -> WrittenBlock:
    lines = chunk.splitlines()
    first = lines[0]
    if first.startswith("```"):
        return WrittenBlock("code", tuple(lines[1:-1]))
    if first.startswith("#"):
        marks, words = first.split(" ", 1)
        return WrittenBlock("heading", (words,), len(marks))
    if _ITEM.match(first):
        return WrittenBlock("list", tuple(_ITEM.sub("", line) for line in lines), int(first[0].isdigit()))
    if first.startswith("|"):
        return WrittenBlock("table", tuple(lines))
    for mark, kind in (("> ", "quote"), ("! ", "caption"), ("[note] ", "note"), ("[warning] ", "note")):
        if first.startswith(mark):
            return WrittenBlock(kind, (first.removeprefix(mark), *lines[1:]))
    return WrittenBlock("paragraph", (" ".join(lines),))
