"""Waiting for what happens elsewhere: generous, because machines are slow, and named, because people read it."""

import time


def wait_until(condition, what, limit=60.0):
    """Returns the first true value of condition(). Raises AssertionError, naming `what`, after `limit` seconds."""
    end = time.monotonic() + limit
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"after {limit:.0f} s still not: {what}")
        time.sleep(0.1)
