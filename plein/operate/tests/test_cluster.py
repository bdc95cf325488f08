# SPDX-License-Identifier: AGPL-3.0-or-later
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from plein.operate.cluster import Cluster, ClusterTrouble, cluster_of
from plein.operate.places import SOCKET_NAME, SOCKET_PATH_LIMIT, Places
from plein.operate.tests.conftest import CAREFREE, is_alive, server_pid, wait_until

USE_IT = """
import os, signal, sys
from pathlib import Path
from plein.operate.cluster import cluster_of
from plein.operate.places import Places
with cluster_of(Places(Path(sys.argv[1]))).in_use():
    print("ready", flush=True)
    sys.stdin.read()
"""


def user_of(home: Places) -> subprocess.Popen[str]:
    """Another process that uses the database until its input ends."""
    process = subprocess.Popen(
        [sys.executable, "-c", USE_IT, str(home.home)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    assert process.stdout.readline() == "ready\n"
    return process


def finish(process: subprocess.Popen[str]) -> None:
    process.communicate(timeout=20)


def remember(cluster: Cluster, value: str) -> None:
    with cluster.connect() as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (value text)")
        connection.execute("INSERT INTO kept VALUES (%s)", [value])


def remembered(cluster: Cluster) -> list[str]:
    with cluster.connect() as connection:
        return [row[0] for row in connection.execute("SELECT value FROM kept ORDER BY value")]


def test_the_last_user_stops_the_server_and_the_data_stay(cluster: Cluster) -> None:
    with cluster.in_use():
        pid = server_pid(cluster)
        remember(cluster, "a")
    wait_until(lambda: not cluster.is_kept())

    assert not is_alive(pid)
    with cluster.in_use():
        assert remembered(cluster) == ["a"]


def test_its_log_holds_no_values_of_what_failed(cluster: Cluster) -> None:
    with cluster.in_use(), cluster.connect() as connection:
        connection.execute("CREATE TABLE people (email text PRIMARY KEY)")
        for _time in range(2):
            try:
                connection.execute("INSERT INTO people VALUES ('marker-7419@plein.example')")
            except psycopg.errors.UniqueViolation:
                break
        text = cluster.log.read_text()

    assert "duplicate key" in text and "marker-7419" not in text


def test_the_server_runs_on_while_anybody_uses_it(cluster: Cluster, home: Places) -> None:
    with cluster.in_use():
        other = user_of(home)
        pid = server_pid(cluster)

    assert is_alive(pid)
    finish(other)
    wait_until(lambda: not is_alive(pid))


def test_it_listens_on_a_private_socket_only(cluster: Cluster) -> None:
    with cluster.in_use(), cluster.connect() as connection:
        shown = connection.execute("SHOW listen_addresses").fetchone()

        assert shown == ("",)
        assert stat.S_IMODE(cluster.socket.stat().st_mode) == 0o700
        assert stat.S_IMODE(cluster.data.stat().st_mode) == 0o700


def test_letters_are_folded_and_ordered_alike_everywhere(cluster: Cluster) -> None:
    with cluster.in_use(), cluster.connect() as connection:
        row = connection.execute(
            "SELECT datlocprovider::text, datlocale, lower('ÉÇ'), current_setting('data_checksums') FROM pg_database"
            " WHERE datname = 'postgres'"
        ).fetchone()

        assert row == ("b", "PG_UNICODE_FAST", "éç", "on")


def test_a_folder_with_a_long_name_gets_a_short_socket(tmp_path: Path) -> None:
    cluster = cluster_of(Places(tmp_path / ("deep" * 20) / ("deeper" * 15)))
    cluster.extra = CAREFREE

    with cluster.in_use():
        remember(cluster, "far away")
    wait_until(lambda: not cluster.is_kept())

    assert len(os.fsencode(cluster.socket / SOCKET_NAME)) <= SOCKET_PATH_LIMIT
    assert not str(cluster.socket).startswith(str(tmp_path))
    assert not cluster.socket.exists()


@pytest.mark.parametrize("victim", ["server", "keeper", "user"])
def test_after_kill_9_everything_committed_is_there_again(cluster: Cluster, home: Places, victim: str) -> None:
    other = user_of(home)
    remember(cluster, "a")
    server = server_pid(cluster)
    keeper = int(Path(f"/proc/{server}/stat").read_text().rpartition(")")[2].split()[1])

    os.kill({"server": server, "keeper": keeper, "user": other.pid}[victim], signal.SIGKILL)
    if victim != "user":
        wait_until(lambda: not cluster.is_kept())
        finish(other)
    else:
        other.wait()
        other.communicate()

    with cluster.in_use():
        remember(cluster, "b")
        assert remembered(cluster) == ["a", "b"]
    wait_until(lambda: not is_alive(server))


def test_a_process_id_left_behind_by_a_crash_does_not_keep_the_server_down(cluster: Cluster) -> None:
    with cluster.in_use():
        remember(cluster, "a")
        lines = (cluster.data / "postmaster.pid").read_text().splitlines()
    wait_until(lambda: not cluster.is_kept())
    # As after a reboot: the number now belongs to somebody else, here to this very process's parent.
    (cluster.data / "postmaster.pid").write_text("\n".join([str(os.getppid()), *lines[1:]]) + "\n")

    with cluster.in_use():
        assert remembered(cluster) == ["a"]


def test_half_a_data_folder_is_made_anew(cluster: Cluster) -> None:
    draft = cluster.folder / "data.new"
    draft.mkdir(parents=True)
    (draft / "PG_VERSION").write_text("18\n")

    with cluster.in_use():
        remember(cluster, "a")

    assert not draft.exists()


def test_a_server_that_cannot_start_says_why_in_one_sentence(cluster: Cluster) -> None:
    with cluster.in_use():
        pass
    wait_until(lambda: not cluster.is_kept())
    (cluster.folder / "own.conf").write_text("shared_buffers = 'a lot'\n")

    with pytest.raises(ClusterTrouble) as trouble, cluster.in_use():
        pass

    assert "shared_buffers" in str(trouble.value) or "configuration" in str(trouble.value)
    assert "\n" not in str(trouble.value)


def test_many_can_come_at_the_same_moment(home: Places, cluster: Cluster) -> None:
    with cluster.in_use():
        pass

    commands = [[sys.executable, "-c", USE_IT, str(home.home)] for _ in range(4)]
    users = [
        subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True) for command in commands
    ]

    assert [user.communicate(timeout=60)[0] for user in users] == ["ready\n"] * 4
    with cluster.in_use(), pytest.raises(psycopg.OperationalError):
        psycopg.connect(host=str(cluster.socket), dbname="nothing", user="postgres")
