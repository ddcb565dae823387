"""The menu (who teaches what, where), trips with their stops, and the seats people sign up for."""

from courses.classroom.models.menu import (
    Lecturer,
    TeachingSite,
    Topic,
    TravelTime,
    Vehicle,
)
from courses.classroom.models.seats import SeatPool, SignUp
from courses.classroom.models.trip import Stop, Trip

__all__ = [
    "Lecturer",
    "SeatPool",
    "SignUp",
    "Stop",
    "TeachingSite",
    "Topic",
    "TravelTime",
    "Trip",
    "Vehicle",
]
