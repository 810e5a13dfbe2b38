"""The desktop end to end: the real cloudnode on a display, a panel with a tray, the sandbox, and a screen reader's
eyes. Each test is one owner's afternoon."""

import json
import os
import pathlib
import signal
import tempfile
import unittest

from waiting import wait_until
from xsession import XSession
from programs import Machine, Sandbox

SHOTS = pathlib.Path(os.environ["CLOUDNODE_SCREENSHOTS"])
LONG = ("sleep", "3001")
TRAINING = """\
  training: sh -c 'echo epoch 1; echo CYBERWAVE_PROGRESS 0.42 epoch 1 of 3; sleep 3001 & sleep 3001 & wait'
  inference: echo an answer
  max_concurrent_workloads: 2
"""

session = None
sandbox = None
reader = None


def setUpModule():
    global session, sandbox, reader
    session = XSession()
    os.environ.update(session.environment)
    import screenreader

    reader = screenreader
    reader.start()
    sandbox = Sandbox(session)
    SHOTS.mkdir(parents=True, exist_ok=True)


def tearDownModule():
    sandbox.close()
    session.close()


class DesktopTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(dir=session.folder)
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def machine(self, config=TRAINING, token=True):
        machine = Machine(session, sandbox, self.folder, config, token)
        self.addCleanup(machine.close)
        return machine

    def panel(self):
        session.start_panel()
        self.addCleanup(session.stop_panel)

    def icon(self, name="cloudnode"):
        return session.icon_pixels(name)

    def shot(self, name):
        session.screenshot(SHOTS / f"{name}.png")

    def click(self, role, text):
        session.click(reader.find(role, text).place())

    def open_tray_menu(self):
        session.click(session.panel_place(), button=3)
        wait_until(lambda: session.menu_shows("cloudnode"), "the menu of the tray icon")

    def test_the_tray_menu_pauses(self):
        self.panel()
        machine = self.machine()
        machine.start_desktop("--tray")
        machine.wait_until_ready()
        wait_until(self.icon, "an icon in the tray")
        self.assertIsNone(reader.look_for("frame", ""))  # quiet means quiet
        self.open_tray_menu()
        session.key("Up", "Up", "Up", "Return")  # quit, start at login, pause
        wait_until(lambda: machine.status().get("paused"), "the node is paused")

    def test_a_training_is_cancelled_by_its_button(self):
        self.panel()
        machine = self.machine()
        machine.start_desktop("--slug", "bench-node")
        slug = machine.wait_until_ready()["slug"]
        reader.find("frame", "Ready")
        idle = wait_until(self.icon, "an icon in the tray")

        inference = machine.submit(slug, "r-answer", "inference")
        self.assertEqual(inference.wait(60), 0)
        requester = machine.submit(slug, "r-long")
        reader.find("frame", "Busy")
        wait_until(lambda: len(machine.running(LONG)) == 2, "the training runs")
        wait_until(lambda: self.icon() not in (b"", idle), "the tray shows work")
        reader.find("table cell", "42 %")
        self.shot("window-active")
        self.open_tray_menu()
        self.shot("tray-menu")
        session.key("Escape")
        wait_until(lambda: not session.menu_shows("cloudnode"), "the menu is closed")

        self.click("table cell", "Cancel r-long")
        self.click("push button", "Cancel workload")
        wait_until(lambda: not machine.running(LONG), "the whole process tree is gone")
        responses = [json.loads(line) for line in requester.stdout]
        self.assertEqual([answer["workload"]["status"] for answer in responses], ["running", "cancelled"])
        reader.find("frame", "Ready")
        wait_until(lambda: self.icon() == idle, "the tray is as before")

        self.click("radio button", "Finished")
        self.click("table cell", "r-answer")
        self.shot("window-finished")

    def test_the_window_sees_a_node_die_and_come_back(self):
        machine = self.machine()
        node = machine.start_node()
        machine.wait_until_ready()
        machine.start_desktop()
        reader.find("frame", "Ready")
        node.send_signal(signal.SIGKILL)
        node.wait()
        reader.find("frame", "Offline")
        self.shot("window-offline")
        machine.start_node()
        reader.find("frame", "Ready")

    def test_the_first_start_asks_for_a_token_and_goes_online_with_it(self):
        machine = self.machine(token=False)
        machine.start_desktop()
        reader.find("password text", "API token")
        self.shot("first-start")
        session.click(reader.find("password text", "API token").place())
        session.type(sandbox.ready["token"])
        self.click("push button", "Test connection")
        reader.find("label", "Backend: works")
        reader.find("label", "Broker: works")
        self.click("push button", "Save")
        reader.find("frame", "Ready")
        credentials = machine.state / "credentials.json"
        self.assertEqual(json.loads(credentials.read_text())["token"], sandbox.ready["token"])
        self.assertEqual(credentials.stat().st_mode & 0o777, 0o600)
        self.assertNotIn(sandbox.ready["token"], reader.names())
        self.shot("settings")

    def test_a_wrong_token_is_told_in_the_window(self):
        machine = self.machine()
        machine.environment["CYBERWAVE_API_TOKEN"] = "not-the-right-token"
        machine.start_desktop()
        reader.find("frame", "Needs attention")
        reader.find("label", "does not accept the token")
        self.shot("token-rejected")

    def test_a_failing_install_script_is_told_in_the_window(self):
        machine = self.machine("  install_script: echo no such wheel >&2; exit 3\n" + TRAINING)
        machine.start_desktop()
        reader.find("label", "the install script failed")
        machine.start_desktop()  # a second launch only raises the window; it must not hide what is wrong
        reader.find("frame", "Needs attention")

    def test_a_second_launch_raises_the_window_of_the_first(self):
        self.panel()
        machine = self.machine()
        machine.start_desktop()
        reader.find("frame", "Ready")
        session.key("Escape")
        wait_until(lambda: not reader.look_for("frame", "Ready"), "the window is closed")
        self.assertEqual(machine.start_desktop().wait(30), 0)
        reader.find("frame", "Ready")

    def test_a_panel_that_comes_later_or_again_gets_the_icon(self):
        machine = self.machine()
        machine.start_desktop("--tray")
        machine.wait_until_ready()
        reader.find("frame", "Ready")  # there is no tray, so the window opens after all
        self.panel()
        wait_until(self.icon, "an icon in the tray")
        session.stop_panel()
        session.start_panel()
        wait_until(self.icon, "an icon in the new tray")

    def test_quitting_leaves_workloads_running(self):
        machine = self.machine()
        desktop = machine.start_desktop()
        slug = machine.wait_until_ready()["slug"]
        machine.submit(slug, "r-stays")
        wait_until(lambda: len(machine.running(LONG)) == 2, "the training runs")
        reader.find("frame", "Busy")
        session.key("ctrl+q")
        self.assertEqual(desktop.wait(30), 0)
        self.assertEqual(len(machine.running(LONG)), 2)
        machine.start_desktop()
        reader.find("table cell", "Cancel r-stays")

    def test_sigterm_ends_the_desktop_in_order(self):
        machine = self.machine()
        desktop = machine.start_desktop()
        machine.wait_until_ready()
        desktop.send_signal(signal.SIGTERM)
        self.assertEqual(desktop.wait(30), 0)
        self.assertIn("stopping", machine.log())

    def test_a_pause_shows_everywhere_and_survives_a_restart(self):
        machine = self.machine()
        desktop = machine.start_desktop()
        slug = machine.wait_until_ready()["slug"]
        self.click("push button", "Pause")
        reader.find("frame", "Paused")
        wait_until(lambda: machine.status().get("paused"), "status tells of the pause")
        refused = machine.submit(slug, "r-refused")
        self.assertIn("paused by its owner", refused.stdout.read())
        desktop.send_signal(signal.SIGTERM)
        desktop.wait(30)
        machine.start_desktop()
        reader.find("frame", "Paused")
        self.click("push button", "Resume")
        reader.find("frame", "Ready")

    def test_light_and_dark_are_looked_at(self):
        """With made-up data, for people who look at the screenshots; here it only has to show."""
        self.panel()
        looks = {
            "look-light": (),
            "look-light-menu": ("menu",),
            "look-light-settings": ("settings", "test"),
            "look-light-narrow": ("narrow", "failed"),
            "look-dark": ("dark", "many"),
            "look-dark-events": ("dark", "events"),
            "look-dark-settings": ("dark", "settings"),
        }
        for name, words in looks.items():
            demo = session.spawn(os.environ["CLOUDNODE_UI_DEMO"], *words)
            try:
                reader.find("frame", "my-gpu-node")
                wait_until(lambda: self.icon("cloudnode-ui-demo"), "an icon in the tray")
                if "menu" in words:
                    wait_until(lambda: session.menu_shows("cloudnode-ui-demo"), "the menu of the tray icon")
                self.shot(name)
            finally:
                demo.terminate()
                demo.wait()
            wait_until(lambda: not reader.look_for("frame", "my-gpu-node"), "the window is gone")


if __name__ == "__main__":
    unittest.main()
