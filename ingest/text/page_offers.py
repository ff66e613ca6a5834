"""Parts of a page that tell by their own heading, or by a field for an address, that they are no article."""

import re

from lxml.html import HtmlElement

from ingest.text.clean_text import fold

_HEADS = ("h2", "h3", "h4", "h5", "h6")
_PARTS = frozenset("div section aside ul ol nav footer form td".split())
# Headings over what else there is to read.
_ELSEWHERE = re.compile(
    "|".join(
        (
            r"(?:more|latest|recent|other|further|popular|trending|featured) "
            r"(?:(?:from|by|in|on|about)\b.{1,60}|posts?|stor(?:y|ies)|articles?|news|reading|headlines)",
            r"(?:related|recommended)"
            r"(?: (?:posts?|stor(?:y|ies)|articles?|content|reading|topics|links|for you))?",
            r"(?:you (?:may|might)|readers) (?:also )?(?:like|enjoy|be interested in).{0,20}",
            r"(?:keep|continue|further) reading|read (?:more|next|also)|(?:up|what[’']?s) next",
            r"don[’']?t miss.{0,20}|trending(?: now)?|also (?:on|in) .{1,40}",
            r"in (?:other|this) (?:news|series)|most (?:read|popular|viewed|shared)",
            r"(?:editor[’']?s?[’']?|staff) picks?",
            # German, French, Spanish, Italian
            r"mehr (?:zum thema|aus|von|über)\b.{0,40}|weitere (?:artikel|beiträge|themen|meldungen)",
            r"meistgelesen|das könnte (?:sie|dich) auch interessieren|lesen sie auch",
            r"ähnliche (?:artikel|beiträge)|(?:à )?lire (?:aussi|également|ensuite)",
            r"sur le même (?:sujet|thème)|articles? (?:liés?|similaires?|connexes?)|(?:les )?plus lus",
            r"artículos relacionados|te puede interesar|lo más leído|articoli correlati|leggi anche",
            # Russian, Chinese, Japanese, Arabic
            r"читайте также|(?:ещё )?по теме|похожие (?:статьи|материалы|записи)",
            r"相关(?:阅读|文章|推荐)|延伸阅读|推荐阅读|猜你喜欢|関連記事|おすすめ記事",
            r"مقالات ذات صلة|اقرأ أيض(?:ا|اً|ًا)|مواضيع (?:ذات صلة|متعلقة)",
        )
    ),
    re.IGNORECASE,
)
_MOST_OF_PAGE = 0.35
_LINKED = 0.6
_LONGEST_OFFER = 320
_MAIL = re.compile(r"e-?mail|@|newsletter", re.IGNORECASE)
_WHOLE = frozenset("html body main article".split())


def drop_offers(body: HtmlElement) -> None:
    """Take out lists of other articles that say so above them, and boxes that ask for a mail address."""
    whole = max(1, len(fold(body.text_content())))
    for field in list(body.iter("input")):
        _drop_box(field, body)
    for heading in list(body.iter(*_HEADS)):
        if body not in heading.iterancestors():
            continue  # gone with what it stood in
        if _ELSEWHERE.fullmatch(fold(heading.text_content()).strip(" :：»›→…")):
            parts = _parts_of(heading, body)
            if sum(len(fold(part.text_content())) for part in parts) <= _MOST_OF_PAGE * whole:
                for part in parts:
                    part.drop_tree()


def _drop_box(field: HtmlElement, body: HtmlElement) -> None:
    """Take out what stands around a field for a mail address, unless that is more than a box."""
    said = " ".join(filter(None, (field.get(name) for name in ("type", "name", "id", "placeholder"))))
    if field.get("type") == "hidden" or not _MAIL.search(said) or body not in field.iterancestors():
        return
    box = None
    for around in field.iterancestors():
        if around.tag in _WHOLE or len(fold(around.text_content())) > _LONGEST_OFFER:
            break
        if around.find(".//h1") is not None:
            break
        box = around
    if box is not None:
        box.drop_tree()


def _parts_of(heading: HtmlElement, body: HtmlElement) -> list[HtmlElement]:
    """The part that a heading begins, where that is hardly more than links; else it and links behind it."""
    part = None
    for around in heading.iterancestors():
        if around is body or around.tag not in _PARTS or not _begins_with(around, heading):
            break
        own = len(fold(heading.text_content()))
        if len(fold(around.text_content())) == own:
            continue  # nothing in it but the heading
        if not _is_linked(around, beside=own):
            break
        part = around
    if part is not None:
        return [part]
    behind = []
    for after in heading.itersiblings():
        if after.tag in _HEADS or not _is_linked(after):
            break
        behind.append(after)
    return [heading, *behind] if behind else []


def _is_linked(part: HtmlElement, *, beside: int = 0) -> bool:
    """Whether it has words, `beside` of them left out of account, and most are those of links."""
    words = len(fold(part.text_content())) - beside
    return 0 < words <= sum(len(fold(link.text_content())) for link in part.iter("a")) / _LINKED


def _begins_with(part: HtmlElement, heading: HtmlElement) -> bool:
    """Whether no words stand in it before the heading."""
    for element in part.iter():
        if element is heading:
            return True
        if isinstance(element.tag, str) and (element.text or "").strip():
            return False
        if element is not part and heading not in element.iter() and (element.tail or "").strip():
            return False
    return False
