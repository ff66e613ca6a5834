from collections.abc import Callable
from pathlib import Path

import pytest

from ui.settings.in_force import load_settings
from ui.settings.settings import Settings

Complaint = Callable[..., str]


def test_a_wrong_model_is_told_with_the_place_where_it_was_set(
    file: Path, monkeypatch: pytest.MonkeyPatch, complaint: Complaint
) -> None:
    monkeypatch.setenv("FOOTNOTE_MODEL", "nope")
    assert "environment variable FOOTNOTE_MODEL" in complaint()


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("port = 0", ("port", "0")),
        ("port = 65536", ("port", "65536")),
        ("port = 'none'", ("port", "'none'")),
        ("context_tokens = 100", ("context_tokens", "100", "1024")),
        ("evidence_tokens = -1", ("evidence_tokens", "-1")),
        ("threads = 0", ("threads", "0")),
        ("sources = 'starter'", ("sources", "'starter' is no list", 'write sources = ["starter"]')),
        ("model = 'nope'", ("model", "'nope'", "footnote models list")),
        ("model = 'qwen3-4'", ("model", "'qwen3-4'", "qwen3-4b")),
        ("embedder = 'nope'", ("embedder", "'nope'")),
        ("embedder = 'qwen3-4b'", ("embedder", "'qwen3-4b'")),
        ("hub = '/srv/models'", ("hub", "'/srv/models'", "http://")),
        ("hub = 'https://'", ("hub", "'https://'")),
        ("hub = 'ftp://a.example'", ("hub", "'ftp://a.example'")),
        ("evidence_tokens = 4000", ("evidence_tokens", "4000", "context_tokens = 4096 leaves 3496")),
        ("evidence_tokens = 500\ncontext_tokens = 1024", ("evidence_tokens", "500", "leaves 424")),
        ("sources = [1]", ("sources", "1")),
        ("model = 5", ("model", "5")),
    ],
)
def test_a_wrong_value_is_named_with_its_setting_and_its_file(
    file: Path, line: str, parts: tuple[str, ...], complaint: Complaint
) -> None:
    file.write_text(line + "\n")
    message = complaint()
    for part in (*parts, str(file)):
        assert part in message


def test_the_complaint_names_the_place_where_the_value_was_set(
    file: Path, monkeypatch: pytest.MonkeyPatch, complaint: Complaint
) -> None:
    file.write_text("port = 7000\n")
    monkeypatch.setenv("FOOTNOTE_PORT", "99999")
    message = complaint()
    assert "environment variable FOOTNOTE_PORT" in message
    assert str(file) not in message
    assert "--port" in complaint(port=0)


@pytest.mark.parametrize(
    "name", [name for name in Settings.model_fields if name.endswith(("_key", "_token"))]
)
def test_a_secret_is_never_repeated(file: Path, name: str, complaint: Complaint) -> None:
    file.write_text(f"{name} = ['very secret']\n")
    message = complaint()
    assert name in message
    assert "secret" not in message
    file.write_text(f"{name} = 'very secret'\n")
    assert "secret" not in repr(load_settings(file))


def test_all_that_is_wrong_is_told_in_one_go_by_the_places_where_it_was_set(
    file: Path, monkeypatch: pytest.MonkeyPatch, complaint: Complaint
) -> None:
    file.write_text(
        "prot = 7000\nthreads = 0\nmodel = 'nope'\noffline = 'perhaps'\nhub_token = ['very secret']\n"
        "sources = [1, 2]\nproxy_addresses = ['proxy']\nproxy_header = 'X-Remote-User'\n"
        "[every]\n'https://news.example/feed' = 'often'\n"
    )
    monkeypatch.setenv("FOOTNOTE_EMBEDDER", "none-such")
    monkeypatch.setenv("FOOTNOTE_ALLOWED_NETWORKS", "10.1.0.0/16")
    message = complaint(port=0)
    assert message.startswith("11 settings are wrong; correct them, in ")
    flag, environment, in_file = (
        "in --port: (",
        "in the environment variable FOOTNOTE_EMBEDDER: (",
        f"in {file}: (",
    )
    for part in (
        flag,
        environment,
        in_file,
        "setting port: 0 is not usable (it must be a whole number from 1 to 65535)",
        "setting 'prot' is unknown, did you mean port?",
        "setting threads: 0 is not usable (it must be a whole number from 1 to 1024)",
        "'nope'",
        "'none-such'",
        "setting offline: 'perhaps' is not usable (it must be true or false)",
        "setting hub_token: its value is not usable (it must be text, in quotes)",
        "setting sources: 1 is not usable (it must be text, in quotes)",
        "setting proxy_addresses: ['proxy'] is not usable ('proxy' is no address",
        "setting every: https://news.example/feed = 'often' is not usable (it must be a number)",
        "setting allowed_networks: '10.1.0.0/16' is no list",
    ):
        assert message.count(part) == 1
    assert "secret" not in message
    # What depends on another setting that is wrong itself is left alone.
    assert "proxy_header" not in message


def test_two_wrong_models_are_told_together(file: Path, complaint: Complaint) -> None:
    file.write_text("model = 'nope'\nembedder = 'none-such'\n")
    message = complaint()
    assert message.startswith(f"2 settings are wrong; correct them, in {file}: (1) setting model: ")
    assert "(2) setting embedder: " in message


def test_an_unknown_setting_is_refused_with_the_nearest_known_one(file: Path, complaint: Complaint) -> None:
    file.write_text("modle = 'x'\n")
    assert "'modle' is unknown, did you mean model?" in complaint()
    file.write_text("zzz = 1\n")
    message = complaint()
    assert all(name in message for name in Settings.model_fields)
