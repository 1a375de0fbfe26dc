"""Who answers what: every port of the house, joined once. One line per subject; `__main__` stays short."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chassis.mongo import Database
from chassis.sealing import Pepper, Ring
from services.chatbot.asks import Question
from services.chatbot.bells import MuteBells, SetBell
from services.chatbot.booking import ConfirmSeat, GiveBack, HoldSeat, JoinWaiting, LeaveWaiting, MyBookings, TakenSeats
from services.chatbot.drive import Ports
from services.chatbot.fines import FindFines
from services.chatbot.flows.survey import FileSurvey
from services.chatbot.lookups.understanding import Minds
from services.chatbot.officer import JoinQueue, LeaveQueue
from services.chatbot.questions import Understand
from services.chatbot.scores import FindScore, ScoresNamed
from services.chatbot.store import Bells, Conversations, Datasets, Fines, Queue, Scores, Seats, Surveys, WaitingList

Forget = Callable[[str], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class OneByOne:
    """A port whose questions are answered each by itself, one after the other: among claims, the first wins."""

    method: Callable[[Any], Awaitable[Any]]

    async def answer(self, questions: Sequence[Question[Any]]) -> Mapping[Question[Any], Any]:
        return {one: await self.method(one) for one in questions}


@dataclass(frozen=True, slots=True)
class Wired:
    ports: Ports
    conversations: Conversations
    queue: Queue
    surveys: Surveys
    bells: Bells
    seats: Seats
    waiting: WaitingList
    datasets: Datasets
    forget: tuple[Forget, ...]


async def wire(db: Database, ring: Ring, pepper: Pepper, minds: Minds) -> Wired:
    """Raises Transient when the database does not answer."""
    conversations, queue, surveys = (
        Conversations(db.conversations, ring),
        Queue(db.queue, ring),
        Surveys(db.surveys, ring),
    )
    bells, seats, waiting = Bells(db.bells, ring), Seats(db.seats, ring), WaitingList(db.waiting)
    datasets = Datasets(db)
    scores, fines = Scores(datasets, pepper), Fines(datasets, db.attempts, ring, pepper)
    for store in (conversations, queue, surveys, bells, seats, waiting, datasets, fines.attempts):
        await store.prepare()
    ports: Ports = {
        Understand: minds,
        JoinQueue: queue,
        LeaveQueue: OneByOne(queue.left),
        FileSurvey: surveys,
        SetBell: bells,
        MuteBells: OneByOne(bells.mute),
        FindScore: scores,
        ScoresNamed: OneByOne(scores.named),
        FindFines: OneByOne(fines.find),
        **appointments(seats, waiting),
    }
    forget: tuple[Forget, ...] = (queue.forget, bells.forget, seats.forget, waiting.forget)
    return Wired(ports, conversations, queue, surveys, bells, seats, waiting, datasets, forget)


def appointments(seats: Seats, waiting: WaitingList) -> Ports:
    return {
        TakenSeats: OneByOne(seats.taken),
        HoldSeat: OneByOne(seats.hold),
        ConfirmSeat: OneByOne(seats.confirm),
        MyBookings: OneByOne(seats.mine),
        GiveBack: OneByOne(seats.give_back),
        JoinWaiting: OneByOne(waiting.join),
        LeaveWaiting: OneByOne(waiting.leave),
    }
