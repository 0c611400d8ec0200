"""Where things stand in the repository."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BOT_PYTHON = Path(".venv/bin/python")
RASA_PYTHON = Path(".venv-rasa/bin/python")
"""Both relative to the root."""
