"""What the machine has: memory in GB of 10^9 bytes, as the sizes of files and disks are told too."""

import os


def memory_gb() -> float:
    """All memory of this machine, in GB."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
