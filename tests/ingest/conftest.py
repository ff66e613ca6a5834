"""What the tests of ingest share."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tiny_site import StillTime, TinySite, tiny_site

from ingest.documents.isolated_reading import IsolatedReader

if TYPE_CHECKING:
    from tiny_shelf import Shelf


@pytest.fixture(scope="session")
def documents() -> Iterator[IsolatedReader]:
    """One process that reads documents for all tests: starting one takes longer than reading."""
    reader = IsolatedReader()
    yield reader
    reader.close()


@pytest.fixture(scope="session")
def _site() -> Iterator[TinySite]:
    with tiny_site() as made:
        yield made


@pytest.fixture
def site(_site: TinySite) -> TinySite:
    """An empty site of the test's own."""
    _site.answers.clear()
    _site.asked.clear()
    return _site


@pytest.fixture
def time() -> StillTime:
    """Time that only sleeping moves."""
    return StillTime()


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator["Shelf"]:
    """An empty library with an empty folder."""
    # It loads Qdrant and LlamaIndex: seconds that most tests here do without.
    from tiny_shelf import Shelf

    made = Shelf(tmp_path / "shelf")
    yield made
    made.client.close()
