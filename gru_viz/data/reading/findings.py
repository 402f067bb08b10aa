"""What was done to a file, what looked odd, and what stopped us?"""

from __future__ import annotations

from dataclasses import dataclass, field

from gru_viz.errors import InputError, quote

# A longer file name would push the message itself out of sight.
SHOWN_NAME = 80


class OpenQuestionError(InputError):
    """A fault that a choice settles; where the choice is made, another remedy than the usual one is said.

    args: the line without a remedy, and the usual remedy
    """

    def __str__(self) -> str:
        return self.settled_by(self.args[1])

    def settled_by(self, remedy: str) -> str:
        """The same line with this remedy."""
        return f"{self.args[0]}; {remedy}"


class UnclearColumnError(OpenQuestionError):
    """Which column of the log plays a role must be said."""


class EmptyIdError(OpenQuestionError):
    """A row of the log has no session or item id; such rows can be left out."""


def shown_name(name: str) -> str:
    """A file's name as it may stand in a message: printable, on one line, not too long."""
    return name if name.isprintable() and 0 < len(name) <= SHOWN_NAME else quote(name)


@dataclass
class Findings:
    """The notebook of one read, passed from step to step and closed into a CleaningReport.

    notes:    what was done and needs no decision (verdict A)
    warnings: what may be wrong and a person should confirm (verdict W)
    dropped:  (reason, clicks) in the order the steps ran
    """

    name: str
    notes: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    dropped: list[tuple[str, int]] = field(default_factory=list)

    def note(self, text: str) -> None:
        self.notes.append(text)

    def warn(self, text: str) -> None:
        self.warnings.append(text)

    def drop(self, reason: str, clicks: int) -> None:
        if clicks:
            self.dropped.append((reason, int(clicks)))

    def error(
        self,
        problem: str,
        remedy: str,
        row: int | None = None,
        column: str | None = None,
        kind: type[OpenQuestionError] | None = None,
    ) -> InputError:
        """The one line for a verdict E (to be raised): file, row, column, problem; remedy.

        Rows are counted as a text editor counts lines, so a header is row 1.
        kind: where a choice settles it
        """
        at_row = "" if row is None else f", row {row}"
        at_column = "" if column is None else f", column {quote(column)}"
        line = f"{shown_name(self.name)}{at_row}{at_column}: {problem}"
        return InputError(f"{line}; {remedy}") if kind is None else kind(line, remedy)


def counted(count: int, one: str, many: str | None = None) -> str:
    """'1 click', '2,000 clicks'."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
