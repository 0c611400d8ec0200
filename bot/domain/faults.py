"""What went wrong, for logs and for the operator, without a word of what people wrote."""

import traceback
from pathlib import Path

_ROOT = Path(__file__).resolve().parent.parent.parent


def fault_of(error: BaseException) -> str:
    """The kind of an error and the place in our code that it came through last; its text may hold personal data."""
    ours = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if Path(frame.filename).is_relative_to(_ROOT / "bot") or Path(frame.filename).is_relative_to(_ROOT / "actions")
    ]
    if not ours:
        return type(error).__name__
    return f"{type(error).__name__} at {Path(ours[-1].filename).relative_to(_ROOT)}:{ours[-1].lineno}"
