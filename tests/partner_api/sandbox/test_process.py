"""The sandbox as a process: one ready line, one port, gone at once when told."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from tests.partner_api.sandbox.buyer import Buyer

ROOT = Path(__file__).parents[3]


@contextmanager
def started(*arguments: str, **environ: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "partner_api.sandbox", *arguments],
        cwd=ROOT,
        env={**os.environ, "PARTNER_API_TOKEN": "", "PARTNER_API_SECRET": "", **environ},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def ready(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    line = process.stdout.readline()
    found = re.search(r"http://127\.0\.0\.1:\d+", line)
    assert found, line
    return found[0]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_serves_and_stops_cleanly_and_at_once(number: signal.Signals) -> None:
    with started("--port", "0", "--products", "5", PARTNER_API_TOKEN="alices") as process:
        url = ready(process)
        headers = {"Authorization": "Bearer alices", "Accept": "application/json"}
        answer = requests.get(url + "/catalog/products", headers=headers, timeout=5)
        assert len(answer.json()["data"]) == 5
        requests.post(f"{url}/_control/faults", json={"fault": "drop_after", "hold": 60}, timeout=5)
        with pytest.raises(requests.ReadTimeout):  # and the connection stays held
            requests.get(url + "/me", headers=headers, timeout=0.1)
        asked = time.monotonic()
        process.send_signal(number)
        process.send_signal(signal.SIGINT)  # a second one changes nothing
        out, err = process.communicate(timeout=5)
        assert time.monotonic() - asked < 1
        assert (process.returncode, out, err) == (0, "", "")


def test_the_first_of_several_secrets_counts(tmp_path: Path) -> None:
    state = tmp_path / "state.jsonl"
    with started("--port", "0", "--state", str(state), PARTNER_API_SECRET="new, old") as process:
        url = ready(process)
        alice = Buyer(url, token="sandbox-token", secret="new")
        sku = alice.data("/catalog/pricelist", type="voucher")[0]["sku_id"]
        alice.buy(sku, "ORD-1")
        process.kill()
    with started("--port", "0", "--state", str(state), PARTNER_API_SECRET="new, old") as process:
        alice = Buyer(ready(process), token="sandbox-token", secret="new")
        assert len(alice.data("/orders", external_id="ORD-1")) == 1


def test_a_port_that_is_taken_is_an_error_in_one_line() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        with started("--port", port) as process:
            out, err = process.communicate(timeout=10)
            assert process.returncode == 1
            assert out == ""
            assert err.count("\n") == 1
            assert port in err
