"""Runs the program ``cloudnode`` on behalf of a Python program."""

import contextlib
import os
import shutil
import signal
import subprocess
import threading
from typing import Dict, Iterator, List, Optional, Union

from .config import CloudNodeConfig

Path = Union[str, "os.PathLike[str]"]

_MEANINGS = {
    1: "it cannot start: the configuration is wrong, or another node holds the state directory",
    2: "this version of it does not understand the command line; install the one this package came with",
    70: "the install script failed",
    77: "the backend does not accept the token",
    78: "there is no token: set CYBERWAVE_API_TOKEN, or run `cyberwave login`",
}


class CloudNodeError(Exception):
    """The node could not be started, or did not end in order. The node's own words are on standard error."""

    def __init__(self, message: str, exit_code: Optional[int] = None) -> None:
        super().__init__(message)
        self.exit_code = exit_code  #: the node's exit code, negative for a signal; None if it was never started


class CloudNode:
    """A Cloud Node. Nothing is read or contacted before :meth:`run`.

    ``config`` alone counts then, completed from the environment: a ``cyberwave.yml`` is not read. ``slug`` is the name
    the node would like to have. Commands run in ``working_dir`` (default: the current directory). ``state_dir`` keeps
    two nodes on one machine apart (default: ``~/.cyberwave``). ``program`` is the ``cloudnode`` to run; by default it
    is looked for in the PATH.
    """

    def __init__(
        self,
        config: Optional[CloudNodeConfig] = None,
        slug: Optional[str] = None,
        *,
        working_dir: Optional[Path] = None,
        state_dir: Optional[Path] = None,
        program: Optional[Path] = None,
    ) -> None:
        self.config = config or CloudNodeConfig()
        self._slug = slug
        self._working_dir = working_dir
        self._state_dir = state_dir
        self._program = program
        self._source = ["--no-config-file"]
        self._process: Optional["subprocess.Popen[bytes]"] = None
        self._stopping = False

    @classmethod
    def from_config_file(cls, path: Optional[Path] = None, slug: Optional[str] = None, **options: Path) -> "CloudNode":
        """Configured by ``path``, or by the ``cyberwave.yml`` of the working directory. ``options`` as above."""
        node = cls(None, slug, **options)
        node._source = [] if path is None else ["--config", os.path.abspath(path)]
        return node

    @classmethod
    def from_env(cls, slug: Optional[str] = None, **options: Path) -> "CloudNode":
        """Configured by the environment, ``.env`` files and stored credentials alone. ``options`` as above."""
        return cls(None, slug, **options)

    def command(self) -> List[str]:
        """What :meth:`run` runs. Errors: :class:`CloudNodeError` if ``cloudnode`` is not installed."""
        program = self._program or shutil.which("cloudnode") or shutil.which("cyberwave-cloud-node")
        if program is None:
            raise CloudNodeError("cloudnode is not installed; install the package cyberwave-cloud-node")
        arguments = [os.fspath(program), "start", "--headless", *self._source]
        if self._slug:
            arguments += ["--slug", self._slug]
        if self._state_dir:
            arguments += ["--state-dir", os.path.abspath(self._state_dir)]
        return arguments

    def environment(self) -> Dict[str, str]:
        """The variables the node gets: this program's, and over them the configuration's."""
        return {**os.environ, **self.config.environment()}

    def run(self) -> None:
        """Runs the node until it was stopped, by :meth:`stop`, SIGTERM or Ctrl+C. Workloads run on.

        Errors: :class:`CloudNodeError` if it cannot be started or ends by itself.
        """
        arguments = self.command()
        self._stopping = False
        with self._passing_signals_on():
            try:
                self._process = subprocess.Popen(arguments, env=self.environment(), cwd=self._working_dir)
            except OSError as error:
                raise CloudNodeError(f"cannot start {arguments[0]}: {error.strerror}") from error
            if self._stopping:  # a signal came before there was a node to tell
                self.stop()
            code = self._process.wait()
        if code == 0 or (self._stopping and code == -signal.SIGTERM):  # the latter so early that it knew no better
            return
        raise CloudNodeError(f"the node has ended: {_MEANINGS.get(code, f'exit code {code}')}", code)

    def stop(self) -> None:
        """Ends the node in order, within seconds; :meth:`run` then returns. For other threads."""
        self._stopping = True
        if self._process is not None:
            self._process.terminate()

    @contextlib.contextmanager
    def _passing_signals_on(self) -> Iterator[None]:
        """SIGTERM and SIGINT end the node instead of this program. Only the main thread can see to that."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        stopping = (signal.SIGTERM, signal.SIGINT)
        before = {number: signal.signal(number, lambda *_: self.stop()) for number in stopping}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
