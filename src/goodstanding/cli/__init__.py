"""The command line: `goodstanding`, one module for each group of commands.

Nothing heavy is imported until a command that needs it runs, so that `goodstanding --help` answers at once; this is
the one layer where imports stand inside functions.
"""

from goodstanding.cli.app import app, main

__all__ = ["app", "main"]
