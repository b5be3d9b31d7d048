"""QIR: a caller's program, run as it is."""

from __future__ import annotations

from qjobs.methods.compiler import Language
from qjobs.methods.own_program import OwnProgram

algorithm = OwnProgram(Language.QIR)
