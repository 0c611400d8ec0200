"""What several benches compute."""

import os
from collections.abc import Iterable
from pathlib import Path


def resident_bytes(pid: int) -> int:
    """Memory of a process that is resident."""
    return int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")


def calibration_error(sure: Iterable[tuple[float, bool]]) -> float:
    """Expected calibration error over ten equal steps of confidence (Guo et al. 2017), of confidence and truth."""
    gaps, count = [0.0] * 10, 0
    for confidence, right in sure:
        gaps[min(int(confidence * 10), 9)] += right - confidence
        count += 1
    return sum(map(abs, gaps)) / max(1, count)
