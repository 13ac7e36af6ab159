"""Limits on how often something may happen: messages of a connection, wrong codes of a client."""

import time
from collections import OrderedDict

_MOST_CLIENTS = 10_000


class Pace:
    """A number of events in some seconds, all at once or one by one."""

    def __init__(self, most: int, seconds: float) -> None:
        self._most, self._rate = most, most / seconds
        self._left, self._then = float(most), time.monotonic()

    def spent(self) -> bool:
        """Return whether no event is left."""
        now = time.monotonic()
        self._left = min(self._most, self._left + (now - self._then) * self._rate)
        self._then = now
        return self._left < 1

    def take(self) -> bool:
        """Return whether an event is within the limit, and count it."""
        if self.spent():
            return False
        self._left -= 1
        return True


class Tries:
    """Wrong codes of each client: after many, right ones are not told from wrong ones."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._clients: OrderedDict[str, Pace] = OrderedDict()

    def exhausted(self, client: str) -> bool:
        return client in self._clients and self._clients[client].spent()

    def wrong(self, client: str) -> None:
        self._clients.setdefault(client, Pace(self._most, 60)).take()
        self._clients.move_to_end(client)
        if len(self._clients) > _MOST_CLIENTS:
            self._clients.popitem(last=False)
