"""A Node process that takes orders, a line of JSON each, and answers each with one."""

from __future__ import annotations

import json
import queue
import subprocess
import tempfile
import threading
from typing import IO, Any, Self

from tests.counterparts import node_packages

_PATIENCE = 60.0


class Orders:
    """It ends with its standard input, so that it outlives nobody."""

    def __init__(self, script: str, *given: str) -> None:
        self._said: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 (it ends with the process)
        self._process = subprocess.Popen(
            [node_packages.NODE, node_packages.HERE / script, node_packages.modules(), *given],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._said,
            text=True,
        )
        self._answers: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._one_at_a_time = threading.Lock()
        threading.Thread(target=self._listen, name=script, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def give(self, order: str, **given: Any) -> Any:
        """What it answered, or what went wrong there."""
        with self._one_at_a_time:
            assert self._process.stdin is not None
            print(json.dumps({"order": order, **given}), file=self._process.stdin, flush=True)
            line = self._answers.get(timeout=_PATIENCE)
        answer = json.loads(line) if line else {"error": self._last_words()}
        if "error" in answer:
            raise RuntimeError(f"{order}: {answer['error']}")
        return answer["result"]

    def close(self) -> None:
        """It has a moment to go by itself."""
        with self._process as process:
            assert process.stdin is not None
            process.stdin.close()
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
        self._said.close()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._answers.put(line)
        self._answers.put("")

    def _last_words(self) -> str:
        self._said.seek(0)
        return self._said.read()[-2000:].decode("utf-8", "replace") or "it has ended"
