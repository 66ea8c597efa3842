"""Run inside of a cell by `probe`, as a text, with Python alone: it says what it should not have been able to do."""

import contextlib
import ctypes
import json
import os
import socket
import sys

_NEW_USER_NAMESPACE = 0x10000000
_TO_THE_HOST = 40
"""The family of sockets (vsock) by which a virtual machine speaks with the one that runs it, past every network."""
_BEHIND_WALLS = (socket.AF_INET, socket.AF_INET6, 16)
_FAMILIES = range(1, 46)


def leaks(port: int, names: list[str], absent: list[str], has_filter: bool) -> list[str]:
    """In words. `port` listens on the host; `names` are all that its environment may have; `has_filter`: its system
    calls are looked at.
    """
    status = _status()
    found = {
        "it is root": os.getuid() == 0 or status["CapEff"].strip("0") != "",
        "it can get more rights": status.get("NoNewPrivs") != "1" or _is_done(_nested),
        "network": _interfaces() != ["lo"]
        or _answers("127.0.0.1", port)
        or _answers("203.0.113.1", 9)
        or _opens(_TO_THE_HOST),
        "sockets of this machine": has_filter
        and any(_opens(one) for one in _FAMILIES if one not in _BEHIND_WALLS),
        "environment": not set(os.environ) <= {*names, "PWD", "SHLVL", "_", "OLDPWD", "LC_CTYPE"},
        "files of this machine": any(map(os.path.exists, absent)),
        "other processes": not _is_alone(),
        "it can write to the system": any(map(_writes, ("/", "/usr", "/etc", "/dev")))
        or os.access("/proc/sys/kernel/core_pattern", os.W_OK),
        "it cannot write to its folder": not _writes("."),
    }
    return [name for name, holds in found.items() if holds]


def _status() -> dict[str, str]:
    with open("/proc/self/status") as file:
        return {name: value.strip() for name, _, value in (line.partition(":") for line in file)}


def _interfaces() -> list[str]:
    with open("/proc/net/dev") as file:
        return [line.partition(":")[0].strip() for line in file if ":" in line]


def _answers(host: str, port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection((host, port), timeout=1):
        return True
    return False


def _opens(family: int) -> bool:
    kinds = (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_SEQPACKET)
    return any(_is_done(lambda kind=kind: socket.socket(family, kind).close()) for kind in kinds)


def _nested() -> None:
    if ctypes.CDLL(None).unshare(_NEW_USER_NAMESPACE):
        raise OSError


def _is_alone() -> bool:
    """The first process is that of the cell, and there are few others."""
    return sum(name.isdecimal() for name in os.listdir("/proc")) < 10


def _writes(folder: str) -> bool:
    def write() -> None:
        with open(f"{folder}/probe", "w"):
            os.unlink(f"{folder}/probe")

    return _is_done(write)


def _is_done(act) -> bool:  # type: ignore[no-untyped-def]
    try:
        act()
    except OSError:
        return False
    return True


if __name__ == "__main__":
    print(json.dumps(leaks(**json.loads(sys.argv[1]))))  # noqa: T201
