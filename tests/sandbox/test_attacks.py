"""Commands that mean harm, run in the sandbox of this machine: none of them gets anywhere."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil
import pytest

from bot.errors import Halted, ToolError
from bot.sandbox import leftovers
from bot.sdk.halt import Halt
from bot.tools.desk import Desk
from tests.tools.conftest import Grounds
from tests.tools.desks import run


def said(desk: Desk, command: str, folder: str | None = None) -> str:
    return run(desk, "run_command", command=command, folder=folder).text


def refused(desk: Desk, *commands: str) -> None:
    """Each of them fails by itself: all are tried in one cell."""
    tried = " ; ".join(f"( {command} ) && echo GOT-{number}." for number, command in enumerate(commands))
    told = said(desk, f"{tried} ; echo TRIED")
    assert told.count("TRIED") == 1
    assert [one for number, one in enumerate(commands) if f"GOT-{number}." in told] == []


def test_no_network_is_reached_neither_of_this_machine_nor_beyond_nor_by_name(desk: Desk) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        mine = socket.gethostbyname(socket.gethostname())
        refused(
            desk,
            f"exec 3<>/dev/tcp/127.0.0.1/{port}",
            f"exec 3<>/dev/tcp/{mine}/{port}",
            "exec 3<>/dev/tcp/203.0.113.1/80",
            "python3 -c 'import socket; socket.gethostbyname(\"example.com\")'",
            "python3 -c 'import socket; socket.socket(socket.AF_INET, socket.SOCK_RAW, 1)'",
            "test $(ls /sys/class/net 2>/dev/null | wc -l) -gt 1",
        )


def test_neither_is_the_machine_that_this_one_runs_on_nor_anything_else_by_a_socket_of_another_family(
    desk: Desk, own: Path
) -> None:
    (own / "try.py").write_text(
        "import errno, socket\n"
        "def tried(make, family):\n"
        "    try: make(family, socket.SOCK_STREAM)\n"
        "    except OSError as error: return error.errno == errno.EPERM\n"
        "    return False\n"
        "for make in (socket.socket, socket.socketpair):\n"
        "    print([family for family in range(64) if not tried(make, family)])\n"
    )
    told = said(desk, "python3 try.py; cat /proc/cmdline /proc/kmsg /proc/kallsyms")

    behind_walls = [socket.AF_INET, socket.AF_INET6, socket.AF_NETLINK]
    assert told.splitlines()[1:3] == [str([int(one) for one in behind_walls]), str([int(socket.AF_UNIX)])]
    assert told.count("Permission denied") == 3


def test_no_server_of_this_machine_is_reached_through_a_socket_or_a_pipe_in_a_folder_to_read(
    desk: Desk, grounds: Grounds
) -> None:
    place, pipe = grounds.reference / "server", grounds.reference / "deep" / "pipe"
    pipe.parent.mkdir()
    os.mkfifo(pipe)
    heard = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    with socket.socket(socket.AF_UNIX) as server, open(heard, "rb", buffering=0):
        server.bind(str(place))
        server.listen()
        refused(
            desk,
            f"python3 -c 'import socket; socket.socket(socket.AF_UNIX).connect(\"{place}\")'",
            "python3 -c 'import socket; socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)'",
            "python3 -c 'import socket; socket.socketpair(type=socket.SOCK_DGRAM)'",
            f"echo stolen > {pipe}",
            f"cat {pipe} {place}",
        )
        pair = "import asyncio, socket; a, b = socket.socketpair(); a.send(b'by a pair'); print(b.recv(9))"
        told = said(desk, f'python3 -c "{pair}; asyncio.run(asyncio.sleep(0))"; ls {pipe.parent}')
        assert "b'by a pair'\npipe" in told


def test_where_pipes_and_sockets_are_too_many_to_shut_nothing_runs(desk: Desk, grounds: Grounds) -> None:
    for number in range(201):
        os.mkfifo(grounds.reference / str(number))
    with pytest.raises(ToolError, match="more than 200 pipes and sockets"):
        said(desk, "touch mine; cat list.txt", str(grounds.reference))
    assert list(grounds.own.iterdir()) == []


def test_nothing_of_this_machine_is_there_but_its_programs(desk: Desk, grounds: Grounds) -> None:
    refused(
        desk,
        "cat /etc/shadow",
        "grep -v sandbox /etc/passwd | grep -v '^root:x:0:0:root:/root:/usr/sbin/nologin'",
        f"cat {grounds.outside}/secret.txt",
        f"cat {grounds.own}/../outside/secret.txt",
        f"ls {grounds.granted}/..| grep -v granted | grep -v own | grep .",
        "ls /var /run /home /opt /srv /boot",
        "cat /proc/1/root/etc/shadow",
        f"cat /proc/1/cwd/../..{grounds.outside}/secret.txt",
        "ls /root | grep -v .pyenv | grep .",
    )
    assert grounds.outside_is_untouched()


def test_a_granted_folder_is_seen_only_where_the_command_names_it_and_can_then_be_read(
    desk: Desk, grounds: Grounds
) -> None:
    (grounds.granted / "plan.txt").write_text("the plan")
    where = "$(echo /granted | sed 's/^/{}/')".format(str(grounds.granted.parent).replace("/", r"\/"))

    unnamed = said(desk, f"cat {where}/plan.txt")
    named = said(desk, f"cat {grounds.granted}/plan.txt; echo no > {grounds.granted}/plan.txt")

    assert "No such file" in unnamed
    assert (
        f"[{grounds.granted} was not there, since its path does not stand in the command itself.]" in unnamed
    )
    assert "the plan" in named and "Read-only file system" in named
    assert (grounds.granted / "plan.txt").read_text() == "the plan"


def test_its_environment_holds_nothing_of_ours(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "ours-alone")
    told = said(desk, "env; cat /proc/1/environ /proc/self/environ | tr '\\0' '\\n'")

    assert "ours-alone" not in told and "API_KEY" not in told
    assert "HOME=/tmp" in told


def test_no_other_process_is_seen_or_reached(desk: Desk) -> None:
    other = subprocess.Popen(["sleep", "60"])
    try:
        told = said(desk, f"ls /proc | grep -c '^[0-9]'; kill -9 {other.pid} {os.getpid()} || echo not there")
        assert "not there" in told
        assert int(told.splitlines()[1]) < 10
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


def test_it_has_no_rights_and_cannot_get_any(desk: Desk) -> None:
    refused(
        desk,
        "unshare -U true",
        "unshare -r mount -t tmpfs none /mnt",
        "mount -t tmpfs none /tmp",
        "mount --bind / /tmp",
        "bwrap --ro-bind / / true",
        "chroot / true",
        "su -c true",
        "mknod disk b 8 0",
        "echo 1 > /proc/sys/kernel/hostname",
        "test -w /proc/sys/kernel/core_pattern",
        "test -w /proc/sysrq-trigger",
        "echo -1000 > /proc/self/oom_score_adj",
        "test $(id -u) = 0",
        "grep -q 'CapEff:.*[1-9a-f]' /proc/self/status",
        "ls /dev/mem /dev/kmsg /dev/sda /dev/vda",
    )


def test_nothing_of_the_system_can_be_written_to(desk: Desk) -> None:
    refused(
        desk,
        "touch /usr/bin/x",
        "touch /x",
        "touch /etc/x",
        "echo x >> /etc/passwd",
        "touch /dev/x",
        "echo x > /proc/self/mem",
        f"touch {sys.prefix}/x",
        "rm -rf /usr/share/doc/bash",
        "chmod 777 /usr",
    )


def test_keys_cannot_be_put_into_anybodys_terminal(desk: Desk) -> None:
    code = "import fcntl, termios; fcntl.ioctl(open('/dev/tty'), termios.TIOCSTI, b'x')"
    refused(desk, f'python3 -c "{code}"', "cat /dev/tty", "script -c true /dev/null < /dev/tty")


def test_a_bomb_of_processes_is_ended(desk: Desk) -> None:
    told = said(desk, "bomb() { bomb | bomb & }; bomb; sleep 15")

    assert told.startswith("Ended by the sandbox: it ran more than 40 processes at once.")


def test_memory_is_bounded_for_one_process_and_for_all_together(desk: Desk) -> None:
    alone = said(desk, "python3 -c 'x = bytearray(1 << 30)'")
    eat = "python3 -c 'import time; x = b\"x\" * (200 << 20); time.sleep(15)'"
    together = said(desk, " & ".join([eat] * 6) + " & wait")

    assert "MemoryError" in alone
    assert "GB of memory" in together or "Killed" in together


def test_what_is_in_memory_as_files_is_bounded(desk: Desk) -> None:
    refused(
        desk,
        "for n in 1 2 3; do head -c 9M /dev/zero > /dev/shm/$n || exit 1; done; head -c 300M /dev/zero > /tmp/x",
    )


def test_a_file_and_the_disk_are_bounded(desk: Desk, own: Path) -> None:
    large = said(desk, "head -c 20M /dev/zero > large; echo $?")
    many = said(desk, "for n in $(seq 100); do head -c 9M /dev/urandom > part$n; sleep 0.03; done")

    assert (own / "large").stat().st_size == 10_000_000 and "153" in large
    assert many.startswith("Ended by the sandbox: it filled the disk by more than 40 MB.")


def test_a_loop_that_only_computes_is_ended(desk: Desk) -> None:
    assert said(desk, "exec python3 -c 'while True: pass'").startswith("Exit code 137")


def test_a_flood_of_output_is_ended_and_its_beginning_and_end_are_told(desk: Desk, own: Path) -> None:
    told = said(desk, "yes | head -c 900000 | sed '1s/.*/first/;$s/.*/last/'; echo end")
    (kept,) = own.glob("output-*.txt")
    flood = said(desk, "yes")

    assert told.splitlines()[1] == "first" and "bytes are left out here" in told
    assert kept.stat().st_size > 890_000 and len(told) < 70_000
    assert flood.startswith("Ended by the sandbox: it wrote more than 1 MB of output.")


def test_what_it_leaves_in_the_background_ends_with_it(desk: Desk) -> None:
    mark = f"97{os.getpid()}.5"
    told = said(desk, f"(setsid nohup sleep {mark} >/dev/null 2>&1 &) ; disown -a; echo started")

    assert "started" in told
    assert alive(mark) == []


def test_a_stop_ends_it_at_once(desk: Desk) -> None:
    mark, halt = f"98{os.getpid()}.5", Halt()
    threading.Timer(0.3, halt.set).start()
    began = time.monotonic()
    with pytest.raises(Halted):
        run(desk.under(halt, "e"), "run_command", command=f"trap '' TERM INT HUP; sleep {mark}")

    assert time.monotonic() - began < 5
    assert alive(mark) == []


def test_when_we_are_killed_nothing_of_it_lives_on(tmp_path: Path) -> None:
    mark = f"99{os.getpid()}.5"
    script = (
        "import sys; from bot.sandbox.cell import Shown; from bot.sandbox.sandbox import Sandbox; "
        "from bot.sdk.halt import Halt; "
        f"Sandbox().ran('sleep {mark}', [Shown(path={str(tmp_path)!r}, mode='write')], {str(tmp_path)!r}, Halt())"
    )
    ours = subprocess.Popen([sys.executable, "-c", script])
    deadline = time.monotonic() + 60
    while len(alive(mark)) < 1 and time.monotonic() < deadline:
        threading.Event().wait(0.02)
    found = alive(mark)
    ours.send_signal(signal.SIGKILL)
    ours.wait()

    assert found
    assert psutil.wait_procs(found, timeout=60)[1] == []


def test_links_devices_and_rights_that_it_leaves_are_removed_and_told(desk: Desk, own: Path) -> None:
    told = said(
        desk,
        "ln -s /etc/shadow shadow; ln -s ../outside/secret.txt up; ln -s /proc/self/root rooted; mkdir d; "
        "ln -s /usr/lib d/lib; ln -s d/lib/../../etc/shadow round; mkfifo pipe; "
        "cp /bin/true tool; chmod 6755 tool; mkdir shut; touch shut/x; chmod 0 shut; ln -s d ok; "
        "p=.; for n in $(seq 120); do p=$p/d; done; mkdir -p deep/$p",
    )

    assert {path.name for path in own.iterdir()} == {"d", "tool", "shut", "ok", "deep"}
    assert (own / "tool").stat().st_mode & 0o7777 == 0o755
    assert [path.name for path in (own / "shut").iterdir()] == ["x"]
    assert (own / "d" / "lib").is_symlink()
    assert len(list((own / "deep").rglob("*"))) == 99
    assert (
        "shadow, a link to /etc/shadow, which is outside of what the command was shown, was removed" in told
    )
    assert "pipe, a pipe, socket or device, was removed" in told
    assert "chmod: changing permissions of 'tool': Operation not permitted" in told
    assert "folders deeper than 100 in each other were removed" in told


def test_a_file_that_would_run_as_its_owner_cannot_be_made_and_one_that_is_there_is_disarmed(
    desk: Desk, own: Path
) -> None:
    made = "import os; os.close(os.open('b', os.O_CREAT | os.O_WRONLY, 0o4755))"
    refused(
        desk,
        "touch a && chmod u+s a",
        "touch a && chmod 2755 a",
        f'python3 -c "{made}"',
        "python3 -c \"import os; os.mknod('c', 0o104755)\"",
        'python3 -c "import ctypes; exit(ctypes.CDLL(None).syscall(250, 0, -3, 0) < 0)"',
    )
    before = leftovers.prints(str(own))
    (own / "a").chmod(0o6755)

    left = leftovers.left(str(own), before, [str(own)])

    assert left.mended == ("a lost the right to run as its owner",)
    assert (own / "a").stat().st_mode & 0o7777 == 0o755


@pytest.mark.skipif(os.getuid() != 0 or not os.path.exists("/usr/bin/python3"), reason="we are no other user")
def test_all_of_it_holds_for_an_ordinary_user_too(tmp_path: Path) -> None:
    place = Path(tempfile.mkdtemp(prefix="cowork-plain-"))
    script = (
        "import sys, tempfile; from bot.sandbox import probe, cell, run, walls; from bot.sdk.halt import Halt; "
        f"place, said = {str(place)!r}, tempfile.TemporaryFile(); "
        "inside = cell.Cell(shown=[cell.Shown(path=place, mode='write')], place=place, "
        "limits=cell.Limits(processes=40)); "
        "bomb = cell.shell('touch mine; bomb() { bomb | bomb & }; bomb; sleep 15'); "
        "print([probe.found_out(), run.ran(inside, bomb, by=walls.means(), said=said, halt=Halt()).excess])"
    )
    given = {"PYTHONPATH": os.pathsep.join(sys.path), "PATH": "/usr/bin:/bin", "HOME": str(place)}
    as_other = [
        "setpriv",
        "--reuid=4242",
        "--regid=4242",
        "--clear-groups",
        "/usr/bin/python3",
        "-B",
        "-c",
        script,
    ]
    try:
        os.chown(place, 4242, 4242)
        told = subprocess.run(
            as_other, env=given, cwd="/", capture_output=True, text=True, timeout=60, check=False
        )
        if "ModuleNotFoundError" in told.stderr or "Permission" in told.stderr:
            pytest.skip("an ordinary user cannot read our Python here")
        assert told.stdout == "['', 'it ran more than 40 processes at once']\n", told.stderr
        assert (place / "mine").stat().st_uid == 4242
    finally:
        shutil.rmtree(place)


def test_what_a_run_left_that_we_were_killed_in_is_put_right_after_the_next(
    desk: Desk, grounds: Grounds
) -> None:
    (grounds.own / "out").symlink_to(grounds.outside)
    (grounds.own / "kept").symlink_to(grounds.reference)
    (grounds.reference / "theirs").symlink_to(grounds.outside)
    (grounds.granted / "theirs").symlink_to(grounds.outside)
    os.mkfifo(grounds.own / "pipe")

    told = said(desk, f"ls {grounds.granted}")
    said(desk, "ls", str(grounds.granted))

    assert [path.name for path in grounds.own.iterdir()] == ["kept"]
    assert "out, a link to " in told and "pipe, a pipe, socket or device, was removed" in told
    assert (grounds.granted / "theirs").is_symlink() and (grounds.reference / "theirs").is_symlink()


def test_what_it_left_as_a_link_is_not_followed_by_the_next_call(desk: Desk, grounds: Grounds) -> None:
    said(desk, f"ln -s {grounds.reference} inside")
    (grounds.own / "out").symlink_to(grounds.outside)

    told = said(desk, "echo changed > out/secret.txt; ls out/ && echo SEEN; rm -rf out inside", None)

    assert "SEEN" not in told
    assert grounds.outside_is_untouched()


def alive(mark: str) -> list[psutil.Process]:
    """The processes that sleep for that long."""
    return [one for one in psutil.process_iter(["cmdline"]) if mark in (one.info["cmdline"] or ())]
