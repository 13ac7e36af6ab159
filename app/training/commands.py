"""The commands of a page to its training run: messages, put together as they come.

Messages that arrive during a computation are merged into one pending command. The newest run that
was begun counts; what is for an older one comes too late, and does nothing.
"""

from collections import deque
from collections.abc import Callable
from typing import Any, NamedTuple

from unrolled.app.errors import MessageError
from unrolled.app.runs.mailbox import Mailbox
from unrolled.app.training.messages import BeginTraining, FindTraining, parse_message

MOST_PASSED = 64
"""Messages that wait to be passed on to another process."""


class Order(NamedTuple):
    """The next work of a run."""

    id: int | None
    fields: dict[str, Any] | None
    """Of a run that is to begin."""
    changes: dict[str, Any]
    """Of the run that there is."""
    stop: bool
    steps: int | None
    """Training steps to take; None for as many as there is time for."""


class Orders(Mailbox[None]):
    def __init__(self, others_have: Callable[[str], bool] = lambda key: False) -> None:
        super().__init__(self._follow)
        self._others_have = others_have
        """Returns whether the run of a key is another process's."""
        self.elsewhere = ""
        """The key of the run, once it is: messages are then passed on as they are."""
        self._passed: deque[str] = deque()
        self._id: int | None = None
        self._fields: dict[str, Any] | None = None
        self._changes: dict[str, Any] = {}
        self._stop = False
        self._pace: int | None = 0
        """Steps left before the run pauses; None for no limit."""
        self._key: str | None = None
        self._to_tell = False
        """Whether the page is to be told once the run waits."""
        self._waited = False
        """Whether the run waited that is to be found on its own socket."""

    def put(self, text: str | None) -> None:
        found = self._find_elsewhere(text)
        if found:
            self._id, self.elsewhere = found
        if not self.elsewhere:
            super().put(text)
        elif len(self._passed) == MOST_PASSED:
            self.close()
        else:
            self._passed.append(text or "")
            self._arrived.set()

    def _find_elsewhere(self, text: str | None) -> tuple[int, str] | None:
        try:
            message = None if self.elsewhere else parse_message(text)
        except MessageError:
            return None
        if isinstance(message, FindTraining) and self._others_have(message.find):
            return message.id, message.find
        return None

    def passed(self) -> list[str]:
        """Return once the messages to pass on."""
        found = [*self._passed]
        self._passed.clear()
        return found

    def stay(self) -> int | None:
        """Take the next messages here; return the id of the run that was wanted elsewhere."""
        self.elsewhere = ""
        self._passed.clear()
        return self.pause()

    @property
    def number(self) -> int | None:
        """The id of the run that is wanted."""
        return self._id

    def found(self) -> tuple[str, int, bool] | None:
        """Return once the key of a run to continue, its new id, and whether it waited here."""
        key, self._key = self._key, None
        return None if key is None or self._id is None else (key, self._id, self._waited)

    def go_on(self, paused: bool) -> None:
        """Continue with a run that has been found."""
        if self._pace is None and paused:
            self._pace = 0

    @property
    def paused(self) -> bool:
        """Whether the run waits, or is to after its next steps."""
        return self._pace is not None if self._key is None else self._waited

    def taken(self) -> None:
        """Refuse, since another page has found the run."""
        self.refuse(MessageError("training_elsewhere", self._id))

    def halted(self, live: bool) -> bool:
        """Return once whether a run waits that was told to; ``live`` tells whether there is one."""
        halts = live and self._to_tell and self._pace == 0 and self._key is None
        self._to_tell &= not halts
        return halts

    def due(self, live: bool) -> bool:
        """Return whether there is something to do; ``live`` tells whether there is a run."""
        if self._key is not None or self.elsewhere:
            return False
        to_run = self._changes or self._stop or self._pace != 0
        return self._fields is not None or bool(live and to_run)

    def next(self) -> Order:
        """Return the pending command once."""
        order = Order(self._id, self._fields, self._changes, self._stop, self._pace)
        self._fields, self._changes, self._stop = None, {}, False
        return order

    def done(self, order: Order, steps: int) -> None:
        """Count steps that have been taken."""
        if order.id == self._id and self._fields is None and self._pace:
            self._pace = max(0, self._pace - steps)

    def pause(self) -> int | None:
        """Pause; return the id of the run."""
        self._fields, self._pace = None, 0
        return self._id

    def _follow(self, text: str | None) -> None:
        message = parse_message(text)
        match message:
            case BeginTraining(id=number, train=fields, do=do):
                self._id, self._fields, self._changes, self._stop = number, fields, {}, False
                self._pace, self._to_tell = (1, True) if do else (None, False)
            case FindTraining(id=number, find=key):
                self._waited = self.paused
                self._id, self._key = number, key
                self._fields, self._changes, self._stop, self._pace = None, {}, False, None
                self._to_tell = False
            case _ if message.id == self._id:
                self._do(message.do, getattr(message, "changes", {}))
            case _ if self._id is None or message.id > self._id:
                raise MessageError("no_run", message.id, value=message.id)

    def _do(self, do: str, changes: dict[str, Any]) -> None:
        self._to_tell = do in ("pause", "step") or (do == "change" and self._to_tell)
        match do:
            case "pause":
                self._pace = 0
            case "resume":
                self._pace = None
            case "step":
                self._pace = (self._pace or 0) + 1
            case "stop":
                self._stop, self._pace = True, 0
            case "change":
                self._changes |= changes
