"""Ground state energy: the least energy of a Hamiltonian by a variational search."""
