"""Keeps a process's threads from waiting busily for each other while another process wants the processors.

The threads of llama.cpp and torch wait for each other hundreds of times a token, and GNU's OpenMP waits by
turning in circles, for up to milliseconds: soonest where it has all processors. Where anything else runs, one
thread turns in circles while the one that it waits for gets no processor: an answer took three minutes beside
one other busy process, on two cores. After a few turns a thread sleeps instead.
"""

import os
from collections.abc import MutableMapping

_TURNS = "GOMP_SPINCOUNT"
# Tokens a second, alone and beside another busy process (docs/log.md): 37 and hardly 1 as it comes, 35 and 15
# with these turns, 33 and 19 with half of them.
_FEW = "1000"


def share_processors(environment: MutableMapping[str, str] | None = None) -> None:
    """Have threads that wait for each other sleep soon, unless the environment tells how they are to wait.

    Call it before torch and llama.cpp are imported. Changes this process's environment unless one is given.
    """
    if environment is None:
        environment = os.environ
    if "OMP_WAIT_POLICY" not in environment:
        environment.setdefault(_TURNS, _FEW)
