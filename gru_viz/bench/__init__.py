"""What must be fast, and how does it compare with a yardstick measured in the same run?

One measurement a file, each with `measure(effort) -> list[Row]`; imported when asked for.
"""

MEASUREMENTS = {
    "stepping": "gru_viz.bench.stepping",
    "recording": "gru_viz.bench.recording",
    "ranking": "gru_viz.bench.ranking",
    "reading": "gru_viz.bench.reading",
    "big_log": "gru_viz.bench.big_log",
    "evaluation": "gru_viz.bench.evaluation",
    "shop": "gru_viz.bench.shop",
    "learning": "gru_viz.bench.learning",
    "agreement": "gru_viz.bench.agreement",
    "memory_page": "gru_viz.bench.memory_page",
    "what_if": "gru_viz.bench.what_if",
}
