"""Differential fuzzing of the lowering and of the emulator."""
