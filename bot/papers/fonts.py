"""The typeface of all papers: Fira Sans (SIL Open Font License), which has Latin, Greek and Cyrillic letters."""

from importlib.resources import files
from pathlib import Path

_FOLDER = Path(str(files("fontpkg_fira_sans"))) / "files"
REGULAR = _FOLDER / "FiraSans-Regular.ttf"
BOLD = _FOLDER / "FiraSans-SemiBold.ttf"
