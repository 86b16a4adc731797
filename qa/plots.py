"""Small plots as SVG, drawn in the colour of the text around them."""

from __future__ import annotations

from collections.abc import Sequence

Point = tuple[float, float]
_SIZE, _LEFT, _BOTTOM, _TOP = 320, 44, 36, 10


def curve(points: Sequence[Point], across: str, up: str, title: str) -> str:
    """A line from point to point; both axes go from 0 to 1."""
    path = " ".join(f"{_x(x):.1f},{_y(y):.1f}" for x, y in points)
    return _frame(f'<polyline points="{path}" fill="none" stroke="currentColor" stroke-width="2"/>', across, up, title)


def dots(points: Sequence[tuple[float, float, int]], across: str, up: str, title: str) -> str:
    """Dots as large as what they stand for, beside the line on which both axes are equal."""
    most = max((size for _, _, size in points), default=1)
    marks = [
        f'<circle cx="{_x(x):.1f}" cy="{_y(y):.1f}" r="{3 + 7 * (size / most) ** 0.5:.1f}" fill="currentColor" '
        f'fill-opacity=".55"><title>{x:.2f}, {y:.2f}: {size} questions</title></circle>'
        for x, y, size in points
    ]
    equal = f'<line x1="{_x(0)}" y1="{_y(0)}" x2="{_x(1)}" y2="{_y(1)}" stroke="currentColor" stroke-dasharray="4 4"/>'
    return _frame(equal + "".join(marks), across, up, title)


def _x(value: float) -> float:
    return _LEFT + value * (_SIZE - _LEFT - _TOP)


def _y(value: float) -> float:
    return _SIZE - _BOTTOM - value * (_SIZE - _BOTTOM - _TOP)


def _frame(inner: str, across: str, up: str, title: str) -> str:
    ticks = "".join(
        f'<line x1="{_x(at)}" y1="{_y(0)}" x2="{_x(at)}" y2="{_y(1)}" stroke="currentColor" stroke-opacity=".15"/>'
        f'<line x1="{_x(0)}" y1="{_y(at)}" x2="{_x(1)}" y2="{_y(at)}" stroke="currentColor" stroke-opacity=".15"/>'
        f'<text x="{_x(at)}" y="{_SIZE - _BOTTOM + 14}" text-anchor="middle">{at:g}</text>'
        f'<text x="{_LEFT - 6}" y="{_y(at) + 4}" text-anchor="end">{at:g}</text>'
        for at in (0, 0.25, 0.5, 0.75, 1)
    )
    middle = (_y(0) + _y(1)) / 2
    names = (
        f'<text x="{(_x(0) + _x(1)) / 2}" y="{_SIZE - 4}" text-anchor="middle">{across}</text>'
        f'<text x="12" y="{middle}" text-anchor="middle" transform="rotate(-90 12 {middle})">{up}</text>'
    )
    return f'<svg viewBox="0 0 {_SIZE} {_SIZE}" role="img" aria-label="{title}">{ticks}{names}{inner}</svg>'
