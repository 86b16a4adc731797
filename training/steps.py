"""The steps that both trainings take: AdamW with warm-up and linear decay, clipped gradients, and how far it is."""

from __future__ import annotations

import logging
import time
from typing import Any

import torch

_WARMUP = 0.06
_TOLD = 25  # steps between two lines of the log


class Steps:
    """``steps`` in all; call it after each ``backward`` with the loss."""

    def __init__(self, model: Any, rate: float, steps: int) -> None:
        self._weights = [parameter for parameter in model.parameters() if parameter.requires_grad]
        self._steps, self._step, self._running, self._began = steps, 0, 0.0, time.monotonic()
        self._optimizer = torch.optim.AdamW(self._weights, lr=rate, weight_decay=0.01)
        self._schedule = torch.optim.lr_scheduler.LambdaLR(self._optimizer, self._share)

    def _share(self, step: int) -> float:
        """Of the rate, at this step."""
        left = max(0.0, (self._steps - step) / ((1 - _WARMUP) * self._steps))
        return min((step + 1) / (_WARMUP * self._steps), left)

    def __call__(self, loss: float) -> None:
        torch.nn.utils.clip_grad_norm_(self._weights, 1.0)
        self._optimizer.step()
        self._optimizer.zero_grad()
        self._schedule.step()
        self._step += 1
        self._running = loss if self._step == 1 else 0.96 * self._running + 0.04 * loss
        if self._step % _TOLD == 0:
            left = (time.monotonic() - self._began) / self._step * (self._steps - self._step) / 60
            logging.info("step %d of %d, loss %.3f, %.0f minutes left", self._step, self._steps, self._running, left)
