"""A random season through the operations: one module a room, one function an act. `play` knows them all."""
