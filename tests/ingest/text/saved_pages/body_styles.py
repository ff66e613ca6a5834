"""How the systems behind web sites mark up the same blocks: six styles, with what each gets wrong."""

from collections.abc import Callable
from html import escape
from random import Random

from saved_pages.article_texts import WrittenBlock, cells, marked_up

Style = Callable[[WrittenBlock, Random], str]
PIXEL = "data:image/gif;base64,R0lGODlhAQABAAAAACw="


def plain(block: WrittenBlock, chance: Random) -> str:
    """What the standard asks for, with lazy images."""
    text = "<br>".join(map(marked_up, block.lines))
    match block.kind:
        case "heading":
            return f'<h{block.level} id="h-{chance.randrange(999)}">{text}</h{block.level}>'
        case "list":
            return _list(block, "<li>{}</li>")
        case "table":
            return f"<table>{_rows(block, head=True)}</table>"
        case "code":
            return f'<pre class="lang-py"><code>{_code(block)}\n</code></pre>'
        case "quote":
            return f"<blockquote>\n<p>{text}</p>\n</blockquote>"
        case "caption":
            return (
                f'<figure><img class="lazy" src="{PIXEL}" data-src="/p/{chance.randrange(999)}.jpg" alt="">'
                f'<noscript><img src="/p/1.jpg" alt=""></noscript><figcaption>{text}</figcaption></figure>'
            )
    return f"<p>{text}</p>"


def widgets(block: WrittenBlock, chance: Random) -> str:
    """A page builder: each block a widget in a column in a section."""
    inner = {
        "heading": "<h{0} class='pb-heading-title pb-size-default'>{1}</h{0}>",
        "code": "<div class='pb-code'><pre>{2}</pre></div>",
        "caption": "<div class='pb-image'><img src='' data-lazy='/i.webp' alt=''>"
        "<p class='wp-caption-text'>{1}</p></div>",
        "quote": "<blockquote class='pb-blockquote'><p class='pb-blockquote__content'>{1}</p></blockquote>",
    }.get(block.kind, "<p>{1}</p>")
    text = "<br/>".join(map(marked_up, block.lines))
    if block.kind == "list":
        icon = (
            "<span class='pb-icon'><svg viewBox='0 0 9 9'><title>check</title><path d='M0 4h9'/></svg></span>"
        )
        body = _list(block, f"<li class='pb-icon-item'>{icon}<span class='pb-icon-text'>{{}}</span></li>")
    elif block.kind == "table":
        body = f"<div class='table-scroll'><table class='pb-table'>{_rows(block, head=True)}</table></div>"
    else:
        body = inner.format(block.level, text, _code(block))
    ident = f"{chance.randrange(16**7):07x}"
    return (
        f"<section class='pb-section pb-element-{ident}' data-id='{ident}'><div class='pb-container'>"
        f"<div class='pb-column pb-col-100'><div class='pb-widget-wrap'><div class='pb-element pb-widget "
        f"pb-widget-text'><div class='pb-widget-container'>\n{body}\n</div></div></div></div></div></section>"
    )


def docs(block: WrittenBlock, chance: Random) -> str:
    """A documentation generator: anchors in headings, coloured code with a button, admonitions."""
    text = "<br>".join(map(marked_up, block.lines))
    match block.kind:
        case "heading":
            name = f"s{chance.randrange(999)}"
            mark = f'<a class="headerlink" href="#{name}" title="Permalink to this heading">¶</a>'
            return f'<h{block.level} id="{name}">{text}{mark}</h{block.level}>'
        case "note":
            return f'<div class="admonition note"><p class="admonition-title">Note</p><p>{text}</p></div>'
        case "code":
            spans = "\n".join(_coloured(line) for line in block.lines)
            return (
                '<div class="highlight-default notranslate"><div class="highlight"><button class="copybtn">'
                f"Copy</button><pre><span></span>{spans}\n</pre></div></div>"
            )
        case "table":
            rows = _rows(block, head=True)
            return f'<div class="table-wrapper docutils"><table class="docutils">{rows}</table></div>'
        case "list":
            return _list(block, "<li><p>{}</p></li>")
    return plain(block, chance)


def token_lines(block: WrittenBlock, chance: Random) -> str:
    """Another one: each line of code a span with a line break in it."""
    text = "<br>".join(map(marked_up, block.lines))
    if block.kind == "code":
        lines = "".join(
            f'<span class="token-line" style="color:#bfc7d5">{_coloured(line)}<br></span>'
            for line in block.lines
        )
        return (
            '<div class="language-sh codeBlockContainer"><div class="codeBlockContent"><pre tabindex="0" '
            f'class="prism-code"><code class="codeBlockLines">{lines}</code></pre><div class="buttonGroup">'
            '<button type="button" aria-label="Copy code">Copy</button></div></div></div>'
        )
    if block.kind == "note":
        return (
            '<div class="theme-admonition alert"><div class="admonitionHeading"><span><svg><path d="M6 3"/>'
            f'</svg></span>note</div><div class="admonitionContent"><p>{text}</p></div></div>'
        )
    if block.kind == "heading":
        link = '<a class="hash-link" href="#x" aria-label="Link">\u200b</a>'
        return f'<h{block.level} class="anchor">{text}{link}</h{block.level}>'
    return plain(block, chance)


def line_numbers(block: WrittenBlock, chance: Random) -> str:
    """An older one: code stands in a table beside the numbers of its lines."""
    if block.kind != "code":
        return docs(block, chance)
    numbers = "\n".join(str(n) for n in range(1, len(block.lines) + 1))
    spans = "\n".join(_coloured(line) for line in block.lines)
    return (
        f'<div class="highlight"><table class="highlighttable"><tr><td class="linenos"><pre>{numbers}</pre>'
        f'</td><td class="code"><pre><code>{spans}</code></pre></td></tr></table></div>'
    )


def breaks(block: WrittenBlock, chance: Random) -> str:
    """Markup of 1999: paragraphs are line breaks, headings are large type, tags stay open."""
    text = "<br>".join(map(marked_up, block.lines))
    match block.kind:
        case "heading":
            return f"<br><b><font size=3 color=#003366>{text}</font></b><br>"
        case "list":
            return "<ul>\n" + "\n".join(f"<li>{marked_up(line)}" for line in block.lines) + "\n</ul>"
        case "table":
            return f"<table border=1 cellpadding=4 bgcolor=#f0f0f0>{_rows(block, head=False)}</table><br>"
        case "code":
            return f"<pre>\n{_code(block)}\n</pre>"
        case "quote":
            return f"<blockquote><i>{text}</i></blockquote>"
        case "caption":
            return (
                "<table align=right width=200><tr><td><img src=pic.gif width=200 height=150><br>"
                f"<font size=1>{text}</font></td></tr></table>"
            )
    return f"{text}<br><br>"


def divs(block: WrittenBlock, chance: Random) -> str:
    """A script that renders everything as divisions and spans."""
    text = "<br/>".join(f"<span>{marked_up(line)}</span>" for line in block.lines)
    match block.kind:
        case "heading":
            name = f"Heading__h{chance.randrange(99)}"
            return f'<h{block.level} class="{name}"><span>{text}</span></h{block.level}>'
        case "list":
            rows = "".join(
                f'<div class="Item__k"><div class="Dot__d"></div><div>{marked_up(line)}</div></div>'
                for line in block.lines
            )
            return f'<div class="List__l">{rows}</div>'
        case "table":
            return f'<div class="Scroll__s"><table><tbody>{_rows(block, head=False)}</tbody></table></div>'
        case "code":
            return f'<div class="Code__c"><pre><code>{_code(block)}</code></pre><div>Copy</div></div>'
        case "quote":
            return f'<div class="Quote__q"><div>{text}</div></div>'
        case "caption":
            image = '<div><img loading="lazy" src="/_img?u=1" alt=""/></div>'
            return f'<div class="Figure__f">{image}<div class="Caption__p">{text}</div></div>'
    return f'<div class="Para__p" data-block="true">{text}</div>'


def mail(block: WrittenBlock, chance: Random) -> str:
    """A mail in the archive: every block a row of a table, bullets in a table of their own."""
    text = "<br/>".join(map(marked_up, block.lines))
    if block.kind == "list":
        rows = "".join(
            f'<tr><td valign="top" width="14">&bull;</td><td>{marked_up(line)}</td></tr>'
            for line in block.lines
        )
        text = f'<table role="presentation" width="100%">{rows}</table>'
    elif block.kind == "table":
        text = f'<table border="1" class="data">{_rows(block, head=True)}</table>'
    elif block.kind == "heading":
        text = f'<h{block.level} style="font-size:20px;margin:0">{text}</h{block.level}>'
    elif block.kind == "quote":
        text = f'<blockquote style="border-left:3px solid #ccc">{text}</blockquote>'
    elif block.kind == "code":
        text = f"<pre>{_code(block)}</pre>"
    else:
        text = text if chance.random() < 0.4 else f'<p style="margin:10px 0;padding:0">{text}</p>'
    return (
        '<tr><td class="mcnTextContent" valign="top" style="padding:0 18px 9px;font-family:Helvetica">'
        f'{text}</td></tr>\n<tr><td height="12" style="font-size:0">&nbsp;</td></tr>'
    )


STYLES: dict[str, Style] = {
    "plain": plain, "widgets": widgets, "docs": docs, "token_lines": token_lines,
    "line_numbers": line_numbers, "breaks": breaks, "divs": divs, "mail": mail,
}  # fmt: skip


def _list(block: WrittenBlock, item: str) -> str:
    tag = "ol" if block.level else "ul"
    return f"<{tag}>{''.join(item.format(marked_up(line)) for line in block.lines)}</{tag}>"


def _rows(block: WrittenBlock, *, head: bool) -> str:
    rows = [cells(line) for line in block.lines]
    out = []
    for number, row in enumerate(rows):
        tag = "th" if head and number == 0 else "td"
        line = "".join(f"<{tag}>{marked_up(cell)}</{tag}>" for cell in row)
        out.append(f"<thead><tr>{line}</tr></thead>" if tag == "th" else f"<tr>{line}</tr>")
    return "\n".join(out)


def _code(block: WrittenBlock) -> str:
    return "\n".join(escape(line, quote=False) for line in block.lines)


def _coloured(line: str) -> str:
    indent = line[: len(line) - len(line.lstrip())]
    words = escape(line.strip(), quote=False).split(" ")
    return indent + " ".join(
        f'<span class="{"nk"[number % 2]}">{word}</span>' for number, word in enumerate(words)
    )
