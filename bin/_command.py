"""Sets up what a command needs with the Python at hand, then runs the command in .venv."""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path

from toolchain import options, paths, setup

COMMANDS = {
    "demo": ("toolchain.demo", setup.DEMO),
    "test": ("toolchain.suite", setup.TEST),
    "check": ("toolchain.checks", setup.PYTHON_AND_NODE),
    "docs": ("toolchain.documentation", setup.PYTHON_AND_NODE),
    "lock": ("toolchain.lock", setup.PYTHON_AND_NODE),
    "services": ("toolchain.services_cli", setup.SERVICES),
}


def main() -> int:
    """Run `_command.py COMMAND [ARGUMENTS]`."""
    command, *arguments = sys.argv[1:]
    module, needs = COMMANDS[command]
    options.answer_at_once(command, arguments)
    if Path(sys.prefix) != paths.VENV:
        try:
            setup.prepare(needs)
        except setup.SetUpError as error:
            print(f"\n{error}", file=sys.stderr)
            return 1
        sys.stdout.flush()
        os.execv(paths.VENV_PYTHON, [str(paths.VENV_PYTHON), __file__, command, *arguments])
    exit_code: int = importlib.import_module(module).main(arguments)
    return exit_code


if __name__ == "__main__":
    sys.exit(main())
