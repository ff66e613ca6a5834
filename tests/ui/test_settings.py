import os
import stat
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index_store.errors import UsageError
from ui.home import Home
from ui.settings import STARTER, Settings, change_setting, load_settings, source_place, unknown_variables

README = Path(__file__).parents[2] / "README.md"


@pytest.fixture
def file(home: Home) -> Path:
    home.root.mkdir(parents=True)
    return home.settings_file


def complaint(file: Path, **flags: object) -> str:
    with pytest.raises(UsageError) as caught:
        load_settings(file, **flags)
    message = str(caught.value)
    assert "\n" not in message
    return message


def test_without_a_file_the_defaults_hold(file: Path) -> None:
    settings = load_settings(file)
    assert settings.model == "qwen2.5-coder-1.5b"
    assert settings.sources == (STARTER,)
    assert settings.host == "127.0.0.1"
    assert not file.exists()


def test_flags_win_over_the_environment_and_the_environment_over_the_file(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.write_text("port = 1111\nthreads = 3\nmodel = 'qwen3-4b'\n")
    monkeypatch.setenv("FOOTNOTE_PORT", "2222")
    monkeypatch.setenv("FOOTNOTE_THREADS", "4")
    settings = load_settings(file, port=3333, threads=None)
    assert (settings.port, settings.threads, settings.model) == (3333, 4, "qwen3-4b")


def test_an_empty_environment_variable_counts_as_unset(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.write_text("port = 1111\n")
    monkeypatch.setenv("FOOTNOTE_PORT", "")
    monkeypatch.setenv("FOOTNOTE_QDRANT_URL", "")
    settings = load_settings(file)
    assert (settings.port, settings.qdrant_url) == (1111, None)


def test_other_variables_of_the_same_prefix_are_no_settings(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOOTNOTE_SOMETHING_ELSE", "1")
    load_settings(file)


def test_a_variable_that_is_no_setting_is_told_of_with_the_nearest_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FOOTNOTE_TEST_ALL", "1")
    monkeypatch.setenv("footnote_port", "7000")
    assert unknown_variables() == []
    monkeypatch.setenv("FOOTNOTE_MODLE", "x")
    monkeypatch.setenv("FOOTNOTE_ZZZ", "x")
    modle, zzz = unknown_variables()
    assert "FOOTNOTE_MODLE is no setting" in modle
    assert "did you mean FOOTNOTE_MODEL?" in modle
    assert "FOOTNOTE_ZZZ" in zzz


@pytest.mark.parametrize(("context", "evidence"), [(4096, 3496), (1024, 424)])
def test_evidence_may_take_all_that_the_rest_leaves(file: Path, context: int, evidence: int) -> None:
    file.write_text(f"context_tokens = {context}\nevidence_tokens = {evidence}\n")
    assert load_settings(file).evidence_tokens == evidence


def test_a_wrong_model_is_told_with_the_place_where_it_was_set(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOOTNOTE_MODEL", "nope")
    assert "environment variable FOOTNOTE_MODEL" in complaint(file)


def test_lists_in_the_environment_are_json(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOOTNOTE_SOURCES", '["starter", "/srv/articles"]')
    assert load_settings(file).sources == (STARTER, "/srv/articles")
    for value in ("/srv/articles", '"starter"', "{}"):
        monkeypatch.setenv("FOOTNOTE_SOURCES", value)
        message = complaint(file)
        assert "FOOTNOTE_SOURCES" in message
        assert "no list" in message
        assert '["starter"' in message
        assert str(file) not in message
        assert "EnvSettingsSource" not in message


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
    file: Path, line: str, parts: tuple[str, ...]
) -> None:
    file.write_text(line + "\n")
    message = complaint(file)
    for part in (*parts, str(file)):
        assert part in message


def test_the_complaint_names_the_place_where_the_value_was_set(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.write_text("port = 7000\n")
    monkeypatch.setenv("FOOTNOTE_PORT", "99999")
    message = complaint(file)
    assert "environment variable FOOTNOTE_PORT" in message
    assert str(file) not in message
    assert "--port" in complaint(file, port=0)


@pytest.mark.parametrize(
    "name", [name for name in Settings.model_fields if name.endswith(("_key", "_token"))]
)
def test_a_secret_is_never_repeated(file: Path, name: str) -> None:
    file.write_text(f"{name} = ['very secret']\n")
    message = complaint(file)
    assert name in message
    assert "secret" not in message
    file.write_text(f"{name} = 'very secret'\n")
    assert "secret" not in repr(load_settings(file))


def test_an_unknown_setting_is_refused_with_the_nearest_known_one(file: Path) -> None:
    file.write_text("modle = 'x'\n")
    assert "'modle' is unknown, did you mean model?" in complaint(file)
    file.write_text("zzz = 1\n")
    message = complaint(file)
    assert all(name in message for name in Settings.model_fields)


@pytest.mark.parametrize("content", [b"port = \n", b"\xff\xfe\x00", b"[", b"port = 1\nport = 2\n"])
def test_a_damaged_file_is_one_line_with_its_name(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    assert str(file) in complaint(file)
    with pytest.raises(UsageError, match="not readable"):
        change_setting(file, "model", "x")
    assert file.read_bytes() == content


def test_a_relative_source_is_refused_because_it_would_change_with_the_folder(file: Path) -> None:
    file.write_text('sources = ["starter", "articles"]\n')
    message = complaint(file)
    assert "'articles'" in message
    assert "must begin with / or ~" in message
    file.write_text('sources = ["starter", "~/articles", "/srv/articles"]\n')
    assert load_settings(file).sources == ("starter", "~/articles", "/srv/articles")


def test_addresses_stand_beside_folders(file: Path) -> None:
    file.write_text('sources = ["starter", "/srv/articles", "https://a.example/feed"]\n')
    assert load_settings(file).sources[2] == "https://a.example/feed"
    for wrong in ("ftp://a.example/", "https://", "https://ann:word@a.example/"):
        file.write_text(f'sources = ["{wrong}"]\n')
        assert "web address" in complaint(file) or "password" in complaint(file)


def test_ranges_of_addresses_are_written_as_such(file: Path) -> None:
    file.write_text('allowed_networks = ["10.1.0.0/16", "192.168.1.7", "fd00::/8"]\n')
    assert len(load_settings(file).allowed_networks) == 3
    file.write_text('allowed_networks = ["intranet.example"]\n')
    assert "'intranet.example' is no range of addresses" in complaint(file)
    file.write_text('allowed_networks = "10.1.0.0/16"\n')
    assert 'write allowed_networks = ["10.1.0.0/16"]' in complaint(file)


def test_settings_cannot_be_changed_in_passing(file: Path) -> None:
    settings = load_settings(file)
    with pytest.raises(ValueError, match="frozen"):
        settings.model = "other"


def test_changing_a_setting_leaves_all_else_as_it_was(file: Path) -> None:
    before = '# mine\nport = 7000  # a good one\r\n\nsources = [\n  "starter", # kept\n]\n'
    file.write_bytes(before.encode())
    change_setting(file, "model", "qwen3-4b")
    assert file.read_bytes().startswith(before.encode())
    assert load_settings(file).model == "qwen3-4b"
    change_setting(file, "model", "gemma-4-e2b")
    assert file.read_bytes().count(b"model") == 1
    assert load_settings(file).model == "gemma-4-e2b"
    assert list(file.parent.iterdir()) == [file]


def test_changing_a_setting_makes_file_and_folder(home: Home) -> None:
    change_setting(home.settings_file, "sources", ("starter", "/a"))
    assert tomllib.loads(home.settings_file.read_text()) == {"sources": ["starter", "/a"]}


def test_a_file_for_its_owner_alone_stays_so(file: Path) -> None:
    file.write_text("qdrant_api_key = 'secret'\n")
    file.chmod(0o600)
    change_setting(file, "model", "x")
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_linked_file_stays_a_link(file: Path, tmp_path: Path) -> None:
    real = tmp_path / "dotfiles.toml"
    real.write_text("port = 7000\n")
    file.symlink_to(real)
    change_setting(file, "model", "x")
    assert file.is_symlink()
    assert tomllib.loads(real.read_text()) == {"port": 7000, "model": "x"}


def test_a_file_that_cannot_be_written_is_one_line(home: Home) -> None:
    home.root.parent.mkdir(parents=True, exist_ok=True)
    home.root.write_text("a file where the folder should be")
    with pytest.raises(UsageError, match="cannot be written"):
        change_setting(home.settings_file, "model", "x")


@given(place=st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1))
def test_what_is_written_is_what_is_read(place: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.mktemp("settings") / "settings.toml"
    change_setting(file, "sources", ("starter", f"/{place}"))
    change_setting(file, "qdrant_api_key", place)
    settings = load_settings(file)
    assert settings.sources == ("starter", f"/{place}")
    assert settings.qdrant_api_key == place


def test_a_source_place_is_absolute_wherever_it_was_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "articles").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    expected = (tmp_path / "articles").resolve().as_posix()
    for name in ("articles", "./articles/", "~/articles", str(tmp_path / "articles" / ".." / "articles")):
        assert source_place(name) == expected


def test_the_starter_library_is_a_place_even_beside_a_folder_of_that_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / STARTER).mkdir()
    monkeypatch.chdir(tmp_path)
    assert source_place(STARTER) == STARTER
    assert source_place(f"./{STARTER}") == str((tmp_path / STARTER).resolve())


def test_an_address_is_kept_in_its_one_spelling() -> None:
    assert source_place("HTTPS://A.example:443/feed#top") == "https://a.example/feed"
    with pytest.raises(UsageError, match="user or a password") as caught:
        source_place("https://ann:secret@a.example/")
    assert "secret" not in str(caught.value)


def test_an_address_without_its_beginning_is_advised_of_it() -> None:
    for place, advised in (("a.example/feed", True), ("news.a.example", True), ("notes/2026", False)):
        with pytest.raises(UsageError) as caught:
            source_place(place)
        assert ("https://" in str(caught.value)) is advised


@pytest.mark.parametrize(
    "place", ["", " ", "nowhere", "~nobody-of-that-name/x", "ftp://a.example/b", "a\0b", "x" * 5000]
)
def test_a_place_that_is_not_there_is_refused_by_its_name(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError) as caught:
        source_place(place)
    assert repr(place) in str(caught.value)


@pytest.mark.skipif(not README.exists(), reason="the README ships with the source only")
@pytest.mark.parametrize("name", Settings.model_fields)
def test_the_readme_tells_of_every_setting(name: str) -> None:
    assert f"`{name}`" in README.read_text(encoding="utf-8").partition("## Settings")[2]


def test_every_setting_says_what_it_is() -> None:
    assert all(field.description for field in Settings.model_fields.values())


def test_home_is_where_the_variable_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOOTNOTE_HOME", str(tmp_path / "there"))
    home = Home.find()
    assert home.root == tmp_path / "there"
    assert not home.root.exists()
    places = (home.settings_file, home.models, home.libraries, home.conversations, home.log_file)
    assert {place.parent for place in places} == {home.root}
    assert home.user_library.parent == home.libraries
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("FOOTNOTE_HOME", "~/mine")
    assert Home.find().root == tmp_path / "mine"


def test_home_without_the_variable_is_the_users_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    for value in (None, ""):
        if value is None:
            monkeypatch.delenv("FOOTNOTE_HOME", raising=False)
        else:
            monkeypatch.setenv("FOOTNOTE_HOME", value)
        root = Home.find().root
        assert root.name == "footnote"
        assert os.path.commonpath([root, tmp_path]) == str(tmp_path)


def test_a_home_that_can_be_made_is_usable_and_is_not_made(tmp_path: Path) -> None:
    home = Home(tmp_path / "not" / "yet")
    assert home.why_unusable() is None
    assert list(tmp_path.iterdir()) == []
    home.root.mkdir(parents=True)
    assert home.why_unusable() is None


def test_a_home_is_made_for_its_user_alone_and_one_that_others_made_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def mode(folder: Path) -> int:
        return stat.S_IMODE(folder.stat().st_mode)

    fresh, found = Home(tmp_path / "a" / "fresh"), Home(tmp_path / "found")
    fresh.keep_private()
    assert mode(fresh.root) == 0o700
    found.root.mkdir()
    found.root.chmod(0o755)
    found.keep_private()
    assert mode(found.root) == 0o755
    # The usual one is Footnote's own, whoever could look into it before.
    monkeypatch.setattr("ui.home.user_data_path", lambda *_, **__: found.root)
    found.keep_private()
    assert mode(found.root) == 0o700
    Home(Path("/proc/nope/below")).keep_private()


def test_each_command_keeps_its_home_private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from ui.commands.session import open_session

    monkeypatch.setenv("FOOTNOTE_HOME", str(tmp_path / "home"))
    open_session()
    assert stat.S_IMODE((tmp_path / "home").stat().st_mode) == 0o700


def test_a_home_that_cannot_be_says_why(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("")
    assert Home(file).why_unusable() == "it is no folder"
    assert Home(file / "below").why_unusable() == f"{file} is no folder"
    assert "no folder can be made in /proc" in str(Home(Path("/proc/nope/below")).why_unusable())


def test_a_home_of_an_unknown_user_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOOTNOTE_HOME", "~nobody-of-that-name/footnote")
    with pytest.raises(UsageError, match="FOOTNOTE_HOME '~nobody-of-that-name/footnote'"):
        Home.find()


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
def test_who_is_let_in_is_no_matter_of_chance(file: Path, line: str, parts: tuple[str, ...]) -> None:
    file.write_text(f"{line}\n")
    message = complaint(file)
    assert all(part in message for part in parts), message
