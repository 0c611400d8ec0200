"""Gives memory back that was needed only to load a model."""

import ctypes
import gc


def give_back() -> None:
    """Return what is free to the system, where the C library can: glibc keeps it otherwise, 120 MB of it."""
    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
