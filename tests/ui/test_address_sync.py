"""Addresses among the sources of a whole Footnote, from the command line to the library."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import tiny_site
from tiny_footnote import QUESTION, Ran, TinyWorkshop, install_models, serving, set_up, workshop
from tiny_site import StillTime, TinySite, web_page

from assistant.errors import FetchFailed as ModelNotFetched
from index_store.errors import RunError
from ingest.errors import FetchFailed
from ui.desk import SyncStep, SyncSummary
from ui.home import Home
from ui.intake import Intake
from ui.local_desk import LocalDesk
from ui.settings.in_force import load_settings
from ui.settings.settings import Settings

pytestmark = [pytest.mark.whole, pytest.mark.usefixtures("tiny_catalogue")]

HERON = web_page("The Heron model", "The Heron model needs 12 GB of memory. It was trained on bird calls.")
Footnote = Callable[..., Ran]


@pytest.fixture
def site() -> Iterator[TinySite]:
    with tiny_site.tiny_site() as made:
        yield made


@pytest.fixture(autouse=True)
def _without_pauses_and_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    def fetcher(_: Intake, settings: Settings) -> object:
        return tiny_site.fetcher(StillTime(), allowed=settings.allowed_networks, offline=settings.offline)

    monkeypatch.setattr(Intake, "fetcher", fetcher)


@pytest.fixture
def desk(home: Home) -> Iterator[LocalDesk]:
    install_models(home)
    set_up(home, sources=[], allowed_networks=["127.0.0.0/8"])
    made = LocalDesk(workshop(home))
    yield made
    made.close()


def synced(desk: LocalDesk, *places: str, dry_run: bool = False) -> SyncSummary:
    return desk.sync(places, dry_run=dry_run, on_step=lambda *_: None)


def test_a_named_address_is_read_becomes_a_source_and_answers(
    desk: LocalDesk, home: Home, site: TinySite
) -> None:
    url = site.put("/heron", HERON, ETag='"1"')
    assert synced(desk, f"{url}#top", url).added == 1
    assert load_settings(home.settings_file).sources == (url,)
    answer = desk.ask(QUESTION)
    assert answer.citations[0].article == url
    assert answer.citations[0].url == url
    site.asked.clear()
    assert synced(desk).kept == 1
    assert site.asked[-1].headers["if-none-match"] == '"1"'


def test_an_address_that_is_taken_from_the_sources_takes_its_articles_along(
    desk: LocalDesk, home: Home, site: TinySite
) -> None:
    url = site.put("/heron", HERON)
    synced(desk, url)
    set_up(home, sources=[])
    assert synced(desk).deleted == 1
    assert url not in home.fetch_memory.read_text()


def test_a_dry_run_shows_what_would_come_and_keeps_nothing(
    desk: LocalDesk, home: Home, site: TinySite
) -> None:
    url = site.put("/heron", HERON)
    summary = synced(desk, url, dry_run=True)
    assert (summary.added, summary.seconds) == (1, None)
    assert summary.expected_seconds is not None
    assert load_settings(home.settings_file).sources == ()
    assert synced(desk, url).expected_seconds is None


def test_each_address_is_heard_of_and_closing_ends_the_reading(desk: LocalDesk, site: TinySite) -> None:
    url = site.put("/heron", HERON)
    heard: list[tuple[SyncStep, int, int]] = []

    def hear(step: SyncStep, done: int, total: int) -> None:
        heard.append((step, done, total))

    desk.sync([url], dry_run=False, on_step=hear)
    assert heard == [(SyncStep("read", "", url), 0, 0), (SyncStep("add", url, url), 0, 1)]

    def close(step: SyncStep, done: int, total: int) -> None:
        desk.close()

    with pytest.raises(RunError, match="closed"):
        desk.sync([], dry_run=False, on_step=close)


def test_a_library_is_not_rebuilt_while_an_address_is_away(desk: LocalDesk, site: TinySite) -> None:
    url = site.put("/heron", HERON)
    synced(desk, url)
    site.put("/heron", "away", status=503)
    with pytest.raises(FetchFailed, match="503"):
        desk.rebuild(on_step=lambda *_: None)
    assert len(desk.articles()) == 1
    site.put("/heron", HERON)
    assert desk.rebuild(on_step=lambda *_: None).articles == 1


def test_this_machine_is_refused_where_the_settings_do_not_allow_it(
    desk: LocalDesk, home: Home, site: TinySite
) -> None:
    url = site.put("/heron", HERON)
    set_up(home, sources=[url])
    (step,) = synced(desk).skipped
    assert "not public" in str(step.why)
    assert site.asked == []


def test_offline_is_one_line_for_sources_and_for_models(home: Home, site: TinySite) -> None:
    url = site.put("/heron", HERON)
    install_models(home)
    set_up(home, sources=[url], allowed_networks=["127.0.0.0/8"], offline=True)
    made = workshop(home)
    desk = LocalDesk(made)
    (step,) = synced(desk).skipped
    assert step.why == f"{url}: the setting offline = true refuses all fetching; set it to false to fetch"
    assert site.asked == []
    with pytest.raises(ModelNotFetched, match="offline = true refuses all fetching"):
        made.files.fetch("second-writer")
    desk.close()


def test_an_address_can_be_looked_at_before_it_is_taken(home: Home, site: TinySite) -> None:
    set_up(home, sources=[], allowed_networks=["127.0.0.0/8"])
    made: TinyWorkshop = workshop(home)
    seen = made.intake.preview(site.put("/heron", HERON))
    made.close()
    assert (seen.kind, seen.title, seen.count) == ("page", "The Heron model", 1)
    assert "12 GB" in seen.articles[0].text
    assert not home.fetch_memory.exists()
    assert not home.libraries.exists()


def test_the_command_line_tells_the_plan_and_the_outcome(
    footnote: Footnote, home: Home, site: TinySite
) -> None:
    set_up(home, sources=[], allowed_networks=["127.0.0.0/8"])
    site.put("/heron", HERON)
    feed = (
        f"<rss version='2.0'><channel><item><link>{site.root}/heron</link></item>"
        f"<item><link>{site.root}/missing</link></item></channel></rss>"
    )
    url = site.put("/feed", feed, "application/rss+xml")
    planned = footnote("sync", url, "--dry-run")
    assert planned.code == 0
    assert f"add     {site.root}/heron\n" in planned.out
    assert f"skipped: {site.root}/missing: it answers HTTP 404 (Not Found); check the address" in planned.out
    assert "1 added, 0 changed, 0 deleted, 0 unchanged, 1 skipped. Nothing was changed." in planned.out
    done = footnote("sync", url, "--json").document
    assert (done["added"], done["articles"], len(done["skipped"])) == (1, 1, 1)
    site.put("/heron", "", status=410)
    site.put("/feed", feed.replace("</channel>", "<item><title>new</title></item></channel>"), "text/xml")
    home.fetch_memory.unlink()
    gone = footnote("sync", "--dry-run")
    assert f"delete  {site.root}/heron ({site.root}/heron: it answers HTTP 410" in gone.out


def test_a_long_sync_says_how_long(monkeypatch: pytest.MonkeyPatch) -> None:
    from ui.commands.sync import summary_line

    def line(seconds: float) -> str:
        return summary_line(SyncSummary(True, 1, 0, 0, 0, (), (), (), 0, 0, None, seconds))

    assert "about 42 s" in line(42.0)
    assert "about 5 minutes" in line(301.0)
    assert "about" not in line(0.4)
    assert "less than a second" in line(0.4)


def test_a_new_address_that_is_refused_is_not_kept_and_the_others_are_read(
    footnote: Footnote, home: Home, site: TinySite, articles: Path
) -> None:
    url = site.put("/heron", HERON)
    ran = footnote("sync", articles, url, "--json")
    assert ran.code == 1
    assert f"refused, and not kept among the sources: {url}" in ran.error
    assert "not public" in ran.error
    assert (ran.document["added"], [one["source"] for one in ran.document["refused"]]) == (2, [url])
    assert load_settings(home.settings_file).sources == (str(articles),)
    assert site.asked == []
    told = [(one["action"], one["name"]) for one in footnote("log", "--json").document["entries"]
            if one["kind"] == "source"]  # fmt: skip
    assert told == [("added", str(articles)), ("added", url), ("removed", url)]


@pytest.mark.parametrize(
    ("path", "why"),
    [("/none", "HTTP 404"), ("/private", "HTTP 403"), ("/closed/page", "robots.txt refuses")],
)
def test_what_its_own_site_refuses_is_not_kept(
    footnote: Footnote, home: Home, site: TinySite, path: str, why: str
) -> None:
    set_up(home, sources=[], allowed_networks=["127.0.0.0/8"])
    site.put("/private", "", status=403)
    site.put("/closed/page", HERON)
    site.put("/robots.txt", "User-agent: *\nDisallow: /closed/\n", "text/plain")
    ran = footnote("sync", f"{site.root}{path}")
    assert (ran.code, why in ran.error) == (1, True)
    assert load_settings(home.settings_file).sources == ()


def test_offline_no_address_becomes_a_source(footnote: Footnote, home: Home, site: TinySite) -> None:
    url = site.put("/heron", HERON)
    set_up(home, sources=[], allowed_networks=["127.0.0.0/8"], offline=True)
    for words in ((), ("--dry-run",)):
        ran = footnote("sync", url, *words)
        assert ran.code == 1
        assert "the setting offline = true refuses all fetching" in ran.error
        assert load_settings(home.settings_file).sources == ()


def test_an_address_that_is_down_for_now_is_kept_with_a_warning(
    footnote: Footnote, home: Home, site: TinySite
) -> None:
    set_up(home, sources=[], allowed_networks=["127.0.0.0/8"])
    url = site.put("/heron", "away", status=503)
    ran = footnote("sync", url)
    assert ran.code == 0
    assert f"warning: {url} could not be read now; it is kept among the sources" in ran.err
    assert f"footnote sources remove {url}" in ran.err
    assert load_settings(home.settings_file).sources == (url,)
    site.put("/heron", HERON)
    assert footnote("sync", "--json").document["added"] == 1


def test_a_source_of_long_standing_stays_when_it_is_refused(
    footnote: Footnote, home: Home, site: TinySite
) -> None:
    set_up(home, sources=[], allowed_networks=["127.0.0.0/8"])
    url = site.put("/heron", HERON)
    footnote("sync", url)
    set_up(home, sources=[url], offline=True)
    for words in ((), (url,)):
        ran = footnote("sync", *words, "--json")
        assert (ran.code, ran.document["articles"], ran.document["refused"]) == (0, 1, [])
    assert load_settings(home.settings_file).sources == (url,)


def test_beside_a_serving_process_a_refused_address_is_not_kept_either(
    footnote: Footnote, home: Home, site: TinySite
) -> None:
    url = site.put("/heron", HERON)
    desk = LocalDesk(workshop(home))
    with serving(home, desk):
        ran = footnote("sync", url)
    desk.close()
    assert (ran.code, "not kept among the sources" in ran.error) == (1, True)
    assert load_settings(home.settings_file).sources == ()


def test_a_refused_address_is_off_the_list_before_the_rest_is_written(
    desk: LocalDesk, home: Home, site: TinySite, articles: Path
) -> None:
    """Whoever stops the sync meanwhile finds it gone."""
    url = f"{site.root}/none"
    listed: list[tuple[str, ...]] = []
    desk.sync(
        [url, str(articles)],
        dry_run=False,
        on_step=lambda *_: listed.append(load_settings(home.settings_file).sources),
    )
    assert listed[0] == (url, str(articles))
    assert listed[1:] == [(str(articles),)] * 2
