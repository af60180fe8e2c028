"""The admin's pages, one file for each part of the data."""

from glimpse.research.admin import (
    conduct,
    images,
    jobs,
    ledger,
    networks,
    play,
    players,
    regions,
    studies,
    users,
)

__all__ = [
    "conduct",
    "images",
    "jobs",
    "ledger",
    "networks",
    "play",
    "players",
    "regions",
    "studies",
    "users",
]
