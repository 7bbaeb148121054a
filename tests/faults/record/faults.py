"""The faults of the programme, each with how often it is tried."""

from __future__ import annotations

from typing import Final

from tests.faults.record import disks, flips, kill, orders, power, server, writers
from tests.faults.record.running import Fault
from tests.faults.record.simulation import town

FAULTS: Final = (
    Fault("kill-postgresql", kill.kill_over_postgresql, gate=100, long=1_000, cases=kill.KILLS),
    Fault("kill-sqlite", kill.kill_over_sqlite, gate=100, long=5_000, cases=kill.KILLS),
    Fault("kill-server", server.kill_server, gate=20, long=1_000, cases=server.KILLS),
    Fault("power-home", power.cut_home, gate=2_000, long=50_000, cases=power.HOME_CUTS),
    Fault("power-ledger", power.cut_ledger, gate=5_000, long=200_000, cases=power.LEDGER_CUTS),
    Fault("simulation", town.simulate, gate=2, long=10_000),
    Fault("full", disks.fill, gate=20, long=500),
    Fault("eio", disks.fail, gate=20, long=2_000),
    Fault("clock", orders.jump, gate=100, long=1_000, cases=orders.STEPS),
    Fault("replay", orders.replay, gate=10, long=1_000),
    Fault("writers-sqlite", writers.meet_over_sqlite, gate=10, long=1_000),
    Fault("writers-postgresql", writers.meet_over_postgresql, gate=6, long=500),
    Fault("flip-ledger", flips.flip_ledger, gate=2_000, long=50_000, cases=flips.LEDGER_FLIPS),
    Fault("flip-segment", flips.flip_segment, gate=2_000, long=100_000, cases=flips.SEGMENT_FLIPS),
    Fault("flip-home", flips.flip_home, gate=100, long=5_000, cases=flips.HOME_FLIPS),
    Fault("proofs", flips.forge_proofs, gate=1, long=4),
    Fault("fork", flips.fork, gate=1_000, long=20_000, cases=flips.FORKS),
)
