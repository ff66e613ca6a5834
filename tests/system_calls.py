"""What a process said to the network, from the system calls that strace wrote down.

Counted is what was attempted, whether or not it worked: a connection or a datagram to an address beyond this
machine, and the beginning of a name look-up, for which the resolver reads its settings or asks a daemon.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Literal

Kind = Literal["connection", "look-up", "unseen"]

_SENDING = ("connect", "sendto", "sendmsg", "sendmmsg")
_WATCHED = f"{','.join(_SENDING)},openat,open,io_uring_setup"
_CALL = re.compile(r"^(?:\[pid +)?(?P<pid>\d+)?\]? *(?P<name>\w+)\((?P<rest>.*)$")
_FOUR = re.compile(r'sin_port=htons\((\d+)\), sin_addr=inet_addr\("([^"]+)"\)')
_SIX = re.compile(r'sin6_port=htons\((\d+)\).*?inet_pton\(AF_INET6, "([^"]+)"')
_FILE = re.compile(r'(?:AT_FDCWD, )?"([^"]+)"')
_SOCKET_FILE = re.compile(r'sun_path=@?"([^"]+)"')
_RESOLVER_SETTINGS = "/etc/resolv.conf"
_RESOLVER_SOCKET = "/systemd/resolve/"
# What glibc asks its daemon (nscd), which knows users too: version 2, then the kind of request. Kinds 4 to 7
# are hosts, 14 is getaddrinfo, 13 the table of hosts; 11 and 12 would be those of users and groups.
_DAEMON_ASKED = re.compile(r'"\\2\\0\\0\\0(?:\\[4-7]|\\r|\\16)\\0\\0\\0')
_NAMES = 53


@dataclass(frozen=True, slots=True)
class Reach:
    """One attempt to reach beyond this machine: by which process, of which kind, and where to."""

    process: int
    kind: Kind
    to: str


def watched(command: Sequence[str], trace: Path) -> list[str]:
    """The command under strace, which writes the calls of it and of all that it starts to `trace`."""
    options = ["-f", "-qq", "-s", "256", "--seccomp-bpf", "-e", "signal=none"]
    return ["strace", *options, "-e", f"trace={_WATCHED}", "-o", str(trace), *command]


def reaches(lines: Iterable[str]) -> Iterator[Reach]:
    """Every attempt among the lines of a trace; lines that are no calls are passed by."""
    for line in lines:
        call = _CALL.match(line)
        if call is None:
            continue
        process, name, rest = int(call["pid"] or 0), call["name"], call["rest"]
        if name in _SENDING:
            yield from _sent(process, rest)
        elif name in ("open", "openat"):
            opened = _FILE.match(rest)
            if opened and opened[1] == _RESOLVER_SETTINGS:
                yield Reach(process, "look-up", _RESOLVER_SETTINGS)
        elif name == "io_uring_setup":
            # What is handed over in such a ring makes no calls that could be watched.
            yield Reach(process, "unseen", "io_uring")


def _sent(process: int, rest: str) -> Iterator[Reach]:
    for port, address in (*_FOUR.findall(rest), *_SIX.findall(rest)):
        if int(port) == _NAMES:
            yield Reach(process, "look-up", f"{address} port {port}")
        elif not _is_this_machine(address):
            yield Reach(process, "connection", f"{address} port {port}")
    for file in _SOCKET_FILE.findall(rest):
        if _RESOLVER_SOCKET in file:
            yield Reach(process, "look-up", file)
    if _DAEMON_ASKED.search(rest):
        yield Reach(process, "look-up", "nscd")


def _is_this_machine(written: str) -> bool:
    address = ip_address(written.partition("%")[0])
    inner = getattr(address, "ipv4_mapped", None) or address
    return bool(inner.is_loopback or inner.is_unspecified)
