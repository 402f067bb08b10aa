"""How good is the result in figures, beside every baseline?"""

from __future__ import annotations

import streamlit as st

from gru_viz.cutoffs import CUTOFF
from gru_viz.jobs import JobStatus
from gru_viz.learn.intervals import Measured
from gru_viz.ui.charts import chart, theme
from gru_viz.ui.train.words import best_first, margin_words, short_baseline_name, verdict


def beside_baselines(run: JobStatus) -> None:
    """Recall and MRR of the kept epoch and of the baselines, drawn when asked for."""
    kept = run.epochs[run.kept - 1]
    quality = kept.quality
    if quality is None:
        return
    shown = st.expander("Recall and MRR beside the baselines", key="gru_viz.train.beside", on_change="rerun")
    if not shown.open:
        return
    from gru_viz.figures.quality_baselines import quality_bars

    rows = [Measured(f"this model, epoch {run.kept}", quality, kept.intervals)]
    rows += [
        Measured(short_baseline_name(name), run.baselines[name], run.intervals.get(name))
        for name in best_first(run.baselines)
    ]
    with shown:
        chart(quality_bars(rows, theme(), CUTOFF), verdict(kept, run.baselines))
        st.caption(
            f"On {quality.predictions:,} held-out clicks, each among all items; a tie counts against whoever "
            "predicts. The epoch was chosen on these clicks, so its figure flatters a little; the "
            f"baselines' do not. {margin_words(kept, run.baselines)}"
        )
