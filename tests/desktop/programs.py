"""The real programs: sandbox, desktop, headless node, command line."""

import contextlib
import json
import os
import pathlib
import signal
import subprocess

from waiting import wait_until

BIN = pathlib.Path(os.environ["CLOUDNODE_BIN_DIR"])


class Sandbox:
    """The stand-in cloud with its broker."""

    def __init__(self, session):
        self._process = session.spawn(
            str(BIN / "cloudnode-sandbox"), "--until-eof", stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.ready = json.loads(self._process.stdout.readline())

    @property
    def flags(self):
        return ("--mqtt-host", self.ready["mqtt_host"], "--mqtt-port", str(self.ready["mqtt_port"]))

    def close(self):
        self._process.stdin.close()
        self._process.wait(30)


class Machine:
    """One owner's computer: project folder, state directory, and what is started there."""

    def __init__(self, session, sandbox, folder, config, token=True):
        self._session = session
        self._sandbox = sandbox
        self.project = folder / "project"
        self.state = folder / "state"
        self.project.mkdir(parents=True)
        (self.project / "cyberwave.yml").write_text("cyberwave-cloud-node:\n" + config)
        self.environment = session.environment | {"CYBERWAVE_API_URL": sandbox.ready["api_url"]}
        if token:
            self.environment["CYBERWAVE_API_TOKEN"] = sandbox.ready["token"]
        self._started = []

    def _start(self, *flags):
        with open(self.project / "log", "ab") as log:
            process = self._session.spawn(
                str(BIN / "cloudnode"), *flags, "--state-dir", str(self.state), *self._sandbox.flags,
                env=self.environment, cwd=self.project, stderr=log,
            )
        self._started.append(process)
        return process

    def start_desktop(self, *flags):
        return self._start(*flags)

    def start_node(self):
        return self._start("--headless")

    def log(self):
        return (self.project / "log").read_text()

    def cli(self, *arguments):
        """Runs cloudnode ARGUMENTS. Returns exit code and standard output."""
        done = subprocess.run(
            (str(BIN / "cloudnode"), *arguments, "--state-dir", str(self.state)),
            env=self.environment, cwd=self.project, stdin=subprocess.DEVNULL, capture_output=True, text=True,
            timeout=60,
        )
        return done.returncode, done.stdout

    def status(self):
        code, text = self.cli("status", "--json")
        return json.loads(text) if code == 0 else {}

    def wait_until_ready(self):
        return wait_until(lambda: (now := self.status()).get("state") == "ready" and now, "the node is ready")

    def submit(self, slug, request_id, command="training"):
        """Sends a command and returns the requester, whose output are the responses, one a line."""
        return self._session.spawn(
            str(BIN / "cloudnode"), "submit", "--to", slug, command, "--request-id", request_id, "--json",
            *self._sandbox.flags, env=self.environment, stdout=subprocess.PIPE, text=True,
        )

    def running(self, words):
        """The pids of this machine's processes whose command line is exactly `words`."""
        marker = f"CLOUDNODE_TEST={self._session.folder}".encode()
        wanted = b"\0".join(word.encode() for word in words) + b"\0"
        found = []
        for process in pathlib.Path("/proc").iterdir():
            try:
                if process.name.isdigit() and (process / "cmdline").read_bytes() == wanted:
                    if marker in (process / "environ").read_bytes():
                        found.append(int(process.name))
            except OSError:
                continue
        return found

    def close(self):
        for process in self._started:
            if process.poll() is None:
                process.terminate()
        for process in self._started:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        wait_until(self._end_workloads, "nothing writes into the folders any more")

    def _end_workloads(self):
        workloads = self._workloads()
        for pid in workloads:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        return not workloads

    def _workloads(self):
        """The pids of this machine's workloads and of their supervisors."""
        marker = f"CLOUDNODE_TEST={self._session.folder}".encode()
        found = []
        for process in pathlib.Path("/proc").iterdir():
            try:
                if process.name.isdigit() and marker in (environment := (process / "environ").read_bytes()):
                    program = (process / "cmdline").read_bytes().split(b"\0")[0]
                    if b"CYBERWAVE_REQUEST_ID" in environment or program.endswith(b"cloudnode-runner"):
                        found.append(int(process.name))
            except OSError:
                continue
        return found
