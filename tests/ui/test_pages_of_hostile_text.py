"""Every field that a page shows, filled with all of the corpus: it stays text, and the page stays itself."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from chat_samples import answer, citation, sentence, turn
from hostile_text import LEAK, PAYLOADS, REORDERING, WAYS
from lxml import html as parser

from assistant.answer import Claim, Disagreement, ModelName, NearestArticle, Withdrawn
from assistant.models.catalogue import ModelEntry, PinnedFile
from assistant.models.model_files import Glance
from index_store.article import Article, Block
from index_store.passage import Passage
from index_store.passage_store import Origin, StoredArticle
from ui.accounts.account_file import Account
from ui.accounts.login_page import login_html
from ui.accounts.login_routes import WRONG, safe_address
from ui.accounts.person import Person, Role
from ui.chat.conversation_list import sidebar_html, topbar_html
from ui.chat.conversations import Conversation
from ui.chat.progress import Progress
from ui.chat.source_panel import source_html
from ui.chat.spoken_turn import announced
from ui.chat.status_line import LibraryStatus, status_html
from ui.chat.turn_html import empty_chat, failure_card, finished_turn, running_turn
from ui.desk import ArticleView, SyncStep
from ui.library.article_page import article_html
from ui.library.article_rows import ArticleRow
from ui.library.article_table import rows_html, source_options
from ui.library.library_page import article_body, page_html, problem_html, runs_html, sources_html
from ui.library.library_sources import ListedSource
from ui.library.preview_html import preview_html
from ui.library.source_preview import Preview, PreviewEntry
from ui.library.sync_runs import SyncRun
from ui.markup import Html, html, joined, shown
from ui.markup_net import netted
from ui.models.model_jobs import Outcome
from ui.models.model_rows import Chosen, ModelRow
from ui.models.models_page import notes_html as model_notes
from ui.models.models_page import rows_html as model_rows
from ui.table_html import table_html
from ui.table_text import read_table
from ui.users.users_page import UserRow
from ui.users.users_page import line_html as user_line
from ui.users.users_page import rows_html as user_rows

NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)
UPLOADS = Path("/uploads")
WORDS = "plain words"
"""What a page is compared with: the same page, with nothing in it that would rather be code."""


def article(body: str = "One. Two.", **changes: str | None) -> Html:
    kept = replace(Article("/notes", "a.md", "A", body, (Block("heading", 0, len(body), 1),)), **changes)  # type: ignore[arg-type]
    piece = Passage("p", "/notes", "a.md", "A", body, 0, len(body), 0, ("In spring",))
    view = ArticleView(StoredArticle(kept, "0", "1", (), "2026-01-01T00:00:00+00:00"), (piece,))
    return article_html(view, "Notes", upload="a.md")


def tabled(cell: str) -> Html:
    """A table with these words in cells of a row, and across all columns."""
    line = " ".join(cell.split()).replace("|", "/")
    text = f"Day | Words\nMonday | {line}\n{line}\nTuesday | {line}"
    made = read_table(text)
    assert made is not None
    return table_html(made, (0, len(text)))


def cited(**changes: object) -> Html:
    """A citation wherever it is shown: under its answer, beside it, in a disagreement, in the panel."""
    one = citation(**changes)
    claims = (Claim("Six.", 1), Claim("Seven.", 1))
    made = answer(citations=(one,), disagreements=(Disagreement("rain", claims),))
    return joined((finished_turn(turn(made), last=True), source_html("t1", one, (1, 2))))


def said(**changes: object) -> Html:
    made = answer(**{"question": "Why?", "standalone_question": "Why?", **changes})
    return finished_turn(turn(made), last=True)


def row(**changes: object) -> Html:
    return rows_html([replace(ArticleRow("/notes", "Notes", "a.md", "A", passages=2), **changes)], NOW)  # type: ignore[arg-type]


def source(**changes: object) -> Html:
    one = replace(ListedSource("/notes", "/notes", "Notes", "folder"), **changes)  # type: ignore[arg-type]
    return joined(
        (
            sources_html([one], [], [], lambda _: None, NOW, uploads=UPLOADS),
            source_options([ArticleRow(one.id, one.name, "a", "A")]),
        )
    )


def run(**changes: object) -> Html:
    made = SyncRun("page", "2026-03-05T11:00:00+00:00", "2026-03-05T11:01:00+00:00", skipped=1)
    return runs_html([replace(made, **changes)], NOW)  # type: ignore[arg-type]


def model(
    glance: Glance = "verified", outcome: Outcome | None = None, places: tuple[str, ...] = (), **changes: str
) -> Html:
    facts = {"id": "a", "vendor": "Nobody", "country": "XX", "licence": "MIT", "note": "Small."}
    file = (PinnedFile("a.gguf", 5_000_000, "0" * 64),)
    entry = ModelEntry(family="A", licence_osi=False, memory_gb=1.0, files=file, **{**facts, **changes})
    rows = [ModelRow(entry, glance, places=places, outcome=outcome)]
    return model_rows(rows)


def person(*, is_oneself: bool = False, is_only_admin: bool = False, **changes: str | None) -> Html:
    account = Account("i", "ada", Role.READER, "s", "2026-03-05T11:00:00+00:00", "hash")
    one = replace(account, **changes)  # type: ignore[arg-type]
    rows = [UserRow(one, last=NOW, is_logged_in=True, is_oneself=is_oneself, is_only_admin=is_only_admin)]
    return joined((user_rows(rows, NOW), user_line(rows)))


FIELDS: dict[str, Callable[[str], Html]] = {
    "an article's title": lambda text: joined(
        (
            cited(title=text),
            article(title=text),
            row(title=text),
            row(state="same", why=text),
            preview_html(Preview("/a", "folder", title=text, entries=(PreviewEntry(text, "2025"),))),
            running_turn(turn(), Progress("found", titles=(text,) * 5)),
            announced(turn(), Progress("found", titles=(text,) * 5)),
            said(status="not_in_library", nearest=(NearestArticle("a.md", text, None),)),
            source_html("t1", citation(origins=(Origin("b.md", text, None, None, None),))),
        )
    ),
    "a publisher": lambda text: joined(
        (
            cited(publisher=text),
            article(publisher=text),
            row(publisher=text),
            preview_html(Preview("/a", "file", title="A", publisher=text)),
        )
    ),
    "an author": lambda text: article(author=text),
    "a heading": lambda text: joined((cited(heading=text), article(text))),
    "an article's text": lambda text: joined(
        (
            article(text),
            cited(passage=f"before {text} after", quote=text),
            cited(quote=text),
            preview_html(Preview("/a", "file", title="A", text=text)),
        )
    ),
    "a table's cell": lambda text: html('<div dir="auto">{}</div>', tabled(text)),
    "a date": lambda text: joined((cited(published=text), article(published=text), row(published=text))),
    "a file's name": lambda text: joined(
        (
            cited(article=text, url=None),
            article(path=text),
            row(path=text, upload=text),
            row(path=text, title=text, state="waiting", held=False),
            run(left_out=(SyncStep("skip", "/notes", text, f"{text}: binary"),)),
        )
    ),
    "a source's address": lambda text: joined(
        (
            source(place=text),
            source(id=text),
            row(source=text),
            preview_html(Preview(text, "web page", instead=(text,))),
        )
    ),
    "a source's name": lambda text: joined((source(name=text), row(source_name=text))),
    "a question": lambda text: joined(
        (
            finished_turn(turn(question=text), last=True),
            said(standalone_question=text + "!"),
            empty_chat([text]),
        )
    ),
    "what a model wrote": lambda text: joined(
        (
            said(
                sentences=(sentence(text, 1), sentence("x" * 40 + text, 1, support="weak")),
                missing=text,
                withdrawn=(Withdrawn(text, text),),
                disagreements=(Disagreement(text, (Claim(text, 1),)),),
                model=ModelName(text, "0"),
            ),
            running_turn(
                turn(), Progress("writing", None, (), f"One. {text}", (sentence(text, 1),), (citation(),))
            ),
            announced(turn(), Progress(sentences=(sentence(text),))),
        )
    ),
    "a conversation's title": lambda text: joined(
        (sidebar_html([Conversation("c1", text, "2025", "2025")], "c1", today=NOW.date()), topbar_html(text))
    ),
    "an error": lambda text: joined(
        (
            finished_turn(turn(error=text), last=True),
            announced(turn(error=text), None),
            failure_card(text),
            problem_html(text),
            status_html(LibraryStatus(1, problem=text), now=NOW),
            row(state="skipped", why=text),
        )
    ),
    "feedback": lambda text: finished_turn(turn(answer(), verdict="down", word=text), last=True),
    "a feed's preview": lambda text: preview_html(
        Preview(
            "https://a.example/feed",
            "feed",
            text,
            text,
            text,
            "2025",
            text,
            (PreviewEntry(text, None, text),),
            2,
            text,
        )
    ),
    "a run's errors": lambda text: joined(
        (
            run(errors=(text,)),
            run(left_out=(SyncStep("skip", "/notes", "a.md", text),)),
            run(completed=False, began=text),
        )
    ),
    "the status line": lambda text: joined(
        (
            status_html(LibraryStatus(1, text, text, text, text, embedding=text), now=NOW),
            status_html(LibraryStatus(1, model=text, model_present=False), now=NOW),
        )
    ),
    "a model's facts": lambda text: joined(
        (
            model(id=text, vendor=text, country=text, licence=text, note=text),
            model(glance="missing", id=text, places=(text, text)),
            model(outcome=Outcome("fetch", text)),
            model_notes(Chosen(text, text + "!"), Chosen(text, text + "!"), is_offline=True, folder=text),
        )
    ),
    "a person's name": lambda text: joined(
        (
            person(name=text),
            person(is_oneself=True, is_only_admin=True, name=text, password=None),
            sidebar_html([], "", today=NOW.date(), who=Person("p1", text, Role.EDITOR)),
            article_body(html("<p>body</p>"), Person("p1", text, Role.READER)),
        )
    ),
    "an id": lambda text: joined(
        (
            finished_turn(turn(answer(), id=text), last=True),
            source_html(text, citation(), (1, 2)),
            sidebar_html([Conversation(text, "Rain", "2025", "2025")], "", today=NOW.date()),
        )
    ),
}


def read(markup: str) -> Any:
    """The markup as a parser reads it."""
    return parser.fragment_fromstring(markup, create_parent="main")


def shape(root: Any) -> Counter[tuple[str, ...]]:
    """How often each element stands there, by its name and those of its attributes."""
    return Counter((element.tag, *element.attrib) for element in root.iterdescendants())


def squeezed(words: str) -> str:
    return " ".join(words.split())


def test_there_are_more_than_sixty_and_none_twice() -> None:
    assert len(set(PAYLOADS)) == len(PAYLOADS) > 120


@pytest.mark.parametrize("field", FIELDS)
def test_a_page_has_its_own_elements_whatever_a_field_says(field: str) -> None:
    fill = FIELDS[field]
    own = shape(read(fill(WORDS)))
    pages = {text: fill(text) for text in PAYLOADS}
    # All in one: what one of them opens and does not close would change all that comes behind it.
    whole = read("".join(pages.values()))
    if shape(whole) != Counter({element: count * len(PAYLOADS) for element, count in own.items()}):
        wrong = [text for text, page in pages.items() if shape(read(page)) != own]
        pytest.fail(f"{field} becomes markup when it says {wrong or PAYLOADS}")
    assert not REORDERING & set("".join(whole.itertext()))
    script = WAYS["a script"][0]
    one = read(fill(script))
    assert script in "".join([*one.itertext(), *one.xpath(".//@*")])


HEAD = ["meta", "meta", "title", "meta", "meta", "link", "link", "link", "script", "script"]


def test_a_page_keeps_its_own_title_whatever_an_article_is_called() -> None:
    for text in PAYLOADS:
        page = parser.document_fromstring(page_html(text, html("<p>body</p>")))
        (title,) = page.iter("title")
        assert squeezed(title.text or "") == squeezed(shown(text))
        assert len(list(page.iter("script"))) == 2
        assert [element.tag for element in page.find("head")] == HEAD


def test_the_log_in_page_keeps_its_form_whatever_was_typed_and_wherever_it_was_to_lead() -> None:
    own = shape(parser.document_fromstring(login_html(wanted="/library", name=WORDS, problem=WRONG)))
    for text in PAYLOADS:
        page = parser.document_fromstring(login_html(wanted=safe_address(text), name=text, problem=WRONG))
        assert shape(page) == own
        (form,) = page.iter("form")
        assert (form.get("action"), form.get("method")) == ("/login", "post")
        assert not re.match(r"\w+:|//|/\\", form.xpath("string(.//input[@name='next']/@value)"))


GOOD = {
    "https://weather.example/rain?a=1&b=2#c",
    "HTTP://weather.example",
    'https://weather.example/"onclick=ran()',
}


def test_every_link_of_an_article_is_of_the_web_and_tells_nobody_where_it_was_followed() -> None:
    linked = set()
    for address in (*PAYLOADS, *GOOD):
        for page in (article(url=address), source_html("t1", citation(url=address))):
            for link in read(netted(page)).xpath(".//a[@target]"):
                linked.add(link.get("href"))
                assert link.get("target") == "_blank"
                assert set(link.get("rel").split()) == {"noopener", "noreferrer"}
                assert link.get("referrerpolicy") == "no-referrer"
                assert set(link.attrib) == {"href", "target", "rel", "referrerpolicy"}
            for link in read(page).xpath(".//a[not(@target)]"):
                assert link.get("href") == "#passage-1"
    assert linked == GOOD


@pytest.mark.parametrize("field", FIELDS)
def test_the_net_takes_nothing_from_the_pages_own_markup(field: str) -> None:
    """The elements and their attributes come through; a link only gains what keeps it from telling."""
    gained = {"rel", "referrerpolicy"}

    def own(markup: Html) -> list[tuple[str, set[str], str | None, str | None]]:
        return [(one.tag, set(one.attrib) - gained, one.text, one.tail) for one in read(markup).iter()]

    assert own(netted(FIELDS[field](WORDS))) == own(FIELDS[field](WORDS))


RUNNING = set(
    "script style iframe object embed img video audio base meta link template foreignobject".split()
)
LOADING = set("style src srcset srcdoc poster background action formaction ping".split())


def test_where_escaping_failed_the_net_would_hold() -> None:
    for text in PAYLOADS:
        for element in read(shown(netted(Html(text)))).iter():
            assert element.tag not in RUNNING
            assert not [name for name in element.attrib if name.startswith("on") or name in LOADING]
            assert re.match(r"https?://|#$", element.get("href", "#")), text
            assert "xlink:href" not in element.attrib


@pytest.mark.parametrize(
    "address", [f"//{LEAK}", f"/\\{LEAK}", f"\\\\{LEAK}", f" //{LEAK}", f"/\t/{LEAK}", f"\n/\r\\{LEAK}"]
)
def test_no_link_without_a_scheme_leads_to_another_host(address: str) -> None:
    assert "href" not in netted(html('<a href="{}">x</a>', address))
    assert 'href="/library"' in netted(html('<a href="/library">x</a>'))


HEBREW = "\u05d0\u05d1\u05d2 12"


@pytest.mark.parametrize("field", FIELDS)
def test_words_from_right_to_left_leave_the_pages_own_words_in_order(field: str) -> None:
    """They stand in an element that is set by itself, so that a date or a number behind them stays behind."""
    mixed = [
        holder.getparent()
        for holder in read(FIELDS[field](HEBREW)).xpath(f".//text()[contains(., '{HEBREW}')]")
        if not holder.getparent().xpath("ancestor-or-self::*[self::bdi or self::time or @dir='auto']")
    ]
    assert [parser.tostring(one, encoding="unicode") for one in mixed] == []
