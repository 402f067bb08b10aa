"""Trainings in child processes: started, watched, cancelled and continued from any page.

A job is a folder, and the folder is the truth: whoever opens it later, after a refresh or a
restart of the server, finds everything there. Neither Streamlit nor torch is imported here
(the child imports torch).

    queue.py    `Jobs`: who may have what, and whose turn it is
    request.py  what is asked for, as files
    status.py   how a job stands, read from its files
    folder.py   which files those are
    process.py  the child process: started, alive, ended
    child.py    what runs in it
    keeping.py  which jobs are deleted in the end
"""

from __future__ import annotations

from gru_viz.jobs.queue import Jobs
from gru_viz.jobs.request import JobRequest
from gru_viz.jobs.status import JobStatus

__all__ = ["JobRequest", "JobStatus", "Jobs"]
