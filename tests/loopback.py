"""A network of a process's own, in which there is nothing but this machine's loopback.

Run as a program, it brings the loopback up and becomes the command that follows.
"""

import fcntl
import os
import shutil
import socket
import struct
import subprocess
import sys
from collections.abc import Sequence
from functools import cache

_GET_FLAGS, _SET_FLAGS, _UP = 0x8913, 0x8914, 0x1


def alone(command: Sequence[str]) -> list[str]:
    """The command in a network with the loopback alone. Raises OSError where this machine allows none."""
    return [*_unshare(), sys.executable, __file__, *command]


@cache
def _unshare() -> tuple[str, ...]:
    program = shutil.which("unshare")
    if program is None:
        raise OSError("there is no unshare (util-linux)")
    # Who is not the user root becomes it in a name space of users; where that is forbidden, none is had.
    ways = ((program, "-n"), (program, "-rn")) if os.getuid() == 0 else ((program, "-rn"),)
    told = ""
    for way in ways:
        tried = subprocess.run([*way, "true"], capture_output=True, text=True, check=False)
        if tried.returncode == 0:
            return way
        told = tried.stderr.strip()
    raise OSError(f"network name spaces are not allowed here ({told})")


def bring_up() -> None:
    """Bring the loopback of this network up, as `ip link set lo up` does."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        asked = struct.pack("16sH14x", b"lo", 0)
        flags = struct.unpack("16sH14x", fcntl.ioctl(any_socket, _GET_FLAGS, asked))[1]
        fcntl.ioctl(any_socket, _SET_FLAGS, struct.pack("16sH14x", b"lo", flags | _UP))


if __name__ == "__main__":
    bring_up()
    os.execvp(sys.argv[1], sys.argv[1:])
