import os
import signal
import socket
import ssl
from pathlib import Path
from threading import Thread

import httpx
import pytest
from certificates import certificate
from tiny_footnote import TinyWorkshop, install_models, set_up, wait_until

from ui.commands.session import Session
from ui.home import Home
from ui.serving import server
from ui.serving.certificate import served_certificate, trusting
from ui.serving.remote_desk import RemoteDesk
from ui.serving.server import page_url, serve_until_stopped
from ui.serving.server_file import serving_process
from ui.settings.in_force import load_settings
from ui.settings.settings import Settings
from ui.terminal import Terminal


@pytest.mark.whole
def test_the_page_is_served_under_its_certificate_and_commands_know_it_again(
    home: Home, tmp_path: Path, tiny_catalogue: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "Workshop", TinyWorkshop)
    install_models(home)
    set_up(home, sources=[])
    pem, key = certificate(tmp_path)
    other, _ = certificate(tmp_path, "other.example")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    settings = load_settings(home.settings_file, port=port, tls_certificate=str(pem), tls_key=str(key))
    seen: list[object] = []

    def visit() -> None:
        try:
            wait_until(lambda: serving_process(home.server_file))
            address = serving_process(home.server_file)
            assert address is not None
            seen.append(address.url)
            desk = RemoteDesk(address)
            seen.append(desk.articles())
            desk.close()
            for trust in (trusting(other.read_text()), True):
                with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
                    httpx.get(address.url, verify=trust, trust_env=False, timeout=60)
            with pytest.raises(httpx.HTTPError):
                httpx.get(address.url.replace("https", "http"), trust_env=False, timeout=60)
            # Who forwards from this machine is not believed: it is no proxy of the settings.
            seen.append(httpx.get(f"{address.url}/healthz", verify=trusting(pem.read_text())).status_code)
        finally:
            os.kill(os.getpid(), signal.SIGTERM)

    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    visitor = Thread(target=visit)
    visitor.start()
    try:
        serve_until_stopped(Session(home, settings, Terminal()), sync=False)
    finally:
        visitor.join()
        for number, handler in before.items():
            signal.signal(number, handler)
    assert seen == [f"https://127.0.0.1:{port}", [], 200]


def test_without_a_certificate_it_is_plain_http_and_trusts_nobody_by_tls() -> None:
    assert served_certificate(Settings()) is None
    assert page_url("127.0.0.1", 80) == "http://127.0.0.1:80"
    assert page_url("0.0.0.0", 443, tls=True) == "https://127.0.0.1:443"
    assert trusting(None).get_ca_certs() == []


@pytest.mark.whole
def test_only_the_first_certificate_of_a_chain_is_believed(tmp_path: Path) -> None:
    pem, key = certificate(tmp_path)
    issuer, _ = certificate(tmp_path, "issuer.example")
    chain = tmp_path / "chain.pem"
    chain.write_text(pem.read_text() + issuer.read_text())
    served = served_certificate(Settings(tls_certificate=str(chain), tls_key=str(key)))
    assert served is not None
    assert served.pem == pem.read_text().strip()
    context = trusting(served.pem)
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert len(context.get_ca_certs()) <= 1
