"""Attune's nights as an Airflow DAG: one task for each configuration.

Copy it to the DAG folder. It needs Airflow 2.4 or later, nothing else. Variables of Airflow:
``attune_home`` (default /opt/attune) and ``attune_configurations``, paths separated by spaces
(default /etc/attune/news.yaml).

Attune catches up missed nights and holds a lock for each task by itself, so the DAG neither
catches up nor runs twice at a time.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
from datetime import datetime, timedelta

# docs/EXIT_CODES.md: for which codes a retry may help, and for which it does not.
DONE = frozenset({0, 4})
RETRY = frozenset({3, 7, 50, 51, 52, 53, 54, 55, 56, 57})
PAGE = frozenset({1, 2, 6})


def verdict(code: int) -> str:
    """Returns the reaction to an exit code: ``done``, ``retry`` or ``fail``.

    Signals are negative codes, as subprocess returns them, or codes above 128, as shells do. A
    killed night resumes where it stopped. Unknown codes are not retried.
    """
    if code in DONE:
        return "done"
    if code in RETRY or code < 0 or code > 128:
        return "retry"
    return "fail"


def run_night(home: str, configuration: str) -> None:
    """Runs one night; its output goes to the log of the task."""
    from airflow.exceptions import AirflowException, AirflowFailException

    command = [os.path.join(home, "attune"), "nightly", "-c", configuration]
    # A new session: when Airflow kills the task, Spark's processes end with it.
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
        start_new_session=True,
    )
    try:
        for line in process.stdout:
            print(line, end="")
        code = process.wait()
    except BaseException:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(timeout=120)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
        raise
    what = verdict(code)
    message = f"attune nightly -c {configuration} ended with exit code {code}; see docs/EXIT_CODES.md"
    if what == "retry":
        raise AirflowException(message)
    if what == "fail":
        raise AirflowFailException(message)


def task_id(configuration: str) -> str:
    """Returns ``news`` for ``/etc/attune/news.yaml``."""
    name = os.path.splitext(os.path.basename(configuration))[0]
    return re.sub(r"[^A-Za-z0-9_.-]", "_", name)


def build():
    """Builds the DAG; the functions above can be tested without Airflow."""
    from airflow import DAG
    from airflow.models import Variable
    from airflow.operators.python import PythonOperator

    home = Variable.get("attune_home", default_var="/opt/attune")
    configurations = Variable.get(
        "attune_configurations", default_var="/etc/attune/news.yaml"
    ).split()
    with DAG(
        dag_id="attune_nightly",
        description="Attune: trains, compares and promotes a model every night",
        schedule="30 2 * * *",
        start_date=datetime(2026, 1, 1),
        catchup=False,
        max_active_runs=1,
        tags=["attune"],
        default_args={
            "owner": "attune",
            "retries": 3,
            "retry_delay": timedelta(minutes=10),
            "execution_timeout": timedelta(hours=12),
            # Paging: an e-mail here, or on_failure_callback, or hooks.on-failure of Attune.
            "email_on_failure": True,
            "email_on_retry": False,
        },
    ) as dag:
        for configuration in configurations:
            PythonOperator(
                task_id=task_id(configuration),
                python_callable=run_night,
                op_kwargs={"home": home, "configuration": configuration},
            )
    return dag


try:
    import airflow  # noqa: F401
except ImportError:
    dag = None  # imported without Airflow, such as by a test
else:
    dag = build()
