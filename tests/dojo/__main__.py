"""`python -m tests.dojo`: AgentDojo replayed through our tool boundary, without a model; a few minutes."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.dojo import report
from tests.dojo.suites import suites
from tests.engine.furnished import offices

with tempfile.TemporaryDirectory() as folder, offices(Path(folder)) as new_office:
    users = [report.of_users(suite, new_office) for suite in suites()]
    print(report.users_table(users))
    attackers = [report.of_attackers(suite, new_office) for suite in suites()]
    print(report.attackers_table(attackers))
    print(report.in_short(report.with_total(users)[-1], report.with_total(attackers)[-1]))
