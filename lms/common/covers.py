"""Course art from a topic and a seed: a character, a pattern, a palette.

Plain Python and deterministic, so the same course looks the same everywhere. The pattern is drawn in
three strokes of the pen (`fl` filled, `ln` lines, `pt` the one cinnabar mark) to keep pages small.
"""

import math
from collections.abc import Callable
from functools import lru_cache
from html import escape
from zlib import crc32

LEFT, WIDTH, HEIGHT = 152, 168, 200  # where the pattern sits on the 320 × 200 cover
VARIANTS = 12


def noise(index: float, seed: float) -> float:
    """A repeatable number in [0, 1)."""
    return (math.sin(index * 127.1 + seed * 311.7) * 43758.5453) % 1


def n(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")


def box(x: float, y: float, width: float, height: float) -> str:
    return f"M{n(x)} {n(y)}h{n(width)}v{n(height)}h-{n(width)}z"


def disc(x: float, y: float, radius: float) -> str:
    r, d = n(radius), n(radius * 2)
    return f"M{n(x - radius)} {n(y)}a{r} {r} 0 1 0 {d} 0a{r} {r} 0 1 0-{d} 0z"


def pen(css: str, path: str, stroke: float = 1) -> str:
    width = f' stroke-width="{n(stroke)}"' if css == "ln" and stroke != 1 else ""
    return f'<path class="{css}"{width} d="{path}"/>'


def grid(seed: float) -> str:
    cell, filled, outlined = 20, [], []
    for row in range(HEIGHT // cell):
        for column in range(WIDTH // cell):
            x, y = LEFT + column * cell, row * cell
            value = noise(row * 17 + column, seed)
            if value > 0.8:
                filled.append(box(x + 2, y + 2, 16, 16))
            elif value > 0.45:
                outlined.append(box(x + 2.5, y + 2.5, 15, 15))
            else:
                filled.append(box(x + 8, y + 8, 4, 4))
    column = int(noise(3, seed) * (WIDTH // cell - 2)) + 1
    row = int(noise(5, seed) * (HEIGHT // cell - 3)) + 1
    mark = box(LEFT + column * cell + 1, row * cell + 1, 18, 18)
    return pen("fl", "".join(filled)) + pen("ln", "".join(outlined)) + pen("pt", mark)


def terrace(seed: float) -> str:
    thin: list[str] = []
    thick: list[str] = []
    for index in range(13):
        y, swing = 18 + index * 15, 10 + 7 * math.sin(seed + index * 0.55)
        phase = seed + index * 0.33
        points = [
            f"{n(LEFT + step * WIDTH / 8)} {n(y + swing * math.sin(phase + step * 0.8))}"
            for step in range(9)
        ]
        curve = f"M{points[0]}Q{points[1]} {points[1]}" + "".join(f"T{p}" for p in points[2:])
        (thick if index % 4 == 0 else thin).append(curve)
    sun = disc(LEFT + WIDTH * 0.72, HEIGHT * 0.24, 9)
    return pen("ln", "".join(thin)) + pen("ln", "".join(thick), 3.2) + pen("pt", sun)


def arcs(seed: float) -> str:
    x, y = LEFT + WIDTH * 0.5, HEIGHT * 0.56
    thin: list[str] = []
    thick: list[str] = []
    for index in range(1, 11):
        radius, start = index * 13, noise(index, seed) * 6.28
        sweep = 3.2 + noise(index + 9, seed) * 2.4
        x1, y1 = x + radius * math.cos(start), y + radius * math.sin(start)
        x2, y2 = (
            x + radius * math.cos(start + sweep),
            y + radius * math.sin(start + sweep),
        )
        path = f"M{n(x1)} {n(y1)}A{radius} {radius} 0 1 1 {n(x2)} {n(y2)}"
        (thick if index % 3 == 2 else thin).append(path)
    return pen("ln", "".join(thin)) + pen("ln", "".join(thick), 3.5) + pen("pt", disc(x, y, 6))


def dots(seed: float) -> str:
    path = []
    for row in range(11):
        for column in range(WIDTH // 17):
            value = 0.5 + 0.5 * math.sin(column * 0.62 + seed) * math.cos(row * 0.55 - seed * 0.7)
            path.append(disc(LEFT + 9 + column * 17, 14 + row * 17, 1.2 + 5.8 * value))
    return pen("fl", "".join(path)) + pen("pt", disc(LEFT + 9 + 17 * 4, 14 + 17 * 3, 8))


def columns(seed: float) -> str:
    count, gap = 9, WIDTH / 9
    filled: list[str] = []
    outlined: list[str] = []
    for index in range(count):
        height = 118 - abs(index - (count - 1) / 2) * (5 + 6 * noise(1, seed))
        shape = box(LEFT + index * gap + 3, HEIGHT - 34 - height, gap - 7, height)
        (filled if (index + int(seed)) % 3 == 1 else outlined).append(shape)
    filled.append(box(LEFT, HEIGHT - 30, WIDTH, 5))
    mark = box(LEFT, HEIGHT - 20, WIDTH * (0.25 + 0.4 * noise(2, seed)), 5)
    return pen("fl", "".join(filled)) + pen("ln", "".join(outlined)) + pen("pt", mark)


def rings(seed: float) -> str:
    thin: list[str] = []
    thick: list[str] = []
    for index in range(6):
        x = LEFT + 26 + noise(index, seed) * (WIDTH - 52)
        y = 32 + noise(index + 20, seed) * (HEIGHT - 64)
        (thin if index % 2 else thick).append(disc(x, y, 26 + noise(index + 40, seed) * 26))
    mark = disc(LEFT + WIDTH * 0.5, HEIGHT * 0.5, 7)
    return pen("ln", "".join(thin), 1.2) + pen("ln", "".join(thick), 4) + pen("pt", mark)


def waves(seed: float) -> str:
    drawn, half = [], WIDTH / 12
    for index in range(12):
        swell = 8 + 5 * noise(index // 3, seed)
        turns = "".join(
            f"q{n(half)} {n(swell if j % 2 else -swell)} {n(half * 2)} 0" for j in range(6)
        )
        drawn.append(pen("ln", f"M{LEFT} {14 + index * 16}{turns}", 1.2 + index / 3.2))
    return "".join(drawn) + pen("pt", disc(LEFT + WIDTH * (0.25 + 0.5 * noise(9, seed)), 28, 9))


def layers(seed: float) -> str:
    lift = int(seed) % 3
    filled: list[str] = []
    outlined: list[str] = []
    for index in range(1, 7):
        width = WIDTH * (0.26 + 0.12 * index)
        shape = box(LEFT + (WIDTH - width) / 2, 30 + index * 22, width, 15)
        (filled if index in (2 + lift, 6) else outlined).append(shape)
    top = box(LEFT + WIDTH * 0.37, 30, WIDTH * 0.26, 15)
    return pen("fl", "".join(filled)) + pen("ln", "".join(outlined), 1.4) + pen("pt", top)


def paper(seed: float) -> str:
    lines, filled, cell = [], [], 22
    marked, mark = 1 + int(noise(7, seed) * 5), ""
    for column in range(WIDTH // cell):
        x = LEFT + column * cell
        lines.append(f"M{x} 0v{HEIGHT}")
        shape = box(x + 8, 16, 6, 40 + noise(column, seed) * 120)
        if column == marked:
            mark = shape
        else:
            filled.append(shape)
    return pen("ln", "".join(lines), 0.8) + pen("fl", "".join(filled)) + pen("pt", mark)


# topic: (character, pattern, palette)
TOPICS: dict[str, tuple[str, Callable[[float], str], str]] = {
    "基层治理": ("治", grid, "mist"),
    "乡村振兴": ("田", terrace, "celadon"),
    "应急管理": ("急", arcs, "clay"),
    "数字化改革": ("数", dots, "mist"),
    "依法行政": ("法", columns, "stone"),
    "群众工作": ("众", rings, "clay"),
    "生态文明": ("水", waves, "celadon"),
    "理论学习": ("基", layers, "night"),
    "公文写作": ("文", paper, "stone"),
}
PATTERNS = (grid, terrace, arcs, dots, columns, rings, waves, layers, paper)
PALETTES = ("stone", "celadon", "mist", "clay")


def style_of(topic: str) -> tuple[str, Callable[[float], str], str]:
    """A topic we did not draw for gets its first character and a pattern chosen by its name."""
    if topic in TOPICS:
        return TOPICS[topic]
    code = crc32(topic.encode())
    return (
        topic[:1] or "学",
        PATTERNS[code % len(PATTERNS)],
        PALETTES[code % len(PALETTES)],
    )


def cover(topic: str, seed: object = 1, word: str = "") -> str:
    """The wide cover. Cut to a square from the left it still shows its character.

    `word` is the topic's name in the reader's language; pattern and palette stay those of the topic.
    """
    return _wide(topic, word or topic, crc32(str(seed).encode()) % VARIANTS)


def thumb(topic: str, word: str = "") -> str:
    """The small square: the character alone on a hint of the pattern."""
    return _thumb(topic, word or topic)


def _named(topic: str, word: str) -> tuple[str, str]:
    """The large character, and how the word is set: a Latin name is longer and would run into the pattern."""
    if word == topic:
        return style_of(topic)[0], 'font-size="15" letter-spacing="3"'
    return word[:1], 'font-size="12"'


@lru_cache(maxsize=512)
def _wide(topic: str, word: str, variant: int) -> str:
    _character, pattern, palette = style_of(topic)
    character, setting = _named(topic, word)
    return (
        f'<svg class="cover cv-{palette}" viewBox="0 0 320 200" preserveAspectRatio="xMinYMid slice"'
        f' aria-hidden="true">{pattern(1 + variant * 0.7)}'
        f'<text x="20" y="176" font-size="116">{escape(character)}</text>'
        f'<g class="cv-word"><text x="22" y="36" {setting}>{escape(word)}</text>'
        '<path class="ln" stroke-width="2" d="M22 50h40"/></g></svg>'
    )


@lru_cache(maxsize=128)
def _thumb(topic: str, word: str) -> str:
    _character, _pattern, palette = style_of(topic)
    character, _setting = _named(topic, word)
    return (
        f'<svg class="cover cv-{palette}" viewBox="0 0 120 120" aria-hidden="true">'
        f'<text x="18" y="91" font-size="84">{escape(character)}</text></svg>'
    )
