"""One connection to a room: what it is sent, and what its messages do."""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from unrolled.app.errors import MessageError
from unrolled.app.rooms import checks, votes
from unrolled.app.rooms import messages as m
from unrolled.app.rooms.frames import Attendance, Handed, Invited, Recorded, Welcome
from unrolled.app.rooms.live import Live
from unrolled.app.rooms.runs import Wanted
from unrolled.app.rooms.state import Question, RoomState, seconds_left, with_changes
from unrolled.app.rooms.store import Store, votes_table
from unrolled.app.rooms.tokens import Identity, token_of
from unrolled.app.runs.frames import Frame

MOST_OFFERS = 30
MOST_OFFER_BYTES = 4096


class Member:
    """A teacher or a student of a room, on one connection."""

    def __init__(self, room: Live, store: Store, who: Identity) -> None:
        self._room, self._store, self._who = room, store, who
        self._seq, self._known = room.seq, room.state
        self._run = -1
        self._trained: dict[str, int] = {}
        """By the name of a training the place up to which it was sent."""
        self._attendance: Any = None

    async def welcome(self, number: int) -> bytes:
        """Return the first frame, with the whole state."""
        room = self._room
        asked, answer = room.state["question"], None
        if asked and self._who.student:
            given = await self._store.read(room.code, votes_table(votes.round_of(asked)))
            if self._who.student in given:
                answer = votes.answer_in(given[self._who.student])
        token = await self._token(self._who)
        self._seq, self._known = room.seq, room.state
        return Welcome(
            id=number,
            seq=room.seq,
            room=room.state,
            teacher=self._who.teacher,
            token=token,
            answer=answer,
            seconds=seconds_left(room.state),
        ).encode()

    def news(self) -> Iterator[bytes]:
        """Yield what has not been sent yet: of the state the newest alone, and its run."""
        room = self._room
        if self._seq != room.seq:
            teacher = self._who.teacher
            frame = room.moved(self._known) if teacher else room.since(self._seq, self._known)
            self._seq, self._known = room.seq, room.state
            if frame:
                yield frame
        if room.run and self._run != room.run.seq:
            self._run = room.run.seq
            yield from room.run.frames
        if room.trainings:
            yield from self.trained()
        if self._who.teacher and self._attendance != room.attendance:
            yield self.attendance()

    def trained(self, places: Mapping[str, int] | None = None) -> Iterator[bytes]:
        """Yield what is new of the trainings; ``places`` are those up to which they were sent."""
        self._trained |= places or {}
        for name, each in self._room.trainings.items():
            yield from each.since(self._trained.get(name, 0))
            self._trained[name] = each.place

    def attendance(self) -> bytes:
        """Return the frame of who is there."""
        self._attendance = self._room.attendance
        return Attendance(id=None, **self._attendance).encode()

    async def perform(self, message: m.Message) -> list[bytes]:
        """Do what a message asks for, and return the frames of the answer.

        Raises ``MessageError``, and of a run ``ExperimentError``.
        """
        if isinstance(message, m.Beside):
            state = self._room.state
            wanted = Wanted(message.experiment, state["page"], state["step"])
            return await self._room.beside.get(wanted)
        answer = await self._done(message)
        return [answer.encode()] if answer else []

    async def _done(self, message: m.Message) -> Frame | None:
        match message:
            case m.Reply():
                return await self._answer(message)
            case m.MakeOffer():
                return await self._offer(message)
            case m.Press():
                await self._lead(partial(checks.pressed, message))
            case m.Drive():
                await self._drive(message)
            case m.Ask():
                await self._ask(message)
            case m.Show():
                await self._show(message)
            case m.Lead(do="take"):
                return await self._take(message)
            case m.Lead(do="invite"):
                return await self._invite(message)
            case m.Lead():
                if message.do != "end":
                    await self._close_round()
                await self._lead(partial(checks.led, message))
                if message.do == "end":
                    await self._store.end(self._room.code)
            case _:
                raise MessageError("key_unknown", message.id, "join", choices="do")
        return None

    # --- teachers ---------------------------------------------------------------------------------

    def _must_teach(self) -> None:
        if not self._who.teacher:
            raise MessageError("room_teacher")

    def _must_lead(self, state: RoomState) -> None:
        self._must_teach()
        if state["driver"] != self._who.teacher:
            raise MessageError("room_driver")

    async def _lead(self, change: Callable[[RoomState], Mapping[str, Any]]) -> RoomState:
        """Change the room, as long as this teacher leads it."""

        def led(state: RoomState) -> Mapping[str, Any]:
            self._must_lead(state)
            return change(state)

        return await self._room.change(led)

    async def _drive(self, message: m.Drive) -> None:
        self._must_lead(self._room.state)
        moved = {"strip": None, **checks.changes(message)}
        await self._lead(lambda state: moved)
        if message.keys is not None:
            kept = json.dumps(checks.keys(message.keys))
            await self._store.write(self._room.code, "keys", {"all": kept})
        self._known = with_changes(self._known, moved)

    async def _ask(self, message: m.Ask) -> None:
        await self._close_round()
        state = await self._lead(partial(checks.asked, message))
        if message.right is not None and (asked := state["question"]):
            right = json.dumps(checks.truth(message.right, asked))
            await self._store.write(self._room.code, "right", {str(asked["number"]): right})

    async def _take(self, message: m.Lead) -> Frame:
        """Let this device lead; another one of the same teacher is no longer the one that does."""
        self._must_teach()
        own = self._who.teacher

        def taken(state: RoomState) -> Mapping[str, Any]:
            new = state["teachers"] + 1
            return {"driver": new, "teachers": new} if state["driver"] == own else {"driver": own}

        state = await self._room.change(taken)
        self._who = Identity(state["driver"], "", "")
        kept = await self._store.read(self._room.code, "keys")
        keys = json.loads(kept.get("all", "{}")) if state["page"] == "train" else {}
        return Handed(id=message.id, token=await self._token(self._who), keys=keys)

    async def _invite(self, message: m.Lead) -> Frame:
        self._must_teach()
        room = await self._room.change(lambda state: {"teachers": state["teachers"] + 1})
        who = Identity(room["teachers"], "", "")
        return Invited(id=message.id, token=await self._token(who))

    async def _token(self, who: Identity) -> str:
        return token_of(who, self._room.code, self._room.state, await self._store.secret())

    async def _close_round(self) -> None:
        """Take no more answers, so that those that are counted are all."""
        self._must_lead(self._room.state)
        if (asked := self._room.state["question"]) is not None:
            code, round_ = self._room.code, votes.round_of(asked)
            await self._store.close_round(code, round_)
            kept = votes.asked_in(self._room.state)
            await self._store.write(code, "questions", kept)

    async def _show(self, message: m.Show) -> None:
        self._must_lead(self._room.state)
        if (asked := self._room.state["question"]) is None:
            raise MessageError("room_question")
        truth = None if message.truth is None else checks.truth(message.truth, asked)
        if truth is None:
            kept = await self._store.read(self._room.code, "right")
            truth = json.loads(kept.get(str(asked["number"]), "null"))
        await self._close_round()
        shown = [await self._distribution(asked, n) for n in range(1, asked["round"] + 1)]

        def change(state: RoomState) -> Mapping[str, Any]:
            if state["question"] not in (asked, {**asked, "open": False}):
                raise MessageError("room_question")
            return {"question": {**asked, "open": False}, "shown": shown, "truth": truth}

        await self._lead(change)

    async def _distribution(self, asked: Question, number: int) -> Any:
        round_ = votes.round_of({**asked, "round": number})
        given = await self._store.read(self._room.code, votes_table(round_))
        return votes.distribution(asked, number, given.values())

    # --- students ---------------------------------------------------------------------------------

    def _must_study(self) -> None:
        if not self._who.student:
            raise MessageError("room_student")

    async def _answer(self, message: m.Reply) -> Frame:
        self._must_study()
        answer = checks.answer(message, self._room.state["question"])
        round_ = f"{message.question}.{message.round}"
        kept = votes.written(answer, self._who.name)
        if not await self._store.vote(self._room.code, round_, self._who.student, kept):
            raise MessageError("room_question")
        return Recorded(id=message.id, seq=self._room.seq)

    async def _offer(self, message: m.MakeOffer) -> Frame:
        self._must_study()
        where: dict[str, Any] = {"page": "", "address": {}, "step": "", "playhead": None}
        offer = {"name": self._who.name, **where, **checks.changes(message)}
        kept = json.dumps([time.time(), offer])
        if len(kept) > MOST_OFFER_BYTES:
            raise MessageError("room_big", limit=MOST_OFFER_BYTES)
        code, own = self._room.code, self._who.student
        await self._store.write(code, "offers", {own: kept})
        offers = await self._store.read(code, "offers")
        for student in sorted(offers, key=lambda each: json.loads(offers[each])[0])[:-MOST_OFFERS]:
            await self._store.erase(code, "offers", student)
        return Recorded(id=message.id, seq=self._room.seq)
