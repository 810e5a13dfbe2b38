"""What a screen reader sees of a program, through AT-SPI. A test that looks this way proves it can be seen."""

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402

from waiting import wait_until  # noqa: E402


def start():
    """Once, with DBUS_SESSION_BUS_ADDRESS of the session to look at in the environment."""
    Atspi.init()
    Atspi.set_timeout(5000, 15000)


class Thing:
    """One object on the screen."""

    def __init__(self, accessible):
        self._accessible = accessible

    @property
    def name(self):
        return self._accessible.get_name()

    def place(self):
        box = self._accessible.get_extents(Atspi.CoordType.SCREEN)
        return (box.x + box.width // 2, box.y + box.height // 2)


def _shows(accessible):
    return accessible.get_state_set().contains(Atspi.StateType.SHOWING)


def _walk(accessible):
    """It and all below it that shows."""
    try:
        if not _shows(accessible):
            return
        yield accessible
        for index in range(accessible.get_child_count()):
            child = accessible.get_child_at_index(index)
            if child:
                yield from _walk(child)
    except GLib.Error:
        return  # gone while we looked


def _all():
    desktop = Atspi.get_desktop(0)
    for number in range(desktop.get_child_count()):
        application = desktop.get_child_at_index(number)
        if not application:
            continue
        # Nobody runs an event loop here, so nothing may be remembered.
        application.set_cache_mask(Atspi.Cache.NONE)
        application.clear_cache()
        for index in range(application.get_child_count()):
            window = application.get_child_at_index(index)
            if window:
                yield from _walk(window)


def look_for(role, text):
    """The first thing of that role (such as "push button") that shows and whose name contains the text, or None."""
    for accessible in _all():
        try:
            if accessible.get_role_name() == role and text in (accessible.get_name() or ""):
                return Thing(accessible)
        except GLib.Error:
            continue
    return None


def find(role, text):
    """The same, waiting until it is there."""
    try:
        return wait_until(lambda: look_for(role, text), f'a {role} "{text}" on the screen')
    except AssertionError as failure:
        raise AssertionError(f"{failure}; there is {names()}") from None


def names():
    """All that shows, for people who wonder what the test has seen."""
    seen = []
    for accessible in _all():
        try:
            if accessible.get_name():
                seen.append(f"{accessible.get_role_name()} {accessible.get_name()!r}")
        except GLib.Error:
            continue
    return ", ".join(seen)
