"""Do the sentences about who predicts better hold: LSTM, FPMC, long sessions?"""

from __future__ import annotations

from gru_viz.compare.experiments.values import Lead, Long
from gru_viz.compare.names import GRU4REC, NAMES, short_name
from gru_viz.compare.values import Comparison
from gru_viz.compare.words import share
from gru_viz.cutoffs import CUTOFF
from gru_viz.explain.claims.claim import Bar, Bars, Claim, Probe
from gru_viz.explain.claims.parts import CLAIMS, bar, both, difference, estimated, left_out, row
from gru_viz.explain.claims.rules import AS_WELL, by_difference, by_loss, by_margin
from gru_viz.explain.words import NBSP, Part, plural

AS_WELL_AS = "A GRU often does as well as an LSTM."
PLENTY = "With plenty of data GRU4Rec beats FPMC."
SPARSE = "With little data FPMC can win against GRU4Rec."
LONG = "GRU4Rec struggles with very long sessions."
ABOVE_0 = "Holds where the whole interval of the difference is above 0."
LITTLE = 0.5  # of the sessions, at most
MOST_ROWS = 4


def does_as_well(found: Comparison) -> Claim | None:
    one = found.whole.difference("gru", "lstm")
    if one is None:
        return None
    return Claim(
        AS_WELL_AS,
        f"On the same {plural(found.about.predictions, 'held-out click')}; losing less than "
        f"{share(AS_WELL)} in Recall@{CUTOFF} counts as well.",
        f"Holds where the whole interval is above {share(-AS_WELL)}.",
        difference("The GRU's Recall less the LSTM's: ", one),
        by_margin(one),
        Bars(
            f"Recall; dotted: {share(-AS_WELL)}",
            (row("gru", "GRU less LSTM", one.recall, one.recall_interval),),
            -AS_WELL,
        ),
    )


def beats_fpmc(found: Comparison) -> Claim | None:
    one = found.whole.difference("gru", "fpmc")
    if one is None:
        return None
    return Claim(
        PLENTY,
        f"Both learned from all {found.whole.sessions:,} training sessions.",
        ABOVE_0,
        difference("GRU4Rec's Recall less FPMC's: ", one),
        by_difference(one),
        _by_sessions(found, "gru", "fpmc", "GRU4Rec less FPMC"),
    )


def fpmc_wins_when_sparse(found: Comparison) -> Claim | None:
    little = [part for part in both(found, "fpmc", "gru") if part.share <= LITTLE]
    least = min(little, key=lambda part: part.share, default=None)
    one = None if least is None else least.difference("fpmc", "gru")
    if least is None or one is None:
        return None
    return Claim(
        SPARSE,
        f"Both learned from {plural(least.sessions, 'session')}, {100 * least.share:.3g}{NBSP}% of them.",
        f"{ABOVE_0} Little data: at most half of the sessions.",
        difference("FPMC's Recall less GRU4Rec's: ", one),
        by_difference(one),
        _by_sessions(found, "fpmc", "gru", "FPMC less GRU4Rec"),
    )


def _by_sessions(found: Comparison, first: str, second: str, title: str) -> Bars:
    """The difference after learning from all sessions, and from the fewest ones."""
    rounds = sorted(both(found, first, second), key=lambda part: -part.sessions)
    shown = rounds if len(rounds) <= MOST_ROWS else [rounds[0], *rounds[1 - MOST_ROWS :]]
    rows = ((part, part.difference(first, second)) for part in shown)
    return Bars(
        f"Recall, {title}",
        tuple(
            row(first, plural(part.sessions, "session"), one.recall, one.recall_interval)
            for part, one in rows
            if one is not None
        ),
    )


def struggles_with_long(found: Comparison) -> Claim | None:
    """The rival is the best of the other models over all predictions, long sessions or not."""
    if found.experiments is None:
        return None
    experiment = (
        "GRU4Rec's lead over the best other model at the first and at the late predictions of long sessions."
    )
    rule = (
        "Holds where the lead surely shrinks, and by more than "
        f"{share(AS_WELL)}; does not hold where it surely grows, or shrinks by less."
    )
    if "long" in found.experiments.left_out:
        reason = "Too few held-out sessions are long enough: fewer than 100 have eleven predictions."
        return left_out(LONG, experiment, rule, reason)
    measured, rival = found.experiments.long, _rival(found)
    if measured is None or rival is None:
        return None
    return Claim(
        LONG,
        f"{experiment} {plural(measured.sessions, 'session')} get as far as prediction {measured.late}; "
        "no others count.",
        rule,
        (
            Part(f"GRU4Rec's Recall less that of {NAMES[rival.other]}: "),
            *estimated(rival.early),
            Part(f" at predictions 1 to {measured.early}, "),
            *estimated(rival.late),
            Part(f" from prediction {measured.late} on; the lead shrinks by "),
            *estimated(rival.shrinks),
            Part("."),
        ),
        by_loss(rival.shrinks),
        Bars(f"Recall, GRU4Rec less {short_name(rival.other)}", _early_and_late(measured, rival)),
    )


def _rival(found: Comparison) -> Lead | None:
    experiments = found.experiments
    leads = (
        {}
        if experiments is None or experiments.long is None
        else {one.other: one for one in experiments.long.leads}
    )
    ranked = (model.name for model in found.whole.ranked if model.name not in GRU4REC)
    return next((leads[name] for name in ranked if name in leads), None)


def _early_and_late(measured: Long, rival: Lead) -> tuple[Bar, ...]:
    return (
        bar("gru", f"predictions 1–{measured.early}", rival.early),
        bar("gru", f"from {measured.late} on", rival.late),
    )


TESTS = (
    Probe(AS_WELL_AS, "gru and lstm among its models", does_as_well),
    Probe(PLENTY, "gru and fpmc among its models", beats_fpmc),
    Probe(
        SPARSE,
        "gru and fpmc among its models, and a small share, as in --shares 0.1,1",
        fpmc_wins_when_sparse,
    ),
    Probe(LONG, f"gru and a model that is no GRU4Rec, and {CLAIMS}", struggles_with_long),
)
