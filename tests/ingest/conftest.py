"""What the tests of ingest share."""

from collections.abc import Iterator

import pytest

from ingest.isolated_reading import IsolatedReader


@pytest.fixture(scope="session")
def documents() -> Iterator[IsolatedReader]:
    """One process that reads documents for all tests: starting one takes longer than reading."""
    reader = IsolatedReader()
    yield reader
    reader.close()
