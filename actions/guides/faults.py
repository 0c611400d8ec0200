"""What is wrong in a content file, said so that an editor can mend it."""

from dataclasses import dataclass, field
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, order=True)
class Fault:
    """One problem at one place."""

    path: str
    """Relative to the repository, as in ``guides/en/shop-payments.md``."""
    line: int
    """From 1."""
    problem: str
    cure: str
    severity: Severity = "error"

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.problem} - {self.cure}"


class Unreadable(Exception):
    """A file that cannot be taken at all; carries the line, the problem and the cure."""

    def __init__(self, line: int, problem: str, cure: str) -> None:
        super().__init__(f"{line}: {problem} - {cure}")
        self.line = line
        self.problem = problem
        self.cure = cure


@dataclass
class Findings:
    """The faults of one file, collected while it is read."""

    path: str
    faults: list[Fault] = field(default_factory=list)
    refused: bool = False
    """True if the file holds something that must not be shown."""

    def refuse(self, line: int, problem: str, cure: str) -> None:
        """Note a fault that makes the file unusable."""
        self.refused = True
        self.error(line, problem, cure)

    def error(self, line: int, problem: str, cure: str) -> None:
        """Note a fault that blocks publishing."""
        self.faults.append(Fault(self.path, line, problem, cure))

    def warning(self, line: int, problem: str, cure: str) -> None:
        """Note a fault that can wait."""
        self.faults.append(Fault(self.path, line, problem, cure, "warning"))

    def unreadable(self, fault: Unreadable) -> None:
        """Note why the whole file was refused."""
        self.refuse(fault.line, fault.problem, fault.cure)
