"""The simulator's clock: real time plus a shift that tests move."""

import time
from dataclasses import dataclass


@dataclass
class Clock:
    """Gives every date in the simulator. Waiting is always done in real time."""

    shift_seconds: float = 0.0
    """How far ahead of real time this world is; negative for behind."""

    def now(self) -> float:
        """Unix time in seconds, as this world sees it."""
        return time.time() + self.shift_seconds

    def date(self) -> int:
        """Unix time in whole seconds, as messages carry it."""
        return int(self.now())

    def shift(self, seconds: float) -> None:
        """Move on (or back) by so many seconds."""
        self.shift_seconds += seconds
