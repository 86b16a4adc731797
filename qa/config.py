"""What a library is made with: part of its manifest, compared at every open."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field

from qa.chunking import VERSION, Sizes

FORMAT = 4  # of the library on disk


@dataclass(frozen=True, slots=True)
class Manifest:
    """Two libraries with equal manifests hold comparable vectors and passages."""

    encoder: str
    sha256: str
    dim: int
    sizes: Sizes = field(default_factory=Sizes)
    chunking: int = VERSION
    format: int = FORMAT

    def to_json(self) -> str:
        return json.dumps(asdict(self), sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Manifest:
        data = json.loads(text)
        return cls(**{**data, "sizes": Sizes(**data["sizes"])})

    def differences(self, other: Manifest) -> str:
        """What differs, in words: "encoder a, not b"; empty if nothing does."""
        mine, theirs = asdict(self), asdict(other)
        changed = [f"{key} {_short(mine[key])}, not {_short(theirs[key])}" for key in mine if mine[key] != theirs[key]]
        return "; ".join(changed)


def _short(value: object) -> str:
    text = str(value)
    return f"{text[:12]}..." if len(text) == 64 else text
