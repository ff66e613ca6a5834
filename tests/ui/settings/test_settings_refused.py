"""Every setting refuses what it cannot be: by its name, with the value, and with what is allowed."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from tiny_footnote import Ran, set_up

from ui.home import Home
from ui.settings.settings import Settings

Footnote = Callable[..., Ran]
Complaint = Callable[..., str]

NUMBER = ("it must be a number", "it must be a whole number")
TEXT = ("it must be text, in quotes",)
YES_OR_NO = ("it must be true or false",)
ADDRESS = ("http://",)

# By setting: values that it cannot have, and of each what the complaint offers instead (one of them).
REFUSED: dict[str, list[tuple[Any, tuple[str, ...]]]] = {
    "model": [("no-such-model", ("footnote models list",)), ("", ("footnote models list",)), (5, TEXT)],
    "embedder": [("no-such-embedder", ("near: ",)), (5, TEXT)],
    "reranker": [(5, TEXT), (["a"], TEXT)],
    "sources": [
        ("starter", ('["starter"',)),
        (["articles"], ("must begin with / or ~",)),
        (["ftp://a.example/x"], ("web address",)),
        ([1], TEXT),
    ],
    "allowed_networks": [
        ("10.1.0.0/16", ('["10.1.0.0/16"]',)),
        (["intranet"], ("10.1.0.0/16",)),
        (["10.1.0.0/99"], ("10.1.0.0/16",)),
    ],
    "offline": [("perhaps", YES_OR_NO), (2, YES_OR_NO)],
    "qdrant_url": [("qdrant:6333", ADDRESS), ("/srv/qdrant", ADDRESS), ("http://", ADDRESS), (5, TEXT)],
    "qdrant_api_key": [(["a"], TEXT)],
    "model_folder": [(5, TEXT)],
    "hub": [("/srv/models", ADDRESS), ("ftp://a.example", ADDRESS), ("http://a:port", ADDRESS)],
    "hub_token": [(["a"], TEXT)],
    "host": [
        ("", ("127.0.0.1",)),
        ("http://0.0.0.0", ("127.0.0.1",)),
        ("my host", ("127.0.0.1",)),
        (0, TEXT),
    ],
    "port": [(0, ("1",)), (65536, ("65535",)), ("web", NUMBER), (True, NUMBER), (1.5, NUMBER)],
    "context_tokens": [(100, ("1024",)), (200_000, ("131072",)), ("large", NUMBER), (True, NUMBER)],
    "threads": [(0, ("1",)), (-2, ("1",)), (5000, ("1024",)), ("all", NUMBER), (True, NUMBER)],
    "evidence_tokens": [(10, ("100",)), (4000, ("leaves 3496",)), ("much", NUMBER), (True, NUMBER)],
    "reading": [("fast", ("'kept' or 'anew'",)), (1, ("'kept' or 'anew'",))],
    "states_gb": [(-1, ("0",)), ("none", NUMBER), ("inf", NUMBER), ("nan", NUMBER), (True, NUMBER)],
    "sync_every_hours": [(-1, ("0",)), (9000, ("8760",)), ("daily", NUMBER), ("nan", ("0", "number"))],
    "record": [("maybe", YES_OR_NO), (3, YES_OR_NO)],
    "record_content": [("some", ("'full' or 'none'",)), (True, ("'full' or 'none'",))],
    "record_mb": [(0, ("0",)), (1000, ("100",)), ("ten", NUMBER), (True, NUMBER)],
    "every": [(["a"], ("[every]", "JSON")), ("often", ("[every]", "JSON"))],
    "tls_certificate": [(5, TEXT)],
    "tls_key": [(["a"], TEXT)],
    "proxy_addresses": [("10.1.2.3", ('["10.1.2.3"]',)), (["proxy"], ("10.1.2.3",))],
    "proxy_header": [
        (5, TEXT),
        ("X Remote", ("letters, digits and hyphens",)),
        ("X-Remote-User", ("proxy_addresses",)),
    ],
    "session_idle_minutes": [(0, ("0",)), (50_000, ("43200",)), ("long", NUMBER), (True, NUMBER)],
    "session_hours": [(0, ("0",)), (1000, ("720",)), ("long", NUMBER), (True, NUMBER)],
    "questions_per_minute": [(-1, ("0",)), ("few", NUMBER), (True, NUMBER)],
    "questions_at_once": [(-1, ("0",)), ("few", NUMBER), (True, NUMBER)],
    "requests_per_minute": [(-1, ("0",)), ("few", NUMBER), (True, NUMBER)],
    "upload_files": [(0, ("1",)), ("few", NUMBER), (True, NUMBER)],
    "upload_gb": [(0, ("0",)), ("much", NUMBER), (True, NUMBER)],
    "warming": [("perhaps", YES_OR_NO), (-1, YES_OR_NO)],
    "watch": [("sometimes", YES_OR_NO), (2, YES_OR_NO)],
}
CASES = [(name, value, allowed) for name, values in REFUSED.items() for value, allowed in values]
# What an environment variable can hold: any text is a text there.
IN_THE_ENVIRONMENT = [
    (name, value, allowed)
    for name, value, allowed in CASES
    if value not in ("", 5, ["a"]) and allowed != TEXT
]


# Words of the library that validates, and of programmers.
JARGON = ("input", "integer", "boolean", "string", "tuple", "parse", "pattern", "finite", "none", "extra")


def check(message: str, name: str, value: Any, allowed: tuple[str, ...]) -> None:
    assert name in message or name.upper() in message
    assert any(word in message for word in allowed), message
    said = message.replace(repr(value), "").lower()
    assert [word for word in JARGON if word in said.split()] == []
    if Settings.model_fields[name].repr:
        told = value[0] if isinstance(value, list) else value
        assert str(told) in message, message


def test_every_setting_is_in_the_table() -> None:
    assert set(REFUSED) == set(Settings.model_fields)


@pytest.mark.parametrize(("name", "value", "allowed"), CASES)
def test_the_file_may_not_say_it(
    home: Home, name: str, value: Any, allowed: tuple[str, ...], complaint: Complaint
) -> None:
    set_up(home, **{name: value})
    message = complaint()
    check(message, name, value, allowed)
    assert str(home.settings_file) in message


@pytest.mark.parametrize(("name", "value", "allowed"), IN_THE_ENVIRONMENT)
def test_the_environment_may_not_say_it(
    name: str,
    value: Any,
    allowed: tuple[str, ...],
    monkeypatch: pytest.MonkeyPatch,
    complaint: Complaint,
) -> None:
    text = json.dumps(value) if isinstance(value, list) else str(value)
    monkeypatch.setenv(f"FOOTNOTE_{name.upper()}", text)
    message = complaint()
    check(message, name, value, allowed)
    assert f"FOOTNOTE_{name.upper()}" in message
    assert "settings.toml" not in message


@pytest.mark.parametrize(("name", "value", "allowed"), CASES)
def test_a_flag_may_not_say_it(
    home: Home, name: str, value: Any, allowed: tuple[str, ...], complaint: Complaint
) -> None:
    message = complaint(**{name: value})
    check(message, name, value, allowed)


@pytest.mark.parametrize("name", Settings.model_fields)
def test_a_name_that_is_nearly_a_setting_is_refused_with_the_right_one(
    home: Home, name: str, complaint: Complaint
) -> None:
    set_up(home, **{f"{name}x": "1"})
    message = complaint()
    assert f"setting '{name}x' is unknown, did you mean {name}?" in message
    assert str(home.settings_file) in message


@pytest.mark.parametrize(
    ("variable", "meant"),
    [
        ("FOOTNOTE_OFFLNE", "FOOTNOTE_OFFLINE"),
        ("footnote_record_contents", "FOOTNOTE_RECORD_CONTENT"),
        ("FOOTNOTE_PROXY_ADDRESS", "FOOTNOTE_PROXY_ADDRESSES"),
    ],
)
def test_serving_does_not_begin_with_a_variable_that_is_nearly_a_setting(
    variable: str, meant: str, footnote: Footnote, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever meant to keep it offline would find out by what it has sent."""
    monkeypatch.setenv(variable, "none")
    ran = footnote("serve")
    assert ran.code == 2
    assert all(word in ran.error for word in (variable, "'none'", f"did you mean {meant}?"))


def test_all_variables_that_are_nearly_settings_are_told_in_one_go(
    footnote: Footnote, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOOTNOTE_OFFLNE", "true")
    monkeypatch.setenv("FOOTNOTE_WATHC", "false")
    ran = footnote("serve")
    assert ran.code == 2
    for name in ("FOOTNOTE_OFFLNE", "FOOTNOTE_OFFLINE?", "FOOTNOTE_WATHC", "FOOTNOTE_WATCH?"):
        assert name in ran.error


def test_the_value_of_what_is_nearly_a_secret_is_not_repeated(
    footnote: Footnote, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOOTNOTE_HUB_TOKN", "very secret")
    ran = footnote("serve")
    assert (ran.code, "did you mean FOOTNOTE_HUB_TOKEN?" in ran.error, "secret" in ran.err) == (
        2,
        True,
        False,
    )


def test_serving_does_not_begin_with_a_wrong_setting(
    footnote: Footnote, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_up(home, prot=7000)
    ran = footnote("serve")
    assert (ran.code, "'prot' is unknown, did you mean port?" in ran.error) == (2, True)
    set_up(home, port=7000)
    monkeypatch.setenv("FOOTNOTE_STATES_GB", "lots")
    ran = footnote("serve")
    assert (ran.code, "'lots'" in ran.error, "FOOTNOTE_STATES_GB" in ran.error) == (2, True, True)
    monkeypatch.delenv("FOOTNOTE_STATES_GB")
    ran = footnote("serve", "--host", "http://here")
    assert (ran.code, "'http://here'" in ran.error, "--host" in ran.error) == (2, True, True)
    ran = footnote("serve", "--port", "70000")
    assert (ran.code, "70000" in ran.error, "65535" in ran.error) == (2, True, True)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("70000", "it must be a whole number of at most 65535"),
        ("many", "it must be a whole number"),
    ],
)
def test_what_an_option_must_be_is_told_in_plain_words(footnote: Footnote, given: str, words: str) -> None:
    ran = footnote("serve", "--port", given)
    assert f"--port '{given}' is not usable ({words}); see: " in ran.error


def test_a_folder_in_the_place_of_the_settings_file_is_no_empty_file(footnote: Footnote, home: Home) -> None:
    home.settings_file.unlink()
    home.settings_file.mkdir()
    for words in (("articles",), ("doctor",)):
        ran = footnote(*words)
        assert (ran.code, ran.out) == (2, "")
        assert ran.error.startswith(f"footnote: settings file {home.settings_file}: it is a folder; ")
