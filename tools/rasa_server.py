"""Rasa's `run` command with the token of its HTTP API taken from the environment: ``python -m tools.rasa_server``.

Rasa accepts the token only as an argument, where every user of the machine can read it in the list of processes;
who has it can load a model, and a model is code. Runs in the Rasa environment (Python 3.10).
"""

import os
import sys
import warnings
from collections.abc import Callable
from typing import Any


def arguments(given: list[str], environ: "os._Environ[str]") -> list[str]:
    """The arguments for Rasa; the token leaves the environment, so that nothing Rasa starts inherits it."""
    # One word: a token may begin with a dash.
    return ["run", *given, f"--auth-token={environ.pop('RASA_TOKEN')}"]


def warn(message: "Warning | str", category: "type[Warning]", *place: Any, **more: Any) -> None:
    """Show a warning unless it is about ageing code: Rasa's libraries are old, and some turn such filters off."""
    if not issubclass(category, (DeprecationWarning, PendingDeprecationWarning, FutureWarning)):
        print(f"{category.__name__}: {message}", file=sys.stderr)


def mannered(make: Callable[..., Any]) -> Callable[..., Any]:
    """Rasa's own maker of its web server, with `mind_connections` for what it makes."""

    def made(*given: Any, **named: Any) -> Any:
        app = make(*given, **named)
        mind_connections(app)
        return app

    return made


def mind_connections(app: Any) -> None:
    """Two habits of Sanic that Rasa's web server is to give up.

    It would keep a connection that is busy when it is told to stop for as long as there are questions: in a running
    mentor until it is killed in the middle of a turn. And it writes an error, with the path and so with the mark of
    the person, about every request that says that it has no body, as the order to forget somebody does.
    """
    app.ctx.stopping = False

    @app.listener("before_server_stop")  # type: ignore[untyped-decorator]
    async def begin_to_stop(app: Any, _loop: Any) -> None:
        app.ctx.stopping = True

    @app.middleware("request")  # type: ignore[untyped-decorator]
    async def expect_no_empty_body(request: Any) -> None:
        if request.headers.get("content-length") == "0":
            request.stream.request_body = False

    @app.middleware("response")  # type: ignore[untyped-decorator]
    async def let_go(request: Any, _response: Any) -> None:
        if request.app.ctx.stopping and request.stream is not None:
            request.stream.keep_alive = False


if __name__ == "__main__":
    warnings.showwarning = warn

    # Half the memory and half the start of `python -m rasa`: see nlu/lean.py.
    from nlu.lean import check_schema_once, skip_tensorflow

    skip_tensorflow()
    check_schema_once()
    import rasa.core.run
    from rasa.__main__ import main

    rasa.core.run.configure_app = mannered(rasa.core.run.configure_app)
    sys.argv[1:] = arguments(sys.argv[1:], os.environ)
    main()
