"""Pictures for notebooks, as SVG and without any other package."""

from __future__ import annotations

from html import escape
from typing import Dict, List, Sequence, Tuple

WIDTH, HEIGHT, EDGE = 480, 160, 12


def fan(title: str, history: Sequence[float], mean: Sequence[float], quantiles: Dict[float, List[float]]) -> str:
    """A history with its forecast: the mean as a line, the quantiles as bands around it."""
    shown = list(history)[-4 * max(len(mean), 15):]
    bands = sorted(quantiles)
    top = max([*shown, *mean, *(value for one in quantiles.values() for value in one), 1e-9])
    count = max(len(shown) + len(mean) - 1, 1)

    def place(step: int, value: float) -> Tuple[float, float]:
        x = EDGE + (WIDTH - 2 * EDGE) * step / count
        return round(x, 1), round(HEIGHT - EDGE - (HEIGHT - 3 * EDGE) * value / top, 1)

    def points(values: Sequence[float], first: int) -> List[Tuple[float, float]]:
        return [place(first + step, value) for step, value in enumerate(values)]

    def path(values: List[Tuple[float, float]]) -> str:
        return " ".join(f"{x},{y}" for x, y in values)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" role="img">',
        f"<title>{escape(title)}</title>",
        f'<text x="{EDGE}" y="{EDGE}" font-size="11" font-family="sans-serif">{escape(title)}</text>',
    ]
    for low, high in zip(bands[: len(bands) // 2], reversed(bands)):
        around = points(quantiles[low], len(shown)) + points(quantiles[high], len(shown))[::-1]
        parts.append(f'<polygon points="{path(around)}" fill="#3b6ea5" fill-opacity="0.2"/>')
    parts.append(f'<polyline points="{path(points(shown, 0))}" fill="none" stroke="#333"/>')
    parts.append(f'<polyline points="{path(points(mean, len(shown)))}" fill="none" stroke="#3b6ea5" stroke-width="2"/>')
    return "".join(parts) + "</svg>"
