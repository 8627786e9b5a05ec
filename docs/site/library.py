"""The reference of packages: each module with what it defines, from its docstrings."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Sequence

_MODULE = """
## `{name}`

```{{eval-rst}}
.. automodule:: {name}
   :members:
   :ignore-module-all:
```
"""


def modules_of(packages: Sequence[str]) -> str:
    """Return the Markdown that documents packages or modules, everything below them included."""
    return "".join(_MODULE.format(name=name) for package in packages for name in names_below(package))


def names_below(package: str) -> Iterator[str]:
    """Yield the names of a package's modules, its own first; what runs on import is left out."""
    module = importlib.import_module(package)
    yield package
    if hasattr(module, "__path__"):
        for found in sorted(pkgutil.iter_modules(module.__path__), key=lambda found: found.name):
            if found.name != "__main__":
                yield from names_below(f"{package}.{found.name}")
