"""A network as firms have them: an authority that signs its servers, and a proxy on the way out."""

import select
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

SIGNED = ("127.0.0.1", "hub.example", "packages.example", "news.example")


@dataclass(frozen=True)
class Authority:
    """`certificate` is what a person trusts; `server` holds a certificate by it, and its key, for SIGNED."""

    certificate: Path
    server: Path


def make_authority(folder: Path) -> Authority:
    """Made by openssl, since Python's own library can read certificates and make none."""
    own, key, asked, signed = (folder / name for name in ("ca.pem", "ca.key", "server.csr", "server.crt"))
    names = ",".join(f"{'IP' if name[0].isdigit() else 'DNS'}:{name}" for name in SIGNED)
    (folder / "names").write_text(f"subjectAltName={names}\n")
    curve = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes"
    _openssl(folder, f"req -x509 {curve} -keyout {key} -out {own} -days 2 -subj /CN=Test")
    _openssl(folder, f"req {curve} -keyout server.key -out {asked} -subj /CN=server")
    _openssl(
        folder,
        f"x509 -req -in {asked} -CA {own} -CAkey {key} -CAcreateserial -out {signed} -days 2 -extfile names",
    )
    server = folder / "server.pem"
    server.write_text(signed.read_text() + (folder / "server.key").read_text())
    return Authority(own, server)


def _openssl(folder: Path, words: str) -> None:
    subprocess.run(["openssl", *words.split()], cwd=folder, check=True, capture_output=True, timeout=60)


@dataclass
class Served:
    """A server under way: its port, what it answers by path, and the request lines that came."""

    port: int
    answers: dict[str, bytes]
    asked: list[str] = field(default_factory=list)


@contextmanager
def serving(answers: dict[str, bytes], authority: Authority | None = None) -> Iterator[Served]:
    """A server of these answers on 127.0.0.1, under TLS where there is an authority."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            served.asked.append(self.path)
            body = served.answers.get(self.path)
            self.send_response(200 if body is not None else 404)
            kind = "text/html" if self.path.endswith("/") else "application/octet-stream"
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_: object) -> None:
            pass

    with _listening(Handler) as server:
        if authority is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(authority.server)
            server.socket = context.wrap_socket(
                server.socket, server_side=True, do_handshake_on_connect=False
            )
        served = Served(server.server_address[1], answers)
        yield served


@contextmanager
def proxy_to(target: int) -> Iterator[Served]:
    """A proxy that makes every connection to one port of this machine, whatever name was asked for."""

    class Handler(BaseHTTPRequestHandler):
        def do_CONNECT(self) -> None:
            served.asked.append(self.path)
            with socket.create_connection(("127.0.0.1", target)) as there:
                self.send_response(200)
                self.end_headers()
                _pass_on(self.connection, there)
            self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    with _listening(Handler) as server:
        served = Served(server.server_address[1], {})
        yield served


def _pass_on(one: socket.socket, other: socket.socket) -> None:
    ways = {one: other, other: one}
    with suppress(OSError):
        while True:
            for ready in select.select(list(ways), [], [], 10)[0]:
                data = ready.recv(65536)
                if not data:
                    return
                ways[ready].sendall(data)


@contextmanager
def _listening(handler: type[BaseHTTPRequestHandler]) -> Iterator[ThreadingHTTPServer]:
    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """The other side went away, as when it does not trust the certificate."""

    server = Server(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.005,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
