"""Why a `mentor` command stops: every fault carries its sentence and its exit code."""


class Stop(Exception):
    """A command cannot go on; the text is a sentence for the person at the terminal."""

    exit_code = 1


class WrongSettings(Stop):
    """The environment or `.env` holds something that cannot be; one line per mistake."""

    exit_code = 2


class NotSetUp(Stop):
    """An environment that the command needs is not there."""

    exit_code = 3


class KeepsDying(Stop):
    """A part died again and again before it was ever well."""

    exit_code = 4


class NotReplaced(Stop):
    """A part could not be replaced by a newer one; the old one serves on."""

    exit_code = 8


class PortInUse(Stop):
    """Another program has a port that a part needs."""

    exit_code = 5


class ModelTampered(Stop):
    """The model file is not the one that was trained."""

    exit_code = 6


class TrainingFailed(Stop):
    """Rasa could not train a model."""

    exit_code = 7


class MentorRuns(Stop):
    """The mentor runs, or another program has its database open, and that must not be now."""

    exit_code = 9


class BackupUnusable(Stop):
    """A backup file is damaged, locked, or from a newer program."""

    exit_code = 10


class DatabaseUnusable(Stop):
    """The database can't be opened, or does not fit."""

    exit_code = 11


class ConsentNeeded(Stop):
    """Something that the operator has to agree to by an option."""

    exit_code = 12
