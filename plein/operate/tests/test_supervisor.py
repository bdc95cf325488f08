# SPDX-License-Identifier: AGPL-3.0-or-later
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from plein.operate.places import Places
from plein.operate.supervisor import AlreadyRunning, Child, alone, is_ready, refuse_busy_port
from plein.operate.tests.conftest import is_alive, wait_until

# A Plein with a stand-in for the web server: the tree is what these tests are about.
TREE = """
import sys
from pathlib import Path
from plein.operate.cluster import cluster_of
from plein.operate.places import Places
from plein.operate.supervisor import Child, Supervisor, alone
home, port = Places(Path(sys.argv[1])), int(sys.argv[2])
home.create()
server = [sys.executable, "-c", '''
import http.server, sys
class Well(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers()
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Well).serve_forever()
''', str(port)]
sleeper = [sys.executable, "-c", "import time; time.sleep(600)"]
say = lambda text: print(text, flush=True)
with alone(home, "here"):
    cluster = cluster_of(home)
    children = [Child("web server", server, home.log / "web.log"), Child("worker", sleeper, home.log / "worker.log")]
    supervisor = Supervisor(children, cluster, say)
    supervisor.listen()
    with cluster.in_use():
        supervisor.run(port, lambda: say("READY " + " ".join(str(child.process.pid) for child in children)))
"""


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(home: Places, port: int) -> tuple[subprocess.Popen[str], list[int]]:
    process = subprocess.Popen(
        [sys.executable, "-c", TREE, str(home.home), str(port)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    line = process.stdout.readline()
    assert line.startswith("READY"), line
    return process, [int(pid) for pid in line.split()[1:]]


def database_pid(home: Places) -> int:
    return int((home.cluster / "data" / "postmaster.pid").read_text().splitlines()[0])


@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_one_signal_stops_everything_within_seconds(home: Places, port: int, signum: int) -> None:
    process, children = start(home, port)
    database = database_pid(home)
    begin = time.monotonic()

    process.send_signal(signum)
    said, _ = process.communicate(timeout=20)

    assert process.returncode == 0
    assert "Stopping." in said
    assert not any(map(is_alive, children))
    wait_until(lambda: not is_alive(database))
    assert time.monotonic() - begin < 10


def test_killing_the_supervisor_leaves_nobody_behind_and_the_next_start_works(home: Places, port: int) -> None:
    process, children = start(home, port)
    database = database_pid(home)

    process.kill()
    process.communicate()

    wait_until(lambda: not any(map(is_alive, [*children, database])))
    again, _ = start(home, port)
    again.terminate()
    assert again.communicate(timeout=20)


def test_a_killed_child_comes_back(home: Places, port: int) -> None:
    process, children = start(home, port)

    os.kill(children[0], signal.SIGKILL)
    wait_until(lambda: not is_ready(port))
    wait_until(lambda: is_ready(port))

    process.terminate()
    said, _ = process.communicate(timeout=20)
    assert "The web server ended (signal SIGKILL)" in said


def test_a_killed_database_comes_back(home: Places, port: int) -> None:
    process, _ = start(home, port)
    before = database_pid(home)

    os.kill(before, signal.SIGKILL)

    def is_new() -> bool:
        try:
            return database_pid(home) != before
        except OSError:
            return False

    wait_until(is_new)
    process.terminate()
    said, _ = process.communicate(timeout=20)
    assert "The database went away; starting it again." in said


def test_the_second_in_one_folder_hears_who_the_first_is(home: Places) -> None:
    home.create()

    with (
        alone(home, "http://localhost:8000"),
        pytest.raises(AlreadyRunning, match=rf"process {os.getpid()}, http://localhost:8000"),
        alone(home, "http://localhost:8001"),
    ):
        pass
    with alone(home, "http://localhost:8001"):
        pass


def test_a_busy_port_is_a_sentence(port: int) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()

        with pytest.raises(AlreadyRunning, match=f"Port {port} is taken by another program; set PLEIN_PORT"):
            refuse_busy_port(port)


def test_a_child_that_dies_young_waits_longer_each_time(tmp_path: Path) -> None:
    child = Child("worker", [sys.executable, "-c", "raise SystemExit(3)"], tmp_path / "worker.log")
    said: list[str] = []

    limit = time.monotonic() + 20
    while len(said) < 3 and time.monotonic() < limit:
        child.watch(said.append)
        time.sleep(0.02)

    assert [line.split("again in ")[1].split(" ")[0] for line in said] == ["0.5", "1", "2"]
    assert "exit code 3" in said[0]
