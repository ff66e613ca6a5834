"""A library on each kind of store: the embedded one, and a real server where there is one."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import pytest
from synthetic import library_over

from index_store.library import Library
from index_store.qdrant_connection import open_folder, open_server
from index_store.qdrant_store import drop_library


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[Library]:
    """An empty library in a folder of its own."""
    library = library_over(open_folder(tmp_path / "library"), "test", embedded=True)
    yield library
    library.store.close()


@pytest.fixture
def name_on_server() -> str:
    """The name of the library `on_server`."""
    return uuid4().hex


@pytest.fixture
def on_server(qdrant_server: str, name_on_server: str) -> Iterator[Library]:
    """An empty library on the server."""
    client = open_server(qdrant_server)
    library = library_over(client, name_on_server, embedded=False)
    yield library
    library.store.close()
    with closing(open_server(qdrant_server)) as client:
        drop_library(client, name_on_server)


@pytest.fixture(params=["embedded", pytest.param("on_server", marks=pytest.mark.server)])
def library(request: pytest.FixtureRequest) -> Library:
    """An empty library, once embedded and once on a server."""
    made: Library = request.getfixturevalue(request.param)
    return made
