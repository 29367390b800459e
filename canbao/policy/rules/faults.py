"""What is wrong in a pack, and where: a code, a file, a line and the facts a sentence needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from canbao.kernel.refusal import Refused


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault; `code` names a sentence in `canbao.policy.refusals`."""

    code: str
    file: str
    line: int
    facts: Mapping[str, str | int] = field(default_factory=dict)


class PackFault(Refused):
    """A pack that cannot be used, with every fault that was found in it."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("pack_faulty", file=faults[0].file, count=len(faults))
        self.faults = tuple(faults)

    def __str__(self) -> str:
        return "; ".join(f"{f.file}:{f.line}: {f.code} {dict(f.facts)}" for f in self.faults)
