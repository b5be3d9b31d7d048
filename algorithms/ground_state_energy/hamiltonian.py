"""The Hamiltonian of a job: a real sum of Pauli strings, its groups, its exact ground energy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from qiskit.quantum_info import SparsePauliOp
from scipy.sparse.linalg import eigsh

from qjobs.domain.algorithm import JSONObject
from qjobs.methods.limits import rejected

_DENSE = 6
"""Qubits up to which all eigenvalues are computed."""


@dataclass(frozen=True, slots=True)
class Group:
    """Terms that one circuit measures, each qubit along one direction."""

    basis: str
    """The direction of each qubit, the last qubit first; I where none of the terms acts."""
    values: np.ndarray
    """The energy of each reading as a number, of shape (2^qubits,)."""

    @property
    def range(self) -> float:
        """The difference between the greatest and the least energy of a reading."""
        return float(np.ptp(self.values))


@dataclass(frozen=True, slots=True)
class Hamiltonian:
    """A sum of Pauli strings without the identity, and the constant beside it."""

    operator: SparsePauliOp
    constant: float

    @classmethod
    def of(cls, document: JSONObject) -> Hamiltonian:
        """Return the Hamiltonian of an input.

        Raises:
            InputRejectedError: the strings are not of one length.

        """
        terms = document["terms"]
        qubits = len(terms[0]["pauli"])
        for index, term in enumerate(terms):
            if len(term["pauli"]) != qubits:
                raise rejected(
                    f"The first string has {qubits} letters, this one {len(term['pauli'])}; "
                    "write I where a term does not act.",
                    f"/input/terms/{index}/pauli",
                )
        pairs = [(term["pauli"], float(term["coefficient"])) for term in terms]
        operator = SparsePauliOp.from_list(pairs).simplify(atol=0, rtol=0)
        identity = "I" * qubits
        labels = zip(operator.paulis.to_labels(), operator.coeffs.real, strict=True)
        kept = [(label, float(number)) for label, number in labels if label != identity and number]
        constant = sum(number for label, number in pairs if label == identity)
        return cls(
            SparsePauliOp.from_list(kept, num_qubits=qubits), constant + float(document["constant"])
        )

    @property
    def qubits(self) -> int:
        """The number of qubits."""
        return int(self.operator.num_qubits)

    @property
    def terms(self) -> list[tuple[str, float]]:
        """The strings with their coefficients."""
        return [
            (label, float(number.real))
            for label, number in zip(
                self.operator.paulis.to_labels(), self.operator.coeffs, strict=True
            )
            if number
        ]

    @property
    def strength(self) -> float:
        """The sum of the sizes of all coefficients, a bound of the energy without the constant."""
        return float(sum(abs(number) for _, number in self.terms))

    @property
    def is_two_local(self) -> bool:
        """Whether each term acts on at most two qubits."""
        return all(len(label.replace("I", "")) <= 2 for label, _ in self.terms)  # noqa: PLR2004 - two-body terms

    def groups(self) -> list[Group]:
        """Return the terms in groups, each measured by one circuit (qubit-wise commuting)."""
        if not self.terms:
            return []
        return [
            _group(list(zip(one.paulis.to_labels(), one.coeffs.real.tolist(), strict=True)))
            for one in self.operator.group_commuting(qubit_wise=True)
        ]

    def diagonal(self) -> np.ndarray:
        """Return the energy of each basis state without the constant, of shape (2^qubits,)."""
        return sum(
            (number * _signs(label) for label, number in self.terms if set(label) <= set("IZ")),
            np.zeros(2**self.qubits),
        )

    def exact_ground_energy(self) -> float:
        """Return the least eigenvalue, with the constant, by diagonalisation."""
        if not self.terms:
            return self.constant
        if self.qubits <= _DENSE:
            return float(np.linalg.eigvalsh(self.operator.to_matrix())[0]) + self.constant
        matrix = self.operator.to_matrix(sparse=True)
        # The start is fixed, so that the same input gives the same digits; without symmetry, so
        # that it is not orthogonal to the ground state.
        start = np.random.default_rng(0).normal(size=matrix.shape[0])
        return float(eigsh(matrix, k=1, which="SA", v0=start)[0][0]) + self.constant


def _group(terms: list[tuple[str, float]]) -> Group:
    qubits = len(terms[0][0])
    basis = "".join(
        next((label[place] for label, _ in terms if label[place] != "I"), "I")
        for place in range(qubits)
    )
    return Group(basis, sum((number * _signs(label) for label, number in terms), np.zeros(1)))


def _signs(label: str) -> np.ndarray:
    """Return the product of the signs of the bits where a string acts, for each reading."""
    signs = np.ones(1)
    for letter in label:
        signs = np.kron(signs, np.array([1.0, 1.0 if letter == "I" else -1.0]))
    return signs
