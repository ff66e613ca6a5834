from collections.abc import Iterator
from pathlib import Path

import pytest
from tiny_footnote import TinyWorkshop, install_models, set_up, workshop

from ui.home import Home
from ui.local_desk import LocalDesk


@pytest.fixture
def served(home: Home, articles: Path) -> Iterator[TinyWorkshop]:
    """The workshop of a library that holds the two articles."""
    install_models(home)
    set_up(home, sources=[str(articles)])
    made = workshop(home)
    LocalDesk(made).sync((), dry_run=False, on_step=lambda *_: None)
    yield made
    made.close()
