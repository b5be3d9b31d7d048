from __future__ import annotations

from azure_quantum_emulator.fault_injection.faults import RequestFault
from tools.bench.slow_targets import TROUBLES


def test_each_trouble_is_a_fault_of_a_target_of_its_own() -> None:
    """No circuit breaker is open before, and the emulator takes every fault as it is sent."""
    targets = [trouble.target for trouble in TROUBLES]

    assert len(set(targets)) == len(targets)
    for trouble in TROUBLES:
        fault = RequestFault.from_json({**trouble.fault, "target": trouble.target})
        assert (fault.operation, fault.target) == (trouble.fault["operation"], trouble.target)
