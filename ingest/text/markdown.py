"""Markdown to clean blocks: rendered by markdown-it-py, then walked like any other HTML."""

import re

from markdown_it import MarkdownIt
from markdown_it.token import Token

from ingest.text.clean_text import CleanText
from ingest.text.html_blocks import HtmlBlocks, parse_fragment

# Hugo and Jekyll tags are instructions to a site generator, not words of the article, but in code they are
# what the article shows. None may hold its own beginning, so that an open one is not looked through again.
_UNSAID = re.compile(
    r"(?P<code>^ {0,3}(?P<fence>`{3,}|~{3,}).*?(?:^ {0,3}(?P=fence)|\Z)"
    r"|(?<!`)(?P<ticks>`{1,2})(?!`)[^\n]+?(?<!`)(?P=ticks)(?!`))"
    r"|<!--(?:(?!<!--).)*?-->"
    r"|\{\{[<%](?:(?!\{\{).)*?[>%]\}\}"
    r"|\{%(?:(?!\{%).)*?%\}",
    re.DOTALL | re.MULTILINE,
)
_TAG_NAME = re.compile(r"</?\s*([A-Za-z][\w-]*)")
_HTML_TAGS = frozenset(
    "a abbr address article aside audio b bdi bdo blockquote body br button canvas caption center cite "
    "code col colgroup data dd del details dfn div dl dt em embed figcaption figure font footer form h1 "
    "h2 h3 h4 h5 h6 head header hr html i iframe img input ins kbd label li link main map mark math "
    "meta nav noscript object ol p param picture pre q s samp script section select small source span "
    "strike strong style sub summary sup svg table tbody td template textarea tfoot th thead time title "
    "tr track tt u ul var video wbr".split()
)


class MarkdownReader:
    """Writes Markdown's blocks into a CleanText."""

    def __init__(self) -> None:
        # Its own limit of 20 levels loses the text of lists that are nested ten deep.
        options = {"html": True, "maxNesting": 80}
        self._parser = MarkdownIt("commonmark", options).enable(["table", "strikethrough"])

    def write(self, markdown: str, out: CleanText) -> None:
        """Append the blocks of `markdown` (without front matter) to `out`."""
        tokens = self._parser.parse(_UNSAID.sub(lambda found: found["code"] or "", markdown))
        for token in _flat(tokens):
            # "<think>" in prose is a word that the article talks about, not markup.
            if token.type in ("html_inline", "html_block") and not _is_html(token.content):
                token.type = "text" if token.type == "html_inline" else "code_block"
        rendered = self._parser.renderer.render(tokens, self._parser.options, {})
        HtmlBlocks(out).write(parse_fragment(rendered))


def _flat(tokens: list[Token]) -> list[Token]:
    return [inner for token in tokens for inner in (token, *(token.children or ()))]


def _is_html(markup: str) -> bool:
    names = _TAG_NAME.findall(markup)
    return not names or any(name.lower() in _HTML_TAGS for name in names)
