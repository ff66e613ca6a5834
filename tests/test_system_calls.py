"""A trace of system calls tells what was attempted beyond this machine, and nothing else."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from loopback import alone
from system_calls import Reach, reaches, watched

CONNECT = 'connect(5, {{sa_family=AF_INET, sin_port=htons({port}), sin_addr=inet_addr("{to}")}}, 16)'
CONNECT_SIX = (
    "connect(7, {{sa_family=AF_INET6, sin6_port=htons(443), sin6_flowinfo=htonl(0), "
    'inet_pton(AF_INET6, "{to}", &sin6_addr), sin6_scope_id=0}}, 28)'
)


def found(*lines: str) -> list[tuple[str, str]]:
    return [(reach.kind, reach.to) for reach in reaches(lines)]


@pytest.mark.parametrize("result", ["= 0", "= -1 ENETUNREACH (Network is unreachable)", "<unfinished ...>"])
def test_a_connection_counts_whether_or_not_it_was_made(result: str) -> None:
    line = f"4711  {CONNECT.format(to='203.0.113.5', port=443)} {result}"
    assert list(reaches([line])) == [Reach(4711, "connection", "203.0.113.5 port 443")]


@pytest.mark.parametrize("to", ["2001:db8::1", "fe80::1", "::ffff:203.0.113.5"])
def test_a_connection_by_ipv6_counts(to: str) -> None:
    assert found(f"12 {CONNECT_SIX.format(to=to)} = 0") == [("connection", f"{to} port 443")]


@pytest.mark.parametrize(
    "line",
    [
        f"12 {CONNECT.format(to='127.0.0.1', port=7860)} = 0",
        f"12 {CONNECT.format(to='127.8.9.1', port=7860)} = 0",
        f"12 {CONNECT.format(to='0.0.0.0', port=7860)} = 0",
        f"12 {CONNECT_SIX.format(to='::1')} = 0",
        f"12 {CONNECT_SIX.format(to='::ffff:127.0.0.1')} = 0",
        "12 connect(3, {sa_family=AF_UNSPEC, sa_data=\"\\0\\0\\0\"}, 16) = 0",
        '12 connect(3, {sa_family=AF_UNIX, sun_path="/tmp/.X11-unix/X0"}, 20) = -1 ENOENT',
        "12 sendto(4, [{nlmsg_len=20}], 20, 0, {sa_family=AF_NETLINK, nl_pid=0}, 12) = 20",
        '12 sendto(9, "GET / HTTP/1.1", 14, MSG_NOSIGNAL, NULL, 0) = 14',
        # Who a user is is asked of the same daemon.
        '12 connect(3, {sa_family=AF_UNIX, sun_path="/var/run/nscd/socket"}, 110) = -1 ENOENT',
        r'12 sendto(3, "\2\0\0\0\v\0\0\0\7\0\0\0passwd\0", 19, MSG_NOSIGNAL, NULL, 0) = 19',
        '12 openat(AT_FDCWD, "/etc/hosts", O_RDONLY|O_CLOEXEC) = 3',
        '12 bind(3, {sa_family=AF_INET, sin_port=htons(0), sin_addr=inet_addr("10.0.0.7")}, 16) = 0',
        '12 <... accept4 resumed>{sa_family=AF_INET, sin_port=htons(9), sin_addr=inet_addr("10.0.0.7")}) = 5',
        "12 +++ exited with 0 +++",
        "",
    ],
)  # fmt: skip
def test_what_stays_on_this_machine_does_not_count(line: str) -> None:
    assert found(line) == []


@pytest.mark.parametrize(
    ("line", "to"),
    [
        (f"12 {CONNECT.format(to='127.0.0.53', port=53)} = 0", "127.0.0.53 port 53"),
        ('12 openat(AT_FDCWD, "/etc/resolv.conf", O_RDONLY|O_CLOEXEC) = 3', "/etc/resolv.conf"),
        ('12 open("/etc/resolv.conf", O_RDONLY) = -1 ENOENT (No such file or directory)', "/etc/resolv.conf"),
        ('1 connect(3, {sa_family=AF_UNIX, sun_path="/run/systemd/resolve/x"}, 42', "/run/systemd/resolve/x"),
        (r'12 sendto(3, "\2\0\0\0\r\0\0\0\6\0\0\0hosts\0", 18, MSG_NOSIGNAL, NULL, 0) = 18', "nscd"),
        (r'12 sendto(3, "\2\0\0\0\16\0\0\0\22\0\0\0a.example\0", 22, MSG_NOSIGNAL, NULL, 0) = 22', "nscd"),
        (f"12 sendto(4, '..', 2, 0, {CONNECT.format(to='9.9.9.9', port=53)[11:]} = 2", "9.9.9.9 port 53"),
    ],
)  # fmt: skip
def test_the_beginning_of_a_look_up_counts_wherever_the_resolver_is(line: str, to: str) -> None:
    assert found(line) == [("look-up", to)]


def test_datagrams_and_lists_of_them_count() -> None:
    address = '{sa_family=AF_INET, sin_port=htons(123), sin_addr=inet_addr("198.51.100.1")}'
    assert (
        found(
            f'12 sendto(4, "x", 1, 0, {address}, 16) = 1',
            f"12 sendmsg(4, {{msg_name={address}, msg_namelen=16, msg_iovlen=1}}, 0) = 1",
            f"12 sendmmsg(4, [{{msg_name={address}}}, {{msg_name={address}}}], 2, 0) = 2",
        )
        == [("connection", "198.51.100.1 port 123")] * 4
    )


def test_a_way_that_cannot_be_watched_is_told() -> None:
    assert found("12 io_uring_setup(128, {flags=0}) = 3") == [("unseen", "io_uring")]


TELLING = """
import socket, subprocess, sys
child = "import socket as s; s.socket(s.AF_INET, s.SOCK_DGRAM).sendto(b'used', ('203.0.113.9', 8125))"
subprocess.run([sys.executable, "-c", child], stderr=subprocess.DEVNULL)
with socket.create_server(("127.0.0.1", 0)) as here:
    socket.create_connection(here.getsockname()).close()
for place in [("203.0.113.5", 443), ("telemetry.example", 443)]:
    try:
        socket.create_connection(place, timeout=1)
    except OSError:
        pass
"""


def test_a_process_that_tells_its_maker_is_caught_with_all_that_it_starts(
    traced: Callable[..., list[Reach]],
) -> None:
    caught = traced([sys.executable, "-c", TELLING])
    told = {(reach.kind, reach.to) for reach in caught}
    assert {("connection", "203.0.113.5 port 443"), ("connection", "203.0.113.9 port 8125")} <= told
    assert ("look-up", "/etc/resolv.conf") in told
    assert len({reach.process for reach in caught}) == 2
    assert not any("127.0.0.1" in reach.to for reach in caught if reach.kind == "connection")


def test_a_process_that_keeps_to_itself_is_not(traced: Callable[..., list[Reach]]) -> None:
    assert (
        traced([sys.executable, "-c", "import socket; socket.create_server(('127.0.0.1', 0)).close()"]) == []
    )


@pytest.fixture
def traced(loopback_only: None, tmp_path: Path) -> Callable[..., list[Reach]]:
    def run(command: list[str]) -> list[Reach]:
        trace = tmp_path / "trace"
        subprocess.run(alone(watched(command, trace)), check=True, timeout=60)
        return list(reaches(trace.read_text().splitlines()))

    return run
