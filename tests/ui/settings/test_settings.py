from collections.abc import Callable
from pathlib import Path

import pytest

from ui.settings.in_force import load_settings
from ui.settings.settings import Settings

Complaint = Callable[..., str]

README = Path(__file__).parents[3] / "README.md"


@pytest.mark.parametrize(("context", "evidence"), [(4096, 3496), (1024, 424)])
def test_evidence_may_take_all_that_the_rest_leaves(file: Path, context: int, evidence: int) -> None:
    file.write_text(f"context_tokens = {context}\nevidence_tokens = {evidence}\n")
    assert load_settings(file).evidence_tokens == evidence


def test_a_relative_source_is_refused_because_it_would_change_with_the_folder(
    file: Path, complaint: Complaint
) -> None:
    file.write_text('sources = ["starter", "articles"]\n')
    message = complaint()
    assert "'articles'" in message
    assert "must begin with / or ~" in message
    file.write_text('sources = ["starter", "~/articles", "/srv/articles"]\n')
    assert load_settings(file).sources == ("starter", "~/articles", "/srv/articles")


def test_addresses_stand_beside_folders(file: Path, complaint: Complaint) -> None:
    file.write_text('sources = ["starter", "/srv/articles", "https://a.example/feed"]\n')
    assert load_settings(file).sources[2] == "https://a.example/feed"
    for wrong in ("ftp://a.example/", "https://", "https://ann:word@a.example/"):
        file.write_text(f'sources = ["{wrong}"]\n')
        assert "web address" in complaint() or "password" in complaint()


def test_ranges_of_addresses_are_written_as_such(file: Path, complaint: Complaint) -> None:
    file.write_text('allowed_networks = ["10.1.0.0/16", "192.168.1.7", "fd00::/8"]\n')
    assert len(load_settings(file).allowed_networks) == 3
    file.write_text('allowed_networks = ["intranet.example"]\n')
    assert "'intranet.example' is no range of addresses" in complaint()
    file.write_text('allowed_networks = "10.1.0.0/16"\n')
    assert 'write allowed_networks = ["10.1.0.0/16"]' in complaint()


@pytest.mark.skipif(not README.exists(), reason="the README ships with the source only")
@pytest.mark.parametrize("name", Settings.model_fields)
def test_the_readme_tells_of_every_setting(name: str) -> None:
    assert f"`{name}`" in README.read_text(encoding="utf-8").partition("## Settings")[2]


def test_every_setting_says_what_it_is() -> None:
    assert all(field.description for field in Settings.model_fields.values())


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("proxy_header = 'X-User'", ("proxy_header", "'X-User'", "proxy_addresses")),
        ("proxy_header = 'X User'\nproxy_addresses = ['10.0.0.1']", ("proxy_header", "'X User'")),
        ("proxy_addresses = ['proxy.example']", ("proxy_addresses", "'proxy.example'", "10.1.2.3")),
        ("proxy_addresses = '10.0.0.1'", ("proxy_addresses", "is no list", 'proxy_addresses = ["10.1.2.3"]')),
        ("session_hours = 0", ("session_hours", "0")),
        ("session_idle_minutes = -1", ("session_idle_minutes", "-1")),
        ("questions_per_minute = -1", ("questions_per_minute", "-1")),
        ("upload_files = 0", ("upload_files", "0")),
        ("upload_gb = 0", ("upload_gb", "0")),
    ],
)
def test_who_is_let_in_is_no_matter_of_chance(
    file: Path, line: str, parts: tuple[str, ...], complaint: Complaint
) -> None:
    file.write_text(f"{line}\n")
    message = complaint()
    assert all(part in message for part in parts), message
