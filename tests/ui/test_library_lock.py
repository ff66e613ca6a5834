from pathlib import Path

import pytest
from tiny_footnote import install_models, set_up, workshop

from ui.home import Home
from ui.library_lock import is_in_use

pytestmark = [pytest.mark.whole, pytest.mark.usefixtures("tiny_catalogue")]


def test_a_library_is_in_use_while_somebody_holds_it(home: Home) -> None:
    install_models(home)
    set_up(home, sources=[])
    assert not is_in_use(home.user_library)
    holder = workshop(home)
    assert holder.library.articles() == []
    assert is_in_use(home.user_library)
    holder.close()
    assert not is_in_use(home.user_library)


def test_looking_does_not_make_a_library(tmp_path: Path) -> None:
    assert not is_in_use(tmp_path / "none")
    assert list(tmp_path.iterdir()) == []


def test_looking_does_not_keep_others_out(home: Home) -> None:
    install_models(home)
    set_up(home, sources=[])
    made = workshop(home)
    made.library.articles()
    made.close()
    assert not is_in_use(home.user_library)
    again = workshop(home)
    assert again.library.articles() == []
    again.close()
