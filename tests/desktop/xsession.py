"""A desktop of the test's own: display, message bus, window manager and, if wanted, a panel with a tray."""

import os
import pathlib
import re
import subprocess
import tempfile

from waiting import wait_until


class XSession:
    """Xvfb with openbox. Nothing of the user's own session is seen or touched."""

    def __init__(self):
        self._folder = tempfile.TemporaryDirectory(prefix="cloudnode-desktop-")
        self.folder = pathlib.Path(self._folder.name)
        self._processes = []
        self._panel = None
        for name in ("home", "run"):
            (self.folder / name).mkdir(mode=0o700)
        self.environment = {
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            "HOME": str(self.folder / "home"),
            "XDG_RUNTIME_DIR": str(self.folder / "run"),
            "XDG_CONFIG_HOME": str(self.folder / "home" / ".config"),
            # A screen reader is what the test looks with.
            "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
            "CLOUDNODE_TEST": str(self.folder),
        }
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"):
            if name in os.environ:
                self.environment[name] = os.environ[name]
        if "ASAN_OPTIONS" in self.environment:
            # libxkbcommon copies strings that have a length and no end, which that check takes for a mistake.
            self.environment["ASAN_OPTIONS"] += ":strict_string_checks=0"
        self.environment["DISPLAY"] = self._start_display()
        self.environment["DBUS_SESSION_BUS_ADDRESS"] = self._start_bus()
        self.spawn("openbox", "--sm-disable")

    def spawn(self, *command, **options):
        process = subprocess.Popen(
            command,
            **{
                "env": self.environment,
                "stdin": subprocess.DEVNULL,
                "stdout": subprocess.DEVNULL,
                "stderr": subprocess.DEVNULL,
            }
            | options,
        )
        self._processes.append(process)
        return process

    def _start_display(self):
        ours, theirs = os.pipe()
        self.spawn(
            "Xvfb", "-displayfd", str(theirs), "-screen", "0", "1280x960x24", "-nolisten", "tcp",
            pass_fds=(theirs,),
        )
        os.close(theirs)
        with os.fdopen(ours) as pipe:
            return ":" + pipe.readline().strip()

    def _start_bus(self):
        bus = self.spawn(
            "dbus-daemon", "--session", "--nofork", "--print-address=1",
            stdout=subprocess.PIPE, text=True,
        )
        return bus.stdout.readline().strip()

    def run(self, *command):
        """The standard output of a tool of this desktop."""
        return subprocess.run(
            command, env=self.environment, stdin=subprocess.DEVNULL, capture_output=True, check=True
        ).stdout

    # The panel

    def start_panel(self):
        self._panel = self.spawn(
            "trayer", "--edge", "bottom", "--align", "right", "--widthtype", "request", "--height", "32",
            "--transparent", "false", "--tint", "0x303030",
        )
        wait_until(self._panel_window, "the panel has a window")

    def stop_panel(self):
        self._panel.kill()
        self._panel.wait()

    def _panel_window(self):
        found = subprocess.run(
            ("xdotool", "search", "--onlyvisible", "--class", "trayer"),
            env=self.environment, capture_output=True, text=True,
        ).stdout.split()
        return found[0] if found else None

    def panel_place(self):
        """The middle of the panel: of its icon, if there is one. None without a panel."""
        window = self._panel_window()
        if not window:
            return None
        text = self.run("xdotool", "getwindowgeometry", "--shell", window).decode()
        place = dict(line.split("=") for line in text.split())
        return (
            int(place["X"]) + int(place["WIDTH"]) // 2,
            int(place["Y"]) + int(place["HEIGHT"]) // 2,
        )

    def icon_pixels(self, name):
        """What the icon of a program shows in the panel; empty without a panel, an icon, or anything drawn on it."""
        window = self._icon_window(name)
        if not window:
            return b""
        # It may vanish in between.
        pixels = subprocess.run(
            ("import", "-silent", "-window", window, "-depth", "8", "rgb:-"),
            env=self.environment, capture_output=True,
        ).stdout
        return pixels if pixels != pixels[:3] * (len(pixels) // 3) else b""

    def _icon_window(self, name):
        panel = self._panel_window()
        if not panel:
            return None
        inside = subprocess.run(
            ("xwininfo", "-tree", "-id", panel), env=self.environment, capture_output=True, text=True
        ).stdout
        found = re.search(rf'^ +(0x[0-9a-f]+) .*\("{re.escape(name)}" ', inside, re.MULTILINE)
        return found.group(1) if found else None

    def menu_shows(self, name):
        """Whether a program shows a popup menu: a window without a name. (The icon in a tray is of another type.)"""
        windows = subprocess.run(
            ("xdotool", "search", "--onlyvisible", "--class", name), env=self.environment, capture_output=True
        ).stdout.split()
        return any(self._is_menu(window) for window in windows)

    def _is_menu(self, window):
        # It may vanish in between.
        lines = subprocess.run(
            ("xprop", "-id", window, "_NET_WM_WINDOW_TYPE", "WM_NAME"), env=self.environment, capture_output=True
        ).stdout.splitlines()
        return len(lines) == 2 and lines[0].endswith(b" = _NET_WM_WINDOW_TYPE_NORMAL") and lines[1].endswith(b" = ")

    # Hand and eye

    def click(self, place, button=1):
        self.run("xdotool", "mousemove", "--sync", str(place[0]), str(place[1]), "click", str(button))

    def key(self, *keys):
        self.run("xdotool", "key", *keys)

    def type(self, text):
        self.run("xdotool", "type", "--delay", "5", text)

    def screenshot(self, path):
        self.run("import", "-silent", "-window", "root", str(path))

    def close(self):
        for process in reversed(self._processes):
            if process.poll() is None:
                process.terminate()
                try:
                    process.wait(10)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
            for stream in (process.stdout, process.stderr):
                if stream:
                    stream.close()
        self._folder.cleanup()
