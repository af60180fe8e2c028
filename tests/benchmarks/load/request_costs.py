"""Configuration of gunicorn that notes what each request cost: one line `METHOD PATH MILLISECONDS`.

The milliseconds are the CPU time of the thread that answers, from the parsed request to the sent reply.
Reading and parsing the request, and what gunicorn does between requests, is in the process's time only.
"""

import os
import time
from typing import Protocol

NOTES = os.open(os.environ["GLIMPSE_LOAD_COSTS"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)


class Request(Protocol):
    method: str
    path: str
    began: float


def pre_request(worker: object, request: Request) -> None:
    request.began = time.thread_time()


def post_request(worker: object, request: Request, environ: object, response: object) -> None:
    spent = 1000 * (time.thread_time() - request.began)
    os.write(NOTES, f"{request.method} {request.path} {spent:.3f}\n".encode())
