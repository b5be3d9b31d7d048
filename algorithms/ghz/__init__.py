"""How well a device entangles its qubits."""
