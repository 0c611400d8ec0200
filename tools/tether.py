"""Run a command that ends when its parent does: ``python tools/tether.py PARENT_PID COMMAND...``.

A supervisor that is killed with -9 cannot stop its children. On Linux the kernel does it: the death signal that is
asked for here survives the exec. SIGKILL, because nobody is left who could follow up; every part is built to
survive that. On other systems the command simply runs.

A small program of its own instead of a `preexec_fn`, which is not safe once the parent has threads. It imports
nothing of the project and runs on any Python >= 3.8.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def tie_to(parent: int) -> None:
    """Ask the kernel to kill this process when `parent` ends."""
    if not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        # The parent died before the kernel knew of the tie.
        sys.exit(1)


if __name__ == "__main__":
    tie_to(int(sys.argv[1]))
    try:
        os.execvp(sys.argv[2], sys.argv[2:])  # noqa: S606 - the whole purpose
    except OSError as error:
        sys.exit(f"{sys.argv[2]}: {error.strerror}")
