"""Processes that end right after their start are started again more and more slowly."""

from unittest.mock import patch

from core.server import respawn


def test_delay_grows_with_failed_starts_and_ends_with_a_good_one() -> None:
    clock = [1000.0]
    with (
        patch.object(respawn, "_failures", 0),
        patch.object(respawn, "_started", {}),
        patch.object(respawn.time, "monotonic", lambda: clock[0]),
    ):
        delays = []
        for number in range(40):
            respawn.note_start(number)
            clock[0] += respawn.start_delay() + 0.2
            respawn.note_end(number)
            delays.append(respawn.start_delay())
        assert delays[:4] == [0.5, 1, 2, 4]
        assert delays[-1] == respawn.MAX_DELAY
        respawn.note_start(40)
        clock[0] += respawn.MAX_DELAY + respawn.MIN_LIFETIME
        respawn.note_end(40)
        assert respawn.start_delay() == 0
