"""Which models are compared, and what are they called?"""

from __future__ import annotations

from gru_viz.errors import InputError, quote

# By the name on the command line and in result files: as a sentence calls it.
NAMES = {
    "popularity": "popularity",
    "session_popularity": "session popularity",
    "item_knn": "item-kNN",
    "sequential_rules": "sequential rules",
    "markov": "a Markov chain",
    "mf": "BPR-MF",
    "fpmc": "FPMC",
    "sasrec": "SASRec",
    "bert4rec": "BERT4Rec",
    "gru": "GRU4Rec",
    "lstm": "GRU4Rec with LSTM",
    "rnn": "GRU4Rec with vanilla RNN",
}
GRU4REC = ("gru", "lstm", "rnn")

# What a result file may hold of smaller shares of the data.
LEAST_SHARE, MOST_SHARE = 1e-6, 1 - 1e-6
MOST_SHARES = 20

# What is measured beside the models for the textbook's claims, as a progress bar calls it.
EXPERIMENTS = {
    "gradients": "gradients over a distance",
    "reset": "no reset between sessions",
    "clipping": "no clipping",
    "sizes": "other sizes",
    "long": "long sessions",
    "waiting": "waiting for the click before",
}


def short_name(name: str) -> str:
    """As a table calls a model, and a progress bar an experiment."""
    if name in EXPERIMENTS:
        return EXPERIMENTS[name]
    return NAMES[name].removeprefix("a ").replace("with vanilla RNN", "(RNN)").replace("with LSTM", "(LSTM)")


def chosen(text: str) -> tuple[str, ...]:
    """ "gru,markov" → these names, each once. Raises InputError for others."""
    names = tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    unknown = [name for name in names if name not in NAMES]
    if unknown or not names:
        raise InputError(f"--models takes some of {', '.join(NAMES)}, not {quote(','.join(unknown) or text)}")
    return names


def shares(text: str) -> tuple[float, ...]:
    """ "0.1,0.3,1" → (1.0, 0.3, 0.1): the whole is always among them, and first. Raises InputError."""
    try:
        found = {float(part) for part in text.split(",")}
    except ValueError:
        found = {0.0}
    if not all(LEAST_SHARE <= share <= MOST_SHARE or share == 1 for share in found):
        raise InputError(
            f"--shares takes numbers from {LEAST_SHARE:g} to {MOST_SHARE:g}, and 1, as in 0.1,0.3,1, "
            f"not {quote(text)}"
        )
    if len(found - {1.0}) > MOST_SHARES:
        raise InputError(f"--shares takes at most {MOST_SHARES} beside 1, not {len(found - {1.0})}")
    return tuple(sorted(found | {1.0}, reverse=True))
