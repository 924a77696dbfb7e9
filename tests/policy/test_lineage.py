"""The digest of the policy."""

from __future__ import annotations

import subprocess
import sys

from jiedui import policy


def test_the_digest_is_the_same_in_every_process() -> None:
    """Two processes with different hash seeds give one SHA-256."""
    script = "from jiedui import policy; print(policy.digest())"
    found = {
        subprocess.run(
            [sys.executable, "-c", script], env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout.strip()
        for seed in ("1", "2")
    }
    assert found == {policy.digest()}
    assert len(policy.digest()) == 64
