"""Rasa's `run` command with the token of its HTTP API taken from the environment: ``python -m tools.rasa_server``.

Rasa accepts the token only as an argument, where every user of the machine can read it in the list of processes;
who has it can load a model, and a model is code. Runs in the Rasa environment (Python 3.10).
"""

import os
import sys
import warnings
from typing import Any


def arguments(given: list[str], environ: "os._Environ[str]") -> list[str]:
    """The arguments for Rasa; the token leaves the environment, so that nothing Rasa starts inherits it."""
    # One word: a token may begin with a dash.
    return ["run", *given, f"--auth-token={environ.pop('RASA_TOKEN')}"]


def warn(message: "Warning | str", category: "type[Warning]", *place: Any, **more: Any) -> None:
    """Show a warning unless it is about ageing code: Rasa's libraries are old, and some turn such filters off."""
    if not issubclass(category, (DeprecationWarning, PendingDeprecationWarning, FutureWarning)):
        print(f"{category.__name__}: {message}", file=sys.stderr)


if __name__ == "__main__":
    warnings.showwarning = warn

    # Half the memory and half the start of `python -m rasa`: see nlu/lean.py.
    from nlu.lean import check_schema_once, skip_tensorflow

    skip_tensorflow()
    check_schema_once()
    from rasa.__main__ import main

    sys.argv[1:] = arguments(sys.argv[1:], os.environ)
    main()
