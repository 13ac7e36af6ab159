"""One connection to a room: what it is sent, and what its messages do."""

import json
import time
from collections.abc import Iterator, Mapping
from typing import Any

from unrolled.app.errors import MessageError
from unrolled.app.rooms import checks, votes
from unrolled.app.rooms.frames import Attendance, Invited, Recorded, Welcome
from unrolled.app.rooms.live import Live
from unrolled.app.rooms.messages import Ask, Drive, Lead, MakeOffer, Message, Reply, Show
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
        self._attendance: Any = None

    async def welcome(self, number: int) -> bytes:
        """Return the first frame, with the whole state."""
        room = self._room
        asked, answer = room.state["question"], None
        if asked and self._who.student:
            given = await self._store.read(room.code, votes_table(votes.round_of(asked)))
            if self._who.student in given:
                answer = votes.answer_in(given[self._who.student])
        secret = await self._store.secret()
        self._seq, self._known = room.seq, room.state
        return Welcome(
            id=number,
            seq=room.seq,
            room=room.state,
            teacher=self._who.teacher,
            token=token_of(self._who, room.code, room.state, secret),
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
        if self._who.teacher and self._attendance != room.attendance:
            yield self.attendance()

    def attendance(self) -> bytes:
        """Return the frame of who is there."""
        self._attendance = self._room.attendance
        return Attendance(id=None, **self._attendance).encode()

    async def perform(self, message: Message) -> Frame | None:
        """Do what a message asks for, and return the answer; raises ``MessageError``."""
        match message:
            case Reply():
                return await self._answer(message)
            case MakeOffer():
                return await self._offer(message)
            case Drive():
                await self._drive(message)
            case Ask():
                await self._close_round()
                await self._room.change(lambda state: self._asked(message, state))
            case Show():
                await self._show(message)
            case Lead(do="take"):
                await self._room.change(self._taken)
            case Lead(do="invite"):
                return await self._invite(message)
            case Lead():
                if message.do != "end":
                    await self._close_round()
                await self._room.change(lambda state: self._led(message, state))
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

    async def _drive(self, message: Drive) -> None:
        self._must_lead(self._room.state)
        moved = {"strip": None, **checks.changes(message)}

        def change(state: RoomState) -> Mapping[str, Any]:
            self._must_lead(state)
            return moved

        await self._room.change(change)
        self._known = with_changes(self._known, moved)

    def _asked(self, message: Ask, state: RoomState) -> Mapping[str, Any]:
        self._must_lead(state)
        number = state["asked"] + 1
        asked = checks.question(message, number)
        return {"asked": number, "question": asked, "shown": [], "truth": None}

    def _led(self, message: Lead, state: RoomState) -> Mapping[str, Any]:
        self._must_lead(state)
        asked = state["question"]
        if message.do == "end":
            return {"over": True}
        if message.do == "again":
            if asked is None:
                raise MessageError("room_question")
            asked = {**asked, "round": asked["round"] + 1, "open": True}
        else:
            asked = None
        return {"question": asked, "shown": [], "truth": None}

    def _taken(self, state: RoomState) -> Mapping[str, Any]:
        self._must_teach()
        return {"driver": self._who.teacher}

    async def _invite(self, message: Lead) -> Frame:
        self._must_teach()
        room = await self._room.change(lambda state: {"teachers": state["teachers"] + 1})
        who = Identity(room["teachers"], "", "")
        secret = await self._store.secret()
        return Invited(id=message.id, token=token_of(who, self._room.code, room, secret))

    async def _close_round(self) -> None:
        """Take no more answers, so that those that are counted are all."""
        self._must_lead(self._room.state)
        if (asked := self._room.state["question"]) is not None:
            code, round_ = self._room.code, votes.round_of(asked)
            await self._store.close_round(code, round_)
            kept = votes.asked_in(self._room.state)
            await self._store.write(code, "questions", kept)

    async def _show(self, message: Show) -> None:
        self._must_lead(self._room.state)
        if (asked := self._room.state["question"]) is None:
            raise MessageError("room_question")
        truth = None if message.truth is None else checks.truth(message.truth, asked)
        await self._close_round()
        shown = [await self._distribution(asked, n) for n in range(1, asked["round"] + 1)]

        def change(state: RoomState) -> Mapping[str, Any]:
            self._must_lead(state)
            if state["question"] not in (asked, {**asked, "open": False}):
                raise MessageError("room_question")
            return {"question": {**asked, "open": False}, "shown": shown, "truth": truth}

        await self._room.change(change)

    async def _distribution(self, asked: Question, number: int) -> Any:
        round_ = votes.round_of({**asked, "round": number})
        given = await self._store.read(self._room.code, votes_table(round_))
        return votes.distribution(asked, number, given.values())

    # --- students ---------------------------------------------------------------------------------

    def _must_study(self) -> None:
        if not self._who.student:
            raise MessageError("room_student")

    async def _answer(self, message: Reply) -> Frame:
        self._must_study()
        answer = checks.answer(message, self._room.state["question"])
        round_ = f"{message.question}.{message.round}"
        kept = votes.written(answer, self._who.name)
        if not await self._store.vote(self._room.code, round_, self._who.student, kept):
            raise MessageError("room_question")
        return Recorded(id=message.id, seq=self._room.seq)

    async def _offer(self, message: MakeOffer) -> Frame:
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
