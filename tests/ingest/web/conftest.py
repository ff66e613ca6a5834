from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tiny_site import StillTime

if TYPE_CHECKING:
    from address_desk import Desk
    from tiny_shelf import Shelf


@pytest.fixture
def desk(shelf: "Shelf", tmp_path: Path, time: StillTime) -> "Desk":
    """A library to sync addresses into, a memory of what was fetched, and a clock."""
    # As for the shelf.
    from address_desk import Desk

    return Desk(shelf, tmp_path / "fetched.json", time)
