"""A county that lives: content, lectures and history for `make demo`, benchmarks and journeys."""
