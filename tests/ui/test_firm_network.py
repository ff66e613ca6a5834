"""In a firm's network the usual variables lead the way: proxies, authorities, mirrors of hub and packages."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from own_authority import Authority, Served, make_authority, proxy_to, serving
from tiny_bundle import tiny_wheel
from tiny_footnote import set_up

from assistant.models.catalogue import HubPlace, ModelEntry, PinnedFile
from assistant.models.hub_source import HubSource
from assistant.models.model_sources import SourceFailed, unwatched
from assistant.models.pip_hosts import pip_help, pip_hosts
from assistant.models.registry_source import pip_download
from index_store.authorities import VARIABLES, trusted_authorities
from index_store.errors import RunError, UsageError
from ingest.web.address_guard import AddressGuard
from ingest.web.guarded_transport import GuardedTransport
from ingest.web.web_fetcher import WebFetcher
from ui.doctor import leaving
from ui.home import Home
from ui.model_supply import hub_address
from ui.settings.in_force import load_settings

WEIGHTS = b"weights " * 100
TINY = ModelEntry(
    id="tiny", family="T", vendor="N", country="X", licence="MIT", licence_osi=True, note="",
    files=(PinnedFile("tiny.gguf", len(WEIGHTS)),), hub=HubPlace("org/tiny", "c0ffee"),
)  # fmt: skip
FILE = "/org/tiny/resolve/c0ffee/tiny.gguf"
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")

pytestmark = [
    pytest.mark.whole,
    pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl on this machine"),
]


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return make_authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*VARIABLES, *PROXIES, *map(str.lower, PROXIES), "HF_ENDPOINT", "PIP_CERT", "PIP_FIND_LINKS"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def hub(authority: Authority) -> Iterator[Served]:
    with serving({FILE: WEIGHTS}, authority) as served:
        yield served


def fetched(address: str, folder: Path) -> bytes:
    HubSource(address, pause_seconds=0).deliver(TINY, folder, unwatched)
    return (folder / "tiny.gguf").read_bytes()


def test_a_certificate_of_the_firms_own_authority_is_refused_until_it_is_named(
    hub: Served, tmp_path: Path
) -> None:
    with pytest.raises(SourceFailed, match="CERTIFICATE_VERIFY_FAILED"):
        fetched(f"https://127.0.0.1:{hub.port}", tmp_path)
    assert hub.asked == []


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_each_usual_variable_names_the_authority(
    hub: Served, authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, str(authority.certificate))
    assert fetched(f"https://127.0.0.1:{hub.port}", tmp_path) == WEIGHTS


def test_a_variable_that_names_nothing_is_told_by_its_name(
    hub: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/no/such/file.pem")
    told = (
        r"REQUESTS_CA_BUNDLE names '/no/such/file\.pem', which cannot be used \(No such file or directory\)"
    )
    with pytest.raises(RunError, match=told):
        trusted_authorities()
    with pytest.raises(SourceFailed, match=told):
        fetched(f"https://127.0.0.1:{hub.port}", tmp_path)
    empty = tmp_path / "empty.pem"
    empty.write_text("no certificate")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(empty))
    with pytest.raises(RunError, match="cannot be used"):
        trusted_authorities()


def test_the_hub_is_reached_through_the_proxy_that_the_environment_names(
    hub: Served, authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.certificate))
    with proxy_to(hub.port) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy.port}")
        assert fetched("https://hub.example", tmp_path) == WEIGHTS
        assert set(proxy.asked) == {"hub.example:443"}
        proxy.asked.clear()
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        assert fetched(f"https://127.0.0.1:{hub.port}", tmp_path) == WEIGHTS
        assert proxy.asked == []


def test_a_source_is_read_through_the_proxy_and_with_the_firms_authority(
    authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(host: str, port: int) -> list[str]:
        raise OSError("only the proxy can look it up")

    with serving({"/a": b"<p>News</p>"}, authority) as site, proxy_to(site.port) as proxy:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority.certificate))
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy.port}")
        fetcher = WebFetcher(GuardedTransport(AddressGuard(resolve=unknown)), sleep=lambda seconds: None)
        assert fetcher.fetch("https://news.example/a").data == b"<p>News</p>"
        assert set(proxy.asked) == {"news.example:443"}


def test_the_hubs_own_variable_names_its_mirror_and_the_setting_wins(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_up(home)
    assert hub_address(load_settings(home.settings_file)) == "https://huggingface.co"
    monkeypatch.setenv("HF_ENDPOINT", "https://mirror.example/hf")
    settings = load_settings(home.settings_file)
    assert hub_address(settings) == "https://mirror.example/hf"
    assert leaving(settings)[0].to == "https://mirror.example/hf"
    set_up(home, hub="https://hub.example")
    assert hub_address(load_settings(home.settings_file)) == "https://hub.example"
    set_up(home)
    monkeypatch.setenv("HF_ENDPOINT", "mirror.example")
    with pytest.raises(UsageError, match=r"HF_ENDPOINT: 'mirror\.example' is no address"):
        hub_address(load_settings(home.settings_file))


def test_packages_come_from_the_firms_mirror_as_pip_is_told_of_it(
    authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "made").mkdir()
    wheel = tiny_wheel(tmp_path / "made", "feathers", "1.0", "")
    index = f'<!DOCTYPE html><a href="/files/{wheel.name}">{wheel.name}</a>'.encode()
    answers = {"/simple/feathers/": index, f"/files/{wheel.name}": wheel.read_bytes()}
    with serving(answers, authority) as mirror:
        monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
        monkeypatch.setenv("PIP_INDEX_URL", f"https://ann:secret@127.0.0.1:{mirror.port}/simple")
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority.certificate))
        (tmp_path / "got").mkdir()
        pip_download("feathers==1.0", tmp_path / "got")
        assert (tmp_path / "got" / wheel.name).read_bytes() == wheel.read_bytes()
        assert pip_hosts() == (f"127.0.0.1:{mirror.port}",)


def test_the_doctor_names_the_hosts_of_packages_and_the_proxy_without_secrets(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://ann:secret@proxy.example:3128")
    set_up(home, sources=["https://a.example/feed"])
    told = [one.to for one in leaving(load_settings(home.settings_file), ("packages.example",))]
    assert told[0] == "https://huggingface.co, by way of the proxy proxy.example:3128"
    assert "(packages.example)" in told[1]
    assert all(one.endswith("by way of the proxy proxy.example:3128") for one in told[2:])
    assert told[3].startswith("a.example, and")
    assert "secret" not in " ".join(told)


@pytest.mark.parametrize(
    ("config", "hosts"),
    [
        ("", ("packages.example",)),
        ("global.timeout='60'\n", ("packages.example",)),
        ("global.index-url='https://u:p@mirror.example:8443/simple'\n", ("mirror.example:8443",)),
        (
            "global.extra-index-url='https://a.example/simple\\nhttps://b.example/simple file:///srv'\n",
            ("packages.example", "a.example", "b.example"),
        ),
        (":env:.no-index='1'\nglobal.index-url='https://m.example'\nglobal.find-links='/srv/wheels'\n", ()),
    ],
)
def test_pips_settings_tell_which_hosts_it_asks(config: str, hosts: tuple[str, ...]) -> None:
    usage = (
        "  -i <url>   Base URL of the index (default\n             https://packages.example/simple). More.\n"
    )
    assert pip_hosts(lambda: config, lambda: usage) == hosts


def test_pip_itself_names_its_usual_host() -> None:
    assert len(pip_hosts(lambda: "", pip_help)) == 1
