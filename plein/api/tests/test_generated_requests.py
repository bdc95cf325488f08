# SPDX-License-Identifier: AGPL-3.0-or-later
"""Requests that are generated from the description, right ones and wrong ones, against a running Plein.

Every answer is one that is described, in its described shape; none is a fault; none ignores who asks. What the forms
refuse beyond the description (a day that was, a name that is taken) is described in words, not as a schema: so a
request that the schema allows may get a 422.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from plein.api.tests.world import fill
from plein.testing.cast import Cast
from plein.trust.actions import make_token

HERE = Path(__file__).parent
TOKENS = 60


def generated(cast: Cast, server: str, folder: Path, *arguments: str) -> str:
    """Let schemathesis ask, and give what it reports when it found something."""
    world = fill(cast.alice)
    tokens = [make_token(user=cast.alice, workspace=cast.here, scope="all") for _number in range(TOKENS)]
    environment = os.environ | {
        "PLEIN_GENERATED": json.dumps({"tokens": tokens, "ids": world.ids}),
        "SCHEMATHESIS_HOOKS": "generated",
        "PYTHONPATH": str(HERE),
    }
    command = [
        str(Path(sys.executable).with_name("schemathesis")),
        "run",
        f"{server}/api/v1/openapi.json",
        *arguments,
        "--exclude-checks=positive_data_acceptance",
        "--continue-on-failure",
        "--suppress-health-check=all",
        "--warnings=off",
        "--generation-database=none",
    ]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        (folder / "report.txt").write_text(done.stdout + done.stderr)
    return "" if done.returncode == 0 else done.stdout.partition("FAILURES")[2][:6000]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_generated_requests_get_the_answers_that_are_described(cast: Cast, server: str, tmp_path: Path) -> None:
    assert generated(cast, server, tmp_path, "--phases=fuzzing", "--max-examples=1", "--seed=7", "--no-shrink") == ""


@pytest.mark.nightly
@pytest.mark.timeout(3600)
@pytest.mark.django_db(transaction=True)
def test_many_generated_requests_in_every_way_there_is(cast: Cast, server: str, tmp_path: Path) -> None:
    assert generated(cast, server, tmp_path, "--phases=examples,coverage,fuzzing,stateful", "--max-examples=40") == ""
