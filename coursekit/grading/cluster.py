"""Run grading jobs: threads on this machine, or a Dask cluster.

    for task, result in run_jobs(bundle, tasks, workers=2): ...      # in order of completion

On one machine the heavy work happens in processes that the sandbox makes anyway, so threads keep
every core busy and share one warmed template; a local Dask cluster would only add its start-up.
`scheduler="tcp://…"` sends the same jobs to Dask workers (they need the course and bubblewrap
installed). A result is a dict; a job that failed gives its exception instead.
"""

from concurrent.futures import ThreadPoolExecutor, as_completed

from .engine import engine, grade

_RETRIES = 3
_TIMEOUT = "15s"


def run_jobs(bundle, tasks, workers=1, scheduler=None):
    """Yield (task, result or exception) for each task, as they finish."""
    if not tasks:
        return
    yield from (_on_cluster(bundle, tasks, scheduler) if scheduler else _on_threads(bundle, tasks, workers))


def probe(bundle, scheduler=None):
    """Raise SandboxError unless student code can be isolated where it will run."""
    if scheduler is None:
        engine(bundle).sandbox.probe()
        return
    with _client(scheduler) as client:
        client.submit(_probe_here, bundle, pure=False).result()


def _probe_here(bundle):
    engine(bundle).sandbox.probe()


def _on_threads(bundle, tasks, workers):
    with ThreadPoolExecutor(max(1, workers)) as pool:
        waiting = {pool.submit(grade, bundle, task): task for task in tasks}
        try:
            for future in as_completed(waiting):
                yield waiting[future], future.exception() or future.result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _client(scheduler):
    from .course import CourseError

    try:
        from distributed import Client
    except ImportError:
        raise CourseError("--scheduler needs Dask; install the course with its [grading] extra.") from None
    try:
        return Client(scheduler, timeout=_TIMEOUT, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as fault:
        raise CourseError(f"No Dask scheduler answers at {scheduler} ({type(fault).__name__}).") from None


def _on_cluster(bundle, tasks, scheduler):
    from distributed import as_completed as dask_completed

    with _client(scheduler) as client:
        waiting = {client.submit(grade, bundle, task, pure=False, retries=_RETRIES): task for task in tasks}
        for future in dask_completed(list(waiting), loop=client.loop):
            fault = future.exception() if future.status != "finished" else None
            yield waiting[future], fault or future.result()
