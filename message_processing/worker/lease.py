"""The right of a process to write a turn."""

from dataclasses import dataclass
from uuid import UUID

from repositories.turns import ClaimedTurn


class LeaseLost(Exception):
    """Another process runs the turn, or the turn was deleted. The results of this process are discarded."""


@dataclass(frozen=True)
class Lease:
    """Ends when another claim of the turn increases the epoch."""

    business_id: UUID
    conversation_id: UUID
    turn_id: UUID
    epoch: int

    @staticmethod
    def of(claimed: ClaimedTurn) -> "Lease":
        return Lease(claimed["business_id"], claimed["conversation_id"], claimed["turn_id"], claimed["lease_epoch"])
