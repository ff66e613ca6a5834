"""Addresses of a site on this machine as sources of a library, with a clock that is moved by hand."""

from pathlib import Path

from tiny_shelf import Shelf
from tiny_site import StillTime, TinySite, fetcher

from index_store.article import Article
from ingest.article_file import ArticleReader
from ingest.sync_plan import SyncReport
from ingest.web.address_source import AddressSource
from ingest.web.fetch_memory import FetchMemory

DAY = 86_400.0
# Long enough to be extracted in one go.
GRAIN = (
    "Ships unload grain at the old harbour, and the cranes work until dusk falls over the bay. The millers "
    "come down with their carts before the bells ring, weigh what they are given, sign for it in the book of "
    "the harbour master, and drive up the hill again while there is light."
)
SNOW = (
    "Snow closes the mountain road in January, and the village waits for the plough to come. Whoever has to "
    "go to the valley takes the path along the stream, which the foresters keep open with two horses, and is "
    "back on the evening of the next day if the weather holds."
)
LONG = f"{GRAIN} {SNOW} "


class CountingReader(ArticleReader):
    """Counts what it reads."""

    def __init__(self) -> None:
        super().__init__()
        self.made = 0

    def read_bytes(self, *arguments: object, **options: object) -> Article:
        self.made += 1
        return super().read_bytes(*arguments, **options)  # type: ignore[arg-type]


class Desk:
    """A library, a memory of what was fetched, and a clock."""

    def __init__(self, shelf: Shelf, memory: Path, time: StillTime) -> None:
        self.shelf = shelf
        self.memory = memory
        self.time = time
        self.reader = CountingReader()

    def sync(self, address: str) -> SyncReport:
        return self.shelf.sync(self.source(address))  # type: ignore[arg-type]

    def source(self, address: str, **options: object) -> AddressSource:
        return AddressSource(
            address,
            fetcher(self.time),
            self.reader,
            FetchMemory(self.memory),
            clock=self.time.clock,
            **options,  # type: ignore[arg-type]
        )

    def counts(self, address: str) -> dict[str, int]:
        plan = self.sync(address).plan
        return {
            action: plan.count(action)
            for action in ("add", "change", "delete", "keep", "skip")
            if plan.count(action)
        }

    def whys(self, address: str) -> list[str]:
        return [str(step.why) for step in self.sync(address).plan.of("skip")]

    def article(self, path: str) -> Article:
        stored = self.shelf.library.find(path)
        assert stored is not None
        return stored.article


def rss(*items: str) -> str:
    return (
        '<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">'
        "<channel><title>Marsh Press</title>"
        f"{''.join(f'<item>{item}</item>' for item in items)}</channel></rss>"
    )


def linked(site: TinySite, path: str, rest: str = "") -> str:
    return f"<title>Entry {path}</title><link>{site.root}{path}</link>{rest}"


def whole(site: TinySite, path: str, text: str = LONG) -> str:
    return linked(site, path, f"<content:encoded><![CDATA[<p>{text}</p>]]></content:encoded>")


def mapped(site: TinySite, *paths: str, changed: str = "") -> str:
    lastmod = f"<lastmod>{changed}</lastmod>" if changed else ""
    return (
        f"<urlset>{''.join(f'<url><loc>{site.root}{path}</loc>{lastmod}</url>' for path in paths)}</urlset>"
    )
