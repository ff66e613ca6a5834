"""The program of a process that reads one feed, or one file of a site map, and ends.

On standard input it has a line of JSON {"kind", "url", "media_type", "charset"} and the bytes; it writes one
line of JSON: what was read, or {"error"} with why it was not.
"""

import json
import os
import resource
import sys

from ingest.errors import FetchFailed, SourceUnread
from ingest.web.isolated_lists import KINDS
from ingest.web.web_fetcher import Fetched


def main() -> None:
    """Read, write, and end. Arguments: seconds of work, bytes of memory."""
    seconds, memory = int(sys.argv[1]), int(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # it has no file to write
    # Libraries may print; what they print must not stand in the reply.
    reply = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    said = json.loads(sys.stdin.buffer.readline())
    kind = KINDS[said.pop("kind")]
    try:
        found = kind.read(Fetched(data=sys.stdin.buffer.read(), **said))
        reply.write(b'{"found": ' + kind.written.dump_json(found) + b"}")
    except (SourceUnread, FetchFailed) as error:
        reply.write(json.dumps({"error": str(error)}).encode())
    reply.flush()


if __name__ == "__main__":
    main()
