"""Watches a running Loa: reports what died and came back, and makes the topics of an in-memory broker again."""

import time

from loa.runtime.errors import SetupError
from loa.runtime.launch import Progress, Running, make_topics
from loa.runtime.supervisor import State

TICK_SECONDS = 1.0


def changes(before: dict[str, State], now: dict[str, State]) -> list[str]:
    """Returns what to report, in sentences. Pure."""
    sentences = []
    for name, state in now.items():
        was = before.get(name)
        if was is None or was == state:
            continue
        if state.word == "FATAL" and was.word != "FATAL":
            sentences.append(f"{name} died too often and stays down: read its log (`loa status` says where).")
        elif state.word == "RUNNING" and was.started and state.started != was.started:
            sentences.append(f"{name} had died and was started again (pid {state.pid}).")
    return sentences


def until_stopped(running: Running, report: Progress) -> None:
    """Return when somebody stopped Loa elsewhere (`make down`)."""
    last = running.supervisor.states()
    while now := running.supervisor.states():
        for sentence in changes(last, now):
            report(sentence)
        if running.broker.name == "tansu" and _came_back(last, now):
            _recreate_topics(running, report)
        settled = {name: state for name, state in now.items() if state.word in ("RUNNING", "FATAL")}
        last = last | settled  # What passes through STARTING is reported once, when it has come back.
        time.sleep(TICK_SECONDS)


def _came_back(last: dict[str, State], now: dict[str, State]) -> bool:
    before, after = last.get("broker"), now.get("broker")
    return bool(before and after and after.word == "RUNNING" and after.started != before.started)


def _recreate_topics(running: Running, report: Progress) -> None:
    try:
        make_topics(running.broker, running.settings)
    except SetupError as error:
        report(str(error))
    else:
        report(f"{running.broker.name.capitalize()} keeps nothing across a restart: its topics were made again.")
