import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import APIRouter
from fastapi.testclient import TestClient

from ui.chat.demo_page import demo_parts
from ui.serving.web_app import create_app

pytestmark = pytest.mark.whole


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    router = APIRouter(prefix="/api")

    @router.get("/ping")
    def ping() -> str:
        return "pong"

    app = create_app(demo_parts(tmp_path_factory.mktemp("home"), pause=0), router)
    with TestClient(app, base_url="http://127.0.0.1") as made:
        yield made


def test_the_page_has_its_own_title_icon_style_and_script(client: TestClient) -> None:
    page = client.get("/").text
    assert "<title>Footnote</title>" in page
    for address in re.findall(r'(?:href|src)="(/page/[^"]+)"', page):
        assert client.get(address).status_code == 200
    assert len(re.findall(r'(?:href|src)="/page/', page)) == 3


def test_the_page_names_no_other_host(client: TestClient) -> None:
    page = client.get("/").text
    hosts = set(re.findall(r"https?://([^/\"'\s<>\\]+)", page))
    assert hosts <= {"127.0.0.1", "www.w3.org"}


def test_the_browser_is_told_to_ask_no_other_host(client: TestClient) -> None:
    for address in ("/", "/page/footnote.css", "/api/ping"):
        policy = client.get(address).headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "http" not in policy
        assert client.get(address).headers["referrer-policy"] == "no-referrer"


def test_the_chat_runs_what_its_page_names_and_nothing_inline(client: TestClient) -> None:
    answer = client.get("/")
    policy = answer.headers["content-security-policy"]
    (nonce,) = re.findall(r"script-src [^;]*'nonce-([\w-]{20,})'", policy)
    assert "unsafe-inline" not in policy
    assert "unsafe-hashes" not in policy
    inline = re.findall(r"<(?:script|style)(?![^>]* src=)[^>]*>", answer.text)
    assert len(inline) >= 4
    assert all(f'nonce="{nonce}"' in tag for tag in inline)
    assert not re.search(r'\sstyle="', answer.text)
    assert nonce not in client.get("/").text


def test_nothing_else_may_run_anything_from_a_text(client: TestClient) -> None:
    for address in ("/page/footnote.css", "/api/ping", "/config", "/theme.css", "/nowhere"):
        policy = client.get(address).headers["content-security-policy"]
        assert "unsafe" not in policy
        assert "script-src 'self';" in policy


@pytest.mark.parametrize("address", ["/", "/page/footnote.js", "/api/ping", "/nowhere", "/monitoring"])
def test_no_other_page_frames_or_opens_or_reads_this_one(client: TestClient, address: str) -> None:
    headers = client.get(address).headers
    assert headers["x-frame-options"] == "DENY"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "camera=()" in headers["permissions-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]


def test_routes_that_come_along_win_over_the_page(client: TestClient) -> None:
    assert client.get("/api/ping").json() == "pong"


def test_another_host_name_is_turned_away(client: TestClient) -> None:
    assert client.get("/", headers={"host": "evil.example"}).status_code == 400


@pytest.mark.parametrize(
    ("sender", "status"), [("cross-site", 403), ("same-site", 403), ("same-origin", 422)]
)
def test_another_web_page_cannot_ask_in_the_readers_name(
    client: TestClient, sender: str, status: int
) -> None:
    answer = client.post("/gradio_api/queue/join", json={}, headers={"sec-fetch-site": sender})
    assert answer.status_code == status


def test_the_host_names_can_be_chosen(tmp_path: Path) -> None:
    app = create_app(demo_parts(tmp_path, pause=0), allowed_hosts=["notes.example"])
    client = TestClient(app, base_url="http://notes.example")
    assert client.get("/page/icon.svg").status_code == 200
    assert client.get("/page/icon.svg", headers={"host": "127.0.0.1"}).status_code == 400


@pytest.mark.parametrize(
    "address",
    [
        "/gradio_api/file=pyproject.toml",
        "/gradio_api/file/pyproject.toml",
        "/gradio_api/proxy=https://weather.example/",
        "/gradio_api/vibe-code",
        "/monitoring",
        "/page/../web_app.py",
        "/page/%2e%2e/web_app.py",
        "/docs",
        "/redoc",
        "/gradio_api/runs",
    ],
)
def test_doors_that_the_page_does_not_need_are_closed(client: TestClient, address: str) -> None:
    assert client.get(address).status_code == 404


def test_files_cannot_be_sent_in(client: TestClient) -> None:
    assert client.post("/gradio_api/upload", files={"files": b"x"}).status_code == 404


def test_no_action_of_the_page_is_offered_as_an_api(client: TestClient) -> None:
    info = client.get("/gradio_api/info").json()
    assert info["named_endpoints"] == {}
    assert info["unnamed_endpoints"] == {}


def test_analytics_and_everything_shared_are_off(client: TestClient) -> None:
    config = client.get("/config").json()
    assert config["analytics_enabled"] is False
    assert config["run_history"] is False
    assert config["footer_links"] == []
    assert not config["stylesheets"]
    assert config["show_error"] is False


def test_the_theme_loads_no_font(client: TestClient) -> None:
    theme = client.get("/theme.css").text
    assert "@font-face" not in theme
    assert set(re.findall(r"https?://([^/\"'\s]+)", theme)) <= {"www.w3.org"}


def test_no_template_of_the_page_takes_a_value_as_a_template(client: TestClient) -> None:
    """`${value}` puts the value in once, as it is; Handlebars' braces would have it read a second time."""
    templates = [
        component["props"]["html_template"]
        for component in client.get("/config").json()["components"]
        if component["type"] == "html"
    ]
    assert len(templates) >= 8
    assert all(one.count("${value}") == 1 and "{{" not in one for one in templates)
