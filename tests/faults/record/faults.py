"""The faults of the programme, each with how often it is tried."""

from __future__ import annotations

from typing import Final

from tests.faults.record import kill, power
from tests.faults.record.running import Fault

FAULTS: Final = (
    Fault("kill-postgresql", kill.kill_over_postgresql, gate=100, long=1_000, cases=kill.KILLS),
    Fault("kill-sqlite", kill.kill_over_sqlite, gate=100, long=5_000, cases=kill.KILLS),
    Fault("power-home", power.cut_home, gate=2_000, long=50_000, cases=power.HOME_CUTS),
    Fault("power-ledger", power.cut_ledger, gate=5_000, long=200_000, cases=power.LEDGER_CUTS),
)
