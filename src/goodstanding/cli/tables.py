"""Small tables and bars for the terminal: plain text of even columns, wide characters counted as they are shown."""

from __future__ import annotations

from collections.abc import Sequence

BAR_WIDTH = 32
EIGHTHS = " ▏▎▍▌▋▊▉█"


def counts_bars(rows: Sequence[tuple[str, int]], width: int = BAR_WIDTH) -> str:
    """Counts with bars: one row each, the greatest as long as the width."""
    most = max((count for _, count in rows), default=0)
    total = sum(count for _, count in rows)
    lines = [
        [f"  {name}", f"{count:,}", f"{count / total:6.1%}" if total else "", bar(count, most, width)]
        for name, count in rows
    ]
    return even(lines, right=(1, 2))


def bar(count: int, most: int, width: int = BAR_WIDTH) -> str:
    """A bar in eighths of a character; whatever is not nothing can be seen."""
    if not most or not count:
        return ""
    eighths = max(1, round(count * width * 8 / most))
    return EIGHTHS[8] * (eighths // 8) + (EIGHTHS[eighths % 8] if eighths % 8 else "")


def even(rows: Sequence[Sequence[str]], *, right: Sequence[int] = (), gap: str = "  ") -> str:
    """Rows with their columns in line; those named stand to the right."""
    from rich.cells import cell_len

    columns = max((len(row) for row in rows), default=0)
    widths = [max((cell_len(row[at]) for row in rows if at < len(row)), default=0) for at in range(columns)]
    lines = []
    for row in rows:
        cells = []
        for at, cell in enumerate(row):
            space = " " * (widths[at] - cell_len(cell))
            cells.append(space + cell if at in right else cell + space)
        lines.append(gap.join(cells).rstrip())
    return "\n".join(lines)
