"""What brings articles in reads them where a hostile one costs itself alone."""

from pathlib import Path

import pytest
from tiny_footnote import write_articles

from ingest.documents.isolated_reading import IsolatedReader
from ui.home import Home
from ui.intake import Intake
from ui.settings.settings import Settings


@pytest.mark.whole
def test_the_files_of_ones_own_folders_are_read_in_a_process_of_their_own(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Not the one that other tests share.
    monkeypatch.setattr("ui.intake.IsolatedReader", IsolatedReader)
    intake = Intake(home, write_articles(tmp_path / "articles"))
    try:
        assert intake.reader._documents.running is None
        (source,) = intake.sources(Settings())
        apart = [source.read(found) for found in source.scan()]
        assert intake.reader._documents.running is not None
        near = Intake(home, tmp_path / "articles", apart=False)
        (same,) = near.sources(Settings())
        assert [same.read(found) for found in same.scan()] == apart
        assert near.reader._documents.running is None
    finally:
        intake.close()
