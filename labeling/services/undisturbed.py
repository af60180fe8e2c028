"""A transaction that is made again where another one has disturbed it."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import IntegrityError, OperationalError, connection, transaction

TRIES = 5
Given = ParamSpec("Given")
Result = TypeVar("Result")


def undisturbed(change: Callable[Given, Result]) -> Callable[Given, Result]:
    """Run in a transaction, and again from the start where the database gave it up: a player may act in
    another tab at the same moment. Inside another transaction, that one decides."""

    @wraps(change)
    def run(*args: Given.args, **kwargs: Given.kwargs) -> Result:
        tries = 1 if connection.in_atomic_block else TRIES
        for _ in range(tries - 1):
            try:
                with transaction.atomic():
                    return change(*args, **kwargs)
            except (IntegrityError, OperationalError):
                continue
        with transaction.atomic():
            return change(*args, **kwargs)

    return run
