"""What needs the internet is never called clean for want of it."""

import json
from collections.abc import Mapping

import pytest

from devtools.check import UNREACHABLE, judge_audit


def report(*packages: Mapping[str, object]) -> str:
    return json.dumps({"dependencies": packages})


def test_a_known_vulnerability_fails(capsys: pytest.CaptureFixture[str]) -> None:
    sound = {"name": "six", "version": "1.17.0", "vulns": []}
    broken = {"name": "gone", "version": "1.0", "vulns": [{"id": "PYSEC-2026-1"}]}
    assert judge_audit(report(sound, broken), "") is False
    assert "VULNERABLE: gone 1.0: PYSEC-2026-1" in capsys.readouterr().out


def test_a_skipped_package_is_not_called_clean(capsys: pytest.CaptureFixture[str]) -> None:
    sound = {"name": "six", "version": "1.17.0", "vulns": []}
    skipped = {"name": "amqp", "skip_reason": "not found"}
    assert judge_audit(report(sound, skipped), "") is True
    assert capsys.readouterr().out.startswith("not audited: 1 of 2 packages")


def test_a_vulnerability_fails_even_where_others_were_skipped() -> None:
    broken = {"name": "gone", "version": "1.0", "vulns": [{"id": "PYSEC-2026-1"}]}
    assert judge_audit(report(broken, {"name": "amqp", "skip_reason": "no"}), "") is False


def test_a_service_out_of_reach_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert judge_audit("", "Traceback ...\nConnectionError: no route to host\n") is True
    assert capsys.readouterr().out == "not audited: ConnectionError: no route to host\n"


def test_only_a_full_audit_is_called_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert judge_audit(report({"name": "six", "version": "1.17.0", "vulns": []}), "") is True
    assert capsys.readouterr().out == "audited: 1 packages, no known vulnerability\n"


@pytest.mark.parametrize(
    "complaint",
    [
        "error: Failed to fetch: `https://index.example/simple/django/`",
        "error: error sending request for url",
        "client error (Connect): dns error: failed to lookup address",
    ],
)
def test_an_index_out_of_reach_is_told_from_a_wrong_requirement(complaint: str) -> None:
    assert UNREACHABLE.search(complaint)
    assert not UNREACHABLE.search("No solution found when resolving: django>=99 is unsatisfiable")
