"""Write the packets of `packets2/`; the same bytes every time. All of it is invented."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

HERE = Path(__file__).parent


def main() -> None:
    (HERE / "packets2").mkdir(exist_ok=True)
    for module in sorted((HERE / "drawn").glob("q[0-9]*.py")):
        import_module(f"drawn.{module.stem}").draw(HERE / "packets2")


if __name__ == "__main__":
    main()
