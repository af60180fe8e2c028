"""Several things at the same moment, each in a thread with a connection of its own."""

import threading
from collections.abc import Callable, Sequence

from django.db import connection


def at_once(actions: Sequence[Callable[[], object]]) -> list[Exception]:
    """Run each in a thread of its own; what they raised."""
    ready, raised = threading.Barrier(len(actions)), []

    def run(action: Callable[[], object]) -> None:
        try:
            ready.wait()
            action()
        except Exception as error:  # the test tells which
            raised.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[action], daemon=True) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(100)
    assert not any(thread.is_alive() for thread in threads)
    return raised
