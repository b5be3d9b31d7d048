"""What the emulator costs in storage."""

from __future__ import annotations

from pathlib import Path

from azure_quantum_emulator.supervision import azurite
from azure_quantum_emulator.testing import running
from localdev.repository import AZURITE
from tools.bench.transactions import Transactions

CIRCUIT = {"qubits": 1, "circuit": [{"gate": "x", "target": 0}]}


def test_a_job_costs_three_storage_transactions(tmp_path: Path) -> None:
    """Besides the client's upload: its container, one read and one write."""
    log = tmp_path / "azurite.log"
    with (
        azurite.running(log, program=AZURITE) as storage,
        running(tmp_path, "--in-memory", storage=storage) as emulator,
        emulator.connect() as workspace,
    ):
        target = workspace.get_targets("ionq.simulator")
        transactions = Transactions(log)
        before = transactions.snapshot()
        target.submit(CIRCUIT, shots=10).wait_until_completed(print_progress=False)
        spent = transactions.since(before)
        assert sum(spent.values()) == 4, spent
