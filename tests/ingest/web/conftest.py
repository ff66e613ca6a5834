from collections.abc import Iterator
from pathlib import Path

import pytest
from address_desk import Desk
from test_sync import Shelf
from tiny_site import StillTime


@pytest.fixture
def desk(tmp_path: Path, time: StillTime) -> Iterator[Desk]:
    shelf = Shelf(tmp_path / "shelf")
    yield Desk(shelf, tmp_path / "fetched.json", time)
    shelf.client.close()
