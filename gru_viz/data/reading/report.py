"""What did reading a log find, do and drop?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gru_viz.data.reading.findings import counted, shown_name
from gru_viz.errors import quote


@dataclass(frozen=True)
class CleaningReport:
    """What happened between the file and the ClickLog.

    columns:   (role, column name as written) of each role found
    rows_read: clicks in the file; always rows_kept plus all that was dropped
    dropped:   (reason, clicks), in the order the steps ran
    time_first, time_last: ISO 8601 in UTC, of the clicks kept; None without times
    time_unit: 'epoch milliseconds', 'ISO 8601', …; None without times
    notes:     what was done and needs no decision
    warnings:  what may be wrong and should be confirmed
    """

    name: str
    format: str
    encoding: str
    columns: tuple[tuple[str, str], ...]
    rows_read: int
    rows_kept: int
    dropped: tuple[tuple[str, int], ...]
    sessions: int
    items: int
    clicks: int
    time_first: str | None
    time_last: str | None
    time_unit: str | None
    notes: tuple[str, ...]
    warnings: tuple[str, ...]

    def lines(self) -> list[str]:
        """The report in plain English, one statement a line."""
        columns = ", ".join(f"{role} = {quote(name)}" for role, name in self.columns)
        kept = f"{counted(self.clicks, 'click')} in {counted(self.sessions, 'session')}"
        return [
            f"{shown_name(self.name)}: {self.format}, {self.encoding}",
            f"columns: {columns}",
            f"read {counted(self.rows_read, 'row')}; kept {kept} over {counted(self.items, 'item')}",
            *(f"dropped {counted(clicks, 'click')}: {reason}" for reason, clicks in self.dropped),
            *self._time_lines(),
            *(f"note: {text}" for text in self.notes),
            *(f"warning: {text}" for text in self.warnings),
        ]

    def _time_lines(self) -> list[str]:
        """One, or none without times, which a note says."""
        if self.time_unit is None:
            return []
        return [f"times: {self.time_unit}, from {self.time_first} to {self.time_last}"]

    def to_dict(self) -> dict[str, Any]:
        """The report as JSON knows it."""
        return {
            **{name: getattr(self, name) for name in self.__dataclass_fields__},
            "columns": dict(self.columns),
            "dropped": [{"reason": reason, "clicks": clicks} for reason, clicks in self.dropped],
            "notes": list(self.notes),
            "warnings": list(self.warnings),
        }
