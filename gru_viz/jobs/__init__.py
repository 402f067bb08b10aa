"""Long work in child processes: started, watched, cancelled and taken up again from any page.

A job, a training or a comparison of models, is a folder, and the folder is the truth: whoever
opens it later, after a refresh or a restart of the server, finds everything there. Neither
Streamlit nor torch is imported here (the child imports torch).

    queue.py    `Jobs` (trainings), `Comparisons`: who may have what
    turns.py    whose turn it is; how a job begins and ends
    keeping.py  which jobs are deleted in the end

    kinds.py    which kinds there are
    request.py  what is asked for, as files; clicks.py: the clicks
    status.py   how a job stands, read from its files; training_status.py, comparison_status.py:
                and how far it is
    folder.py   which files those are

    process.py  the child process: started, alive, ended
    child.py    what runs in it: training.py or comparison.py, which tell by telling.py
    next.py     what it becomes in the end, to start the next one
"""

from __future__ import annotations

from gru_viz.jobs.comparison_status import ComparisonStatus
from gru_viz.jobs.queue import Comparisons, Jobs, NoSuchJobError
from gru_viz.jobs.request import ComparisonRequest, JobRequest
from gru_viz.jobs.training_status import JobStatus

__all__ = [
    "ComparisonRequest",
    "ComparisonStatus",
    "Comparisons",
    "JobRequest",
    "JobStatus",
    "Jobs",
    "NoSuchJobError",
]
