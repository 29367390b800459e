"""Saying no: a code and its facts, put into words at the edge."""

from __future__ import annotations


class Refused(Exception):
    """An act that is not done, with the code of the reason and the facts it needs to be said."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts

    def __repr__(self) -> str:
        return f"Refused({self.code!r}, {self.facts!r})"
