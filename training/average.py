"""Averages the weights of models of one line of training (Wortsman et al. 2022): the later ones know what they were
trained on last, the earlier ones what that made them forget.

    python -m training.average OUTPUT_FOLDER MODEL_FOLDER MODEL_FOLDER ...
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("output", type=Path)
    parser.add_argument("models", type=Path, nargs="+")
    options = parser.parse_args()
    held = [load_file(model / "model.safetensors") for model in options.models]
    mean = {name: torch.stack([state[name].float() for state in held]).mean(dim=0).half() for name in held[0]}
    shutil.copytree(options.models[-1], options.output, dirs_exist_ok=True)
    save_file(mean, options.output / "model.safetensors", metadata={"format": "pt"})


if __name__ == "__main__":
    main()
