"""How is a Streamlit server of its own started, waited for and stopped?"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

START_SECONDS = 60.0
ROOT = Path(__file__).parents[2]  # where app.py lies


@dataclass(frozen=True)
class Server:
    """A running `streamlit run`; `log()` is all it printed."""

    url: str
    process: subprocess.Popen[bytes]
    log_path: Path

    def log(self) -> str:
        return self.log_path.read_text("utf-8", errors="replace")

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def serve(
    app: str,
    folder: Path,
    log_path: Path,
    flags: Mapping[str, str] | None = None,
    arguments: tuple[str, ...] = (),
    environment: Mapping[str, str] | None = None,
) -> Server:
    """`streamlit run app`, from `folder` (whose .streamlit/config.toml holds), on a free port, ready.

    flags: further Streamlit options; arguments: the app's own.
    Raises RuntimeError with the log if it does not come up.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = {"server.port": str(port), "server.headless": "true", **(flags or {})}
    command = [sys.executable, "-m", "streamlit", "run", app]
    command += [word for name, value in options.items() for word in (f"--{name}", value)]
    with log_path.open("wb") as log:
        process = subprocess.Popen(
            [*command, "--", *arguments],
            cwd=folder,
            stdout=log,
            stderr=subprocess.STDOUT,
            env={**os.environ, **(environment or {})},
        )
    server = Server(f"http://localhost:{port}", process, log_path)
    if not _healthy(server):
        server.stop()
        raise RuntimeError(f"the server did not come up:\n{server.log()}")
    return server


@contextmanager
def serving(
    app: str,
    folder: Path,
    log_path: Path,
    arguments: tuple[str, ...] = (),
    environment: Mapping[str, str] | None = None,
) -> Iterator[Server]:
    """`serve` without usage statistics, which would ask the network; stopped at the end."""
    server = serve(app, folder, log_path, {"browser.gatherUsageStats": "false"}, arguments, environment)
    try:
        yield server
    finally:
        server.stop()


def _healthy(server: Server) -> bool:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.process.poll() is None:
        try:
            with urllib.request.urlopen(f"{server.url}/_stcore/health", timeout=2) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    return False
