"""Run grading jobs: threads on this machine, or a Dask cluster.

    with run_jobs(bundle, tasks, workers=2) as jobs:
        for task, result in jobs: ...                                # in order of completion

On one machine the heavy work happens in processes that the sandbox makes anyway, so threads keep
every core busy and share one warmed template; a local Dask cluster would only add its start-up.
`scheduler="tcp://…"` sends the same jobs to Dask workers (they need the course and bubblewrap
installed). A result is a dict; a job that failed gives its exception instead.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager, suppress

from coursekit.grading.judge.engine import Bundle, engine, grade
from coursekit.grading.sandbox.room import SandboxError

Finished = tuple[dict, dict | BaseException]  # a task, and its result or what it raised
_RETRIES = 3  # a job that failed for the machine's reason is tried again: elsewhere on a cluster, here as often
_TIMEOUT = "15s"


@contextmanager
def run_jobs(
    bundle: Bundle, tasks: list[dict], workers: int = 1, scheduler: str | None = None
) -> Iterator[Iterator[Finished]]:
    """Start all jobs; gives an iterator of (task, result or exception) as they finish.

    workers: hand-ins whose code runs at a time. One thread more judges, draws and makes ready meanwhile: a core that
    waits for the one process that forks, judges or draws has something else to do.
    Leaving the context early cancels what has not begun.
    """
    if not tasks:
        yield iter(())
    elif scheduler:
        with _client(scheduler) as client:
            yield _on_cluster(client, bundle, tasks)
    else:
        engine(bundle).at_a_time(max(1, workers))
        pool = ThreadPoolExecutor(max(1, workers) + 1)
        try:
            waiting = {pool.submit(_patiently, bundle, task): task for task in tasks}
            yield ((waiting[future], future.exception() or future.result()) for future in as_completed(waiting))
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _patiently(bundle: Bundle, task: dict) -> dict:
    """One job here: no student is reported as not graded because the machine had no room or memory at one moment."""
    for _ in range(_RETRIES):
        with suppress(SandboxError, OSError):
            return grade(bundle, task)
    return grade(bundle, task)


def begin(bundle: Bundle, scheduler: str | None = None) -> None:
    """Let the processes of this machine's engine start, which takes a second, while the caller does something else."""
    if scheduler is None:
        engine(bundle)


def probe(bundle: Bundle, scheduler: str | None = None) -> None:
    """Raise SandboxError unless student code can be isolated where it will run."""
    if scheduler is None:
        engine(bundle).sandbox.probe()
        return
    with _client(scheduler) as client:
        client.submit(_probe_here, bundle, pure=False).result()


def _probe_here(bundle):
    engine(bundle).sandbox.probe()


def _client(scheduler):
    from coursekit.grading.course import CourseError

    try:
        from distributed import Client
    except ImportError:
        raise CourseError("--scheduler needs Dask; install the course with its [grading] extra.") from None
    try:
        return Client(scheduler, timeout=_TIMEOUT, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as fault:
        raise CourseError(f"No Dask scheduler answers at {scheduler} ({type(fault).__name__}).") from None


def _on_cluster(client, bundle, tasks):
    from distributed import as_completed as dask_completed

    waiting = {client.submit(grade, bundle, task, pure=False, retries=_RETRIES): task for task in tasks}
    for future in dask_completed(list(waiting), loop=client.loop):
        fault = future.exception() if future.status != "finished" else None
        yield waiting[future], fault or future.result()
