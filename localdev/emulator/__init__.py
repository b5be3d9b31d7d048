"""An emulator of the Azure Quantum workspace's data plane that computes with Qiskit Aer.

A request passes `urls` (which path), `responses` (HTTP and JSON) and `workspace` (what happens);
`runner` takes the accepted jobs one by one through storage and a `worker`, a process that does
nothing but turn programs into results.
"""

from __future__ import annotations
