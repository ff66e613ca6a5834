"""Forty saved web pages, each an article inside a layout; `python building.py FOLDER` writes them there.

A layout is HTML with holes: {{title}} is a fact, {{t.accept}} a phrase in the page's language, {{body}} the
article. A line with a hole that has nothing to hold is left out, and so is a part between {? and ?}. Of
[[one||another]] each page has one, drawn by its name. What stands between the remarks "post" and "/post" is
repeated for each post. Pages whose layout is called "aside" were written first, and are not tuned on.
"""

import json
import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random
from urllib.parse import urlsplit

from saved_pages.article_texts import Post, WrittenArticle, WrittenBlock, marked_up, plain, written_articles
from saved_pages.body_styles import STYLES

FOLDER = Path(__file__).parent
_SETTINGS = re.compile(r"\A<!-- (.+?) -->\n")
_POST = re.compile(r"<!-- post -->(.*?)<!-- /post -->", re.DOTALL)
_CHOICE = re.compile(r"\[\[(.*?)\]\](?!,|\))", re.DOTALL)
_OPTIONAL = re.compile(r"\{\?(.*?)\?\}", re.DOTALL)
_HOLE = re.compile(r"\{\{([\w.]+)\}\}")
_MONTHS = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "ar": "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
}


@dataclass(frozen=True, slots=True)
class SavedPage:
    """A page as its bytes were saved, the article in it, and the phrases around it that are none of it."""

    name: str
    layout: str
    data: bytes
    article: WrittenArticle
    furniture: tuple[str, ...]

    @property
    def is_aside(self) -> bool:
        """Whether it was kept from view while the extraction was tuned."""
        return self.layout.endswith("_aside")

    @property
    def expected(self) -> str:
        """The article with its facts, as Markdown front matter and text."""
        hidden = ("layout", "host", "written")
        facts = {name: value for name, value in self.article.facts.items() if name not in hidden}
        head = "\n".join(f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in facts.items())
        return f"---\n{head}\n---\n{self.article.text}\n"


def saved_pages() -> Iterator[SavedPage]:
    """All of them, built anew."""
    phrases = tomllib.loads((FOLDER / "phrases.toml").read_text(encoding="utf-8"))
    for article in written_articles():
        layout = article.facts["layout"]
        yield _built(article, layout, phrases[article.language])


def _built(article: WrittenArticle, layout: str, phrases: dict[str, str]) -> SavedPage:
    template = (FOLDER / "layouts" / f"{layout}.html").read_text(encoding="utf-8")
    head = _SETTINGS.match(template)
    assert head is not None
    settings = dict(part.split(": ") for part in head[1].split("; "))
    style, chance = STYLES[settings["body"]], Random(article.name)

    def body(blocks: tuple[WrittenBlock, ...]) -> str:
        return "\n".join(style(block, chance) for block in blocks)

    def posts(found: re.Match[str]) -> str:
        return "\n".join(
            _filled(found[1], {**values, **_post_values(post, number), "post.body": body(post.blocks)})
            for number, post in enumerate(article.posts, start=1)
        )

    values = {**_facts(article), **{f"t.{name}": phrase for name, phrase in phrases.items()}}
    quarter = -(-len(article.blocks) // 4)
    for number in range(4):
        values[f"body_{number + 1}"] = body(article.blocks[number * quarter : (number + 1) * quarter])
    values["body"] = body(article.blocks)
    values["toc"] = "".join(
        f'<li><a href="#{number}">{marked_up(block.lines[0])}</a></li>'
        for number, block in enumerate(article.blocks)
        if block.kind == "heading"
    )
    page = _CHOICE.sub(lambda found: chance.choice(found[1].split("||")), template[head.end() :])
    used = {name.removeprefix("t.") for name in _HOLE.findall(page) if name.startswith("t.")}
    page = _filled(_POST.sub(posts, page), values)
    words = " ".join(plain(block) for block in article.blocks)
    furniture = tuple(sorted(phrases[name] for name in used if phrases[name] not in words))
    data = page.encode(settings.get("encoding", "utf-8"), "xmlcharrefreplace")
    return SavedPage(article.name, layout, data, article, furniture)


def _filled(template: str, values: dict[str, str]) -> str:
    def is_full(part: str) -> bool:
        return all(values.get(name) for name in _HOLE.findall(part) if name in values or "." not in name)

    whole = _OPTIONAL.sub(lambda found: found[1] if is_full(found[1]) else "", template)
    lines = [line for line in whole.split("\n") if is_full(line)]
    return _HOLE.sub(lambda found: values.get(found[1], found[0]), "\n".join(lines))


def _facts(article: WrittenArticle) -> dict[str, str]:
    facts = {name: marked_up(value) for name, value in article.facts.items()}
    facts.setdefault("host", urlsplit(article.facts.get("url", "")).netloc)
    facts["direction"] = "rtl" if article.language == "ar" else "ltr"
    for name in ("published", "updated"):
        if day := facts.get(name):
            facts[f"{name}_time"] = f"{day}T07:30:00+01:00"
            facts[f"{name}_long"] = _long(day, article.language)
            facts[f"{name}_slash"] = day.replace("-", "/")
            facts[f"{name}_short"] = date.fromisoformat(day).strftime("%d.%m.%Y")
            facts[f"{name}_us"] = date.fromisoformat(day).strftime("%b %-d, %Y")
    return facts


def _post_values(post: Post, number: int) -> dict[str, str]:
    return {
        "post.author": post.author,
        "post.date": post.date,
        "post.votes": post.votes,
        "post.number": str(number),
    }


def _long(day: str, language: str) -> str:
    it = date.fromisoformat(day)
    if language == "zh":
        return f"{it.year}年{it.month}月{it.day}日"
    month = _MONTHS[language].split()[it.month - 1]
    return f"{it.day}. {month} {it.year}" if language == "de" else f"{it.day} {month} {it.year}"


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    for saved in saved_pages():
        (target / f"{saved.name}.html").write_bytes(saved.data)
        (target / f"{saved.name}.md").write_text(saved.expected, encoding="utf-8")
