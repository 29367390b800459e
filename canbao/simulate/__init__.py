"""A county from a seed, through the operations: demo, training, benchmark, tests."""
