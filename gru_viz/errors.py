"""What is wrong with what the user gave us, in one line?"""

from __future__ import annotations

SHOWN_CHARACTERS = 40


class InputError(ValueError):
    """Bad input from outside: a file, an argument, a link.

    Its text is one line that says what, where and the remedy. The command line
    prints it and exits with 2; a page shows it and keeps what was loaded.
    """


def quote(value: object) -> str:
    """`value` as it may be shown in a message: printable, quoted, at most 40 characters."""
    text = repr(value) if isinstance(value, str) else repr(str(value))
    text = text.encode("ascii", "backslashreplace").decode("ascii") if not text.isprintable() else text
    return text if len(text) <= SHOWN_CHARACTERS + 2 else text[: SHOWN_CHARACTERS + 1] + "…" + text[0]
