"""Reads the training phrases: which folder a phrase stands in tells its language.

Rasa's own importer forgets the file that a phrase came from, and reads YAML so slowly that 13 languages would take
longer to read than to learn. Stories and domain are read by Rasa as ever. To the phrases that people wrote come those
of `nlu.generated`, if the domain knows their intents.
"""

from pathlib import Path
from typing import Any, Dict, List, Optional, Set, Text, Union

import rasa.shared.data
import yaml
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
from rasa.shared.exceptions import RasaException
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.constants import INTENT, METADATA, METADATA_EXAMPLE, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.generated import CARRIED, generated

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class PhraseFileInvalid(RasaException):
    """A phrase file that cannot be read; the text says where and what to do."""


class PhraseImporter(RasaFileImporter):
    """Phrases from `nlu/<language>/<area>.yml`, the rest from wherever Rasa looks."""

    def __init__(
        self,
        config_file: Optional[Text] = None,
        domain_path: Optional[Text] = None,
        training_data_paths: Optional[Union[List[Text], Text]] = None,
        guides: Text = "guides",
        languages: Text = "languages.yml",
        **kwargs: Any,
    ) -> None:
        self._guides, self._languages = Path(guides), Path(languages)
        self._domain_path = domain_path
        self.config_file = config_file
        files = sorted(rasa.shared.data.get_data_files(training_data_paths, _is_yaml))
        self._nlu_files = [path for path in files if "nlu" in _top_keys(path)]
        self._story_files = [path for path in files if {"rules", "stories"} & _top_keys(path)]
        self._conversation_test_files = [
            path for path in self._story_files if YAMLStoryReader.is_test_stories_file(path)
        ]

    def get_nlu_data(self, language: Optional[Text] = "en") -> TrainingData:
        """All phrases of all languages (`language` is Rasa's one language for a model; ours speaks many)."""
        written = [message for path in self._nlu_files for message in read_phrases(Path(path))]
        spoken = {language_of(message) for message in written}
        made = generated(self._guides, self._languages, spoken, intents_of(self._domain_path))
        return TrainingData(written + made)


def language_of(message: Message) -> str:
    """The language of a training phrase."""
    told: Dict[str, Any] = (message.get(METADATA) or {}).get(METADATA_EXAMPLE) or {}
    return str(told.get("language", ""))


def carried(message: Message) -> Optional[List[Text]]:
    """The further phrases that a generated example stands for; None for one that a person wrote."""
    told: Dict[str, Any] = (message.get(METADATA) or {}).get(METADATA_EXAMPLE) or {}
    return told.get(CARRIED)


def intents_of(domain: Optional[Text]) -> Set[Text]:
    """The intents that a domain file or folder lists."""
    path = Path(domain or "")
    files = sorted(path.rglob("*.yml")) if domain and path.is_dir() else [path] if domain and path.is_file() else []
    listed = [entry for file in files for entry in _read(file).get("intents") or ()]
    return {name for entry in listed for name in ([entry] if isinstance(entry, str) else entry)}


def read_phrases(path: Path) -> List[Message]:
    """The phrases of one file.

    Raises:
        PhraseFileInvalid: it is not a list of intents with their examples.
    """
    language = path.parent.name
    found = []
    for entry in _read(path).get("nlu") or []:
        intent, examples = (entry.get("intent"), entry.get("examples")) if isinstance(entry, dict) else (None, None)
        if not isinstance(intent, str) or not isinstance(examples, str):
            raise PhraseFileInvalid(f"{path}: an entry lacks `intent` or `examples: |` - give it both.")
        for line in examples.splitlines():
            if not line.strip():
                continue
            if not line.lstrip().startswith("- "):
                raise PhraseFileInvalid(f"{path}: {intent}: {line.strip()!r} - start every example with `- `.")
            phrase = line.lstrip()[2:].strip()
            told = {METADATA_EXAMPLE: {"language": language}}
            found.append(Message({TEXT: phrase, INTENT: intent, METADATA: told}))
    return found


def _is_yaml(path: Text) -> bool:
    return path.endswith((".yml", ".yaml"))


def _top_keys(path: Text) -> "set[str]":
    return set(_read(Path(path)))


def _read(path: Path) -> Dict[str, Any]:
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - a safe loader, in C
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise PhraseFileInvalid(f"{path}: this is not YAML - {error}") from error
    if not isinstance(content, dict):
        raise PhraseFileInvalid(f"{path}: begin the file with `version:` and `nlu:` or `rules:`.")
    return content
