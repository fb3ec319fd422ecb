"""Write `packets/` to `packets4/`; the same bytes every time. All is invented."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

HERE = Path(__file__).parent
# Folder: first letter of its modules in `drawn/`.
SETS = {"packets": "p", "packets2": "q", "packets3": "r", "packets4": "s"}


def main() -> None:
    for folder, letter in SETS.items():
        (HERE / folder).mkdir(exist_ok=True)
        for module in sorted((HERE / "drawn").glob(f"{letter}[0-9]*.py")):
            import_module(f"drawn.{module.stem}").draw(HERE / folder)


if __name__ == "__main__":
    main()
