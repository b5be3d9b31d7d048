"""An emulator of the Azure Quantum workspace's data plane that computes with Qiskit Aer.

A request passes `api` (access, faults, HTTP and JSON) and `workspace` (what happens); `runner`
takes the accepted jobs one by one through storage and a worker of `execution`, a process that does
nothing but turn programs into results. `pytest_plugin` and `testing` start it in test suites.
"""

from __future__ import annotations
