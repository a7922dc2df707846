"""The way in to several machines: each request to the next one, nothing sticky."""

from contextlib import suppress
from itertools import cycle
from threading import Lock
from typing import Any

from requests import ConnectionError as Unreachable
from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter


class Balancer(HTTPAdapter):
    """Passes what is for `outside` on to these addresses in turn.

    As a proxy in front would, it asks another machine where one hangs up before it said a word; the
    way on from there is the shop's: one that had begun the work would be seen to do it twice.
    """

    def __init__(self, outside: str, machines: list[str]) -> None:
        super().__init__()
        self.outside, self.machines = outside, machines
        self.answered = dict.fromkeys(machines, 0)
        self._turn, self._lock = cycle(machines), Lock()

    def send(self, request: PreparedRequest, *args: Any, **kwargs: Any) -> Response:
        """Ask until one answers."""
        url = str(request.url)
        request.headers["Host"] = self.outside.partition("//")[2]
        for _ in range(3 * len(self.machines)):
            with self._lock:
                machine = next(self._turn)
            request.url = url.replace(self.outside, machine, 1)
            with suppress(Unreachable):
                answer = super().send(request, *args, **kwargs)
                self.answered[machine] += 1
                answer.url = request.url = url
                return answer
        raise Unreachable(f"no machine answers {url}")
