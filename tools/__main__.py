"""The `mentor` command: `python -m tools`, or `.venv/bin/mentor`. Wiring only; one word, one module."""

import importlib
import sys

import click

from tools.errors import Stop

WORDS = {
    "run": "Start the mentor on this machine.",
    "rasa": "Serve the trained model alone, under systemd or in a container.",
    "train": "Train the model if its data changed.",
    "check": "Look through languages, guides, phrases, stories and locales.",
    "preview": "Show a guide as a phone shows it.",
    "new": "Begin a guide or a language.",
    "backup": "Back up everything the mentor knows, while it runs.",
    "restore": "Go back to a backup.",
    "doctor": "Look an installation over and say what is wrong.",
    "migrate-database": "Move from SQLite to PostgreSQL.",
    "inbox": "Look at updates that were given up, and try them again.",
    "audit": "Look for known faults in the libraries, and list them all.",
    "test": "Run the checks and tests in stages.",
}
"""Each word is a module of this package with a click command of the same name (`_` for `-`), loaded only when it is
said."""


class Words(click.Group):
    """The words of `mentor`, loaded lazily: `mentor --help` imports none of them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All words."""
        return list(WORDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command behind a word."""
        if cmd_name not in WORDS:
            return None
        name = cmd_name.replace("-", "_")
        command: click.Command = getattr(importlib.import_module(f"tools.{name}"), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list in the help, from the table above."""
        with formatter.section("Words"):
            formatter.write_dl(list(WORDS.items()))


@click.command(cls=Words, context_settings={"help_option_names": ["-h", "--help"]})
def mentor() -> None:
    """SKILLS+ Mentor: run it, train it, look after its content."""


def main() -> None:
    """Run the command; a fault we know is one sentence and an exit code, without a traceback."""
    try:
        mentor(prog_name="mentor")
    except Stop as reason:
        print(f"mentor: {reason}", file=sys.stderr)
        sys.exit(reason.exit_code)


if __name__ == "__main__":
    main()
