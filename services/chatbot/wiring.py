"""Who answers what: every port of the house, joined once. One line per subject; `__main__` stays short."""

import asyncio
from dataclasses import dataclass

from chassis.mongo import Database
from chassis.sealing import Pepper, Ring
from services.chatbot.bells import MuteBells, SetBell
from services.chatbot.booking import ConfirmSeat, GiveBack, HoldSeat, JoinWaiting, LeaveWaiting, MyBookings, TakenSeats
from services.chatbot.drive import Ports
from services.chatbot.flows.survey import FileSurvey
from services.chatbot.lookups.sources import Outside
from services.chatbot.lookups.understanding import Minds
from services.chatbot.officer import JoinQueue, LeaveQueue
from services.chatbot.ports import Forget, OneByOne, Prepared
from services.chatbot.reading import Understand
from services.chatbot.store import Bells, Conversations, Datasets, Queue, Seats, Surveys, WaitingList
from services.chatbot.wiring_lookups import Lookups, lookups
from services.chatbot.wiring_papers import Filing, filing


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
    lookups: Lookups
    filing: Filing
    forget: tuple[Forget, ...]


async def wire(db: Database, ring: Ring, pepper: Pepper, minds: Minds, outside: Outside) -> Wired:
    """Raises Transient when the database does not answer."""
    conversations, queue, surveys = (
        Conversations(db.conversations, ring),
        Queue(db.queue, ring),
        Surveys(db.surveys, ring),
    )
    bells, seats, waiting = Bells(db.bells, ring), Seats(db.seats, ring), WaitingList(db.waiting)
    datasets = Datasets(db)
    looked = lookups(db, datasets, ring, pepper, outside)
    filed = filing(db, ring, pepper, bells, looked.attempts, fetcher=outside.fetcher)
    ours: tuple[Prepared, ...] = (conversations, queue, surveys, bells, seats, waiting, datasets, filed)
    await asyncio.gather(*(store.prepare() for store in (*ours, *looked.stores)))
    ports: Ports = {
        Understand: minds,
        JoinQueue: queue,
        LeaveQueue: OneByOne(queue.left),
        FileSurvey: surveys,
        SetBell: bells,
        MuteBells: OneByOne(bells.mute),
        **looked.ports,
        **filed.ports,
        **appointments(seats, waiting),
    }
    forget: tuple[Forget, ...] = (queue.forget, bells.forget, seats.forget, waiting.forget)
    forget += (*looked.forget, *filed.forget)
    return Wired(ports, conversations, queue, surveys, bells, seats, waiting, datasets, looked, filed, forget)


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
