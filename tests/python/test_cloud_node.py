"""The Python package drives the real program: CLOUDNODE_BIN_DIR says where it and the sandbox are."""

import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from unittest import mock

from cyberwave_cloud_node import CloudNode, CloudNodeConfig, CloudNodeError

BIN = pathlib.Path(os.environ["CLOUDNODE_BIN_DIR"])
TOKEN = "sandbox-token"


def wait_for(condition, what):
    for _ in range(600):
        result = condition()
        if result:
            return result
        time.sleep(0.1)
    raise AssertionError(what)


class Configuration(unittest.TestCase):
    def test_becomes_the_environment_the_node_reads(self):
        config = CloudNodeConfig(inference="python i.py --params {body}", profile_slug="gpu-a100",
                                 heartbeat_interval=15, mqtt_port=8883, mqtt_use_tls=False)
        self.assertEqual(config.environment(), {
            "CYBERWAVE_INFERENCE_CMD": "python i.py --params {body}", "CYBERWAVE_PROFILE_SLUG": "gpu-a100",
            "CYBERWAVE_HEARTBEAT_INTERVAL": "15", "CYBERWAVE_MQTT_PORT": "8883", "CYBERWAVE_MQTT_USE_TLS": "false"})

    def test_keeps_secrets_to_itself(self):
        config = CloudNodeConfig(api_token="cw_5f3a9b", mqtt_password="hunter2", mqtt_host="here")
        self.assertEqual(repr(config), "CloudNodeConfig(mqtt_host='here', mqtt_password=****, api_token=****)")
        self.assertFalse(any("cw_5f3a9b" in word for word in CloudNode(config, program="x").command()))

    def test_says_all_that_the_node_can_be_told(self):
        with tempfile.TemporaryDirectory() as folder:
            pem = pathlib.Path(folder, "file.pem")
            pem.touch()
            values = {name: str(pem) if "_tls_c" in name or "_tls_k" in name else "1"
                      for name in CloudNodeConfig.__dataclass_fields__}
            values.update(api_url="http://127.0.0.1:1", body_mode="file", control_plane="mqtt", limits={
                kind: {"memory_mb": 1, "cpu_percent": 1, "processes": 1, "nice": 1, "io_class": "idle",
                       "timeout_seconds": 1, "no_new_privileges": True}
                for kind in ("inference", "training", "simulate")})
            said = {**CloudNodeConfig(**values).environment(), "HOME": folder}
            shown = json.loads(subprocess.check_output([BIN / "cloudnode", "config", "--json"], env=said, cwd=folder))
        heard = {setting["origin"] for key, setting in shown["settings"].items()
                 if key not in ("slug", "state_dir", "working_directory")}  # which CloudNode is told
        self.assertEqual(heard, {f"environment {name}" for name in said.keys() - {"HOME"}})


class CommandLine(unittest.TestCase):
    def test_says_where_the_configuration_is(self):
        here = os.getcwd()
        for node, words in ((CloudNode.from_config_file(program="x"), []),
                            (CloudNode.from_config_file("p/c.yml", program="x"), ["--config", f"{here}/p/c.yml"]),
                            (CloudNode.from_env("name", program="x"), ["--no-config-file", "--slug", "name"]),
                            (CloudNode(state_dir="/s", program="x"), ["--no-config-file", "--state-dir", "/s"])):
            self.assertEqual(node.command(), ["x", "start", "--headless", *words])

    def test_a_missing_program_is_named(self):
        with mock.patch.dict(os.environ, {"PATH": "/nowhere"}), self.assertRaisesRegex(CloudNodeError, "not installed"):
            CloudNode().run()
        with self.assertRaisesRegex(CloudNodeError, "cannot start /nowhere/x: No such file"):
            CloudNode(program="/nowhere/x").run()

    def test_a_node_that_cannot_start_is_an_error(self):
        with tempfile.TemporaryDirectory() as folder, mock.patch.dict(os.environ, {"HOME": folder}, clear=True):
            with self.assertRaisesRegex(CloudNodeError, "there is no token") as raised:
                CloudNode(program=BIN / "cloudnode", working_dir=folder).run()
        self.assertEqual(raised.exception.exit_code, 78)

    def test_as_a_module_it_is_cloudnode_itself(self):
        path = {"PATH": f"{BIN}:{os.environ['PATH']}"}
        with mock.patch.dict(os.environ, path):
            version = subprocess.check_output([sys.executable, "-m", "cyberwave_cloud_node", "--version"], text=True)
        self.assertRegex(version, r"^cloudnode \d")


class Running(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.sandbox = subprocess.Popen(
            [BIN / "cloudnode-sandbox", "--port", "0", "--mqtt-port", "0", "--token", TOKEN, "--until-eof"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        cls.addClassCleanup(cls.sandbox.communicate)
        cls.ready = json.loads(cls.sandbox.stdout.readline())
        threading.Thread(target=cls.sandbox.stdout.read, daemon=True).start()

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        clean = mock.patch.dict(os.environ, {
            "PATH": os.environ["PATH"], "HOME": folder.name, "CYBERWAVE_API_TOKEN": TOKEN,
            "CYBERWAVE_API_URL": self.ready["api_url"], "CYBERWAVE_MQTT_HOST": "127.0.0.1",
            "CYBERWAVE_MQTT_PORT": str(self.ready["mqtt_port"])}, clear=True)
        clean.start()
        self.addCleanup(clean.stop)
        self.options = {"program": BIN / "cloudnode", "working_dir": self.folder, "state_dir": self.folder / "state"}

    def answer_of(self, node):
        """Runs the node, has it do an inference, stops it; what the inference has printed."""
        result = []
        running = threading.Thread(target=lambda: result.append(node.run()))
        running.start()
        try:
            slug = self.slug_when_ready()
            return subprocess.check_output(
                [BIN / "cloudnode", "submit", "--to", slug, "inference", "--params", '{"a":1}', "--timeout", "60",
                 "--no-config-file"], text=True)
        finally:
            node.stop()
            running.join(30)
            self.assertEqual(result, [None])

    def slug_when_ready(self):
        def ready():
            status = subprocess.run([BIN / "cloudnode", "status", "--json", "--state-dir", self.folder / "state"],
                                    capture_output=True, text=True, check=False)
            return status.returncode == 0 and json.loads(status.stdout)["state"] == "ready" and json.loads(status.stdout)
        return wait_for(ready, "the node is not ready")["slug"]

    def test_a_configuration_by_hand_and_no_file_beside_it(self):
        (self.folder / "cyberwave.yml").write_text("inference: echo file {body}\n")
        config = CloudNodeConfig(inference="echo hand {body}")
        self.assertEqual(self.answer_of(CloudNode(config, "by-hand", **self.options)), 'hand {"a":1}\n')

    def test_the_configuration_file(self):
        (self.folder / "cyberwave.yml").write_text("inference: echo file {body}\n")
        self.assertEqual(self.answer_of(CloudNode.from_config_file(slug="by-file", **self.options)), 'file {"a":1}\n')

    def test_the_environment(self):
        (self.folder / "cyberwave.yml").write_text("inference: echo file {body}\n")
        with mock.patch.dict(os.environ, {"CYBERWAVE_INFERENCE_CMD": "echo environment {body}"}):
            self.assertEqual(self.answer_of(CloudNode.from_env("by-env", **self.options)), 'environment {"a":1}\n')

    def test_signals_end_the_node_and_run_returns(self):
        program = ("import sys; from cyberwave_cloud_node import *; "
                   "CloudNode(program=sys.argv[1], state_dir=sys.argv[2]).run(); print('returned')")
        for number in (signal.SIGTERM, signal.SIGINT):
            with subprocess.Popen([sys.executable, "-c", program, BIN / "cloudnode", self.folder / "state"],
                                  env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}, cwd=self.folder,
                                  stdout=subprocess.PIPE, text=True) as process:
                self.slug_when_ready()
                process.send_signal(number)
                self.assertEqual(process.communicate(timeout=60)[0], "returned\n")
            self.assertEqual(process.returncode, 0)


if __name__ == "__main__":
    unittest.main()
