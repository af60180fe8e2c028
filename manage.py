#!/usr/bin/env python
"""Run Django's commands: in production where a secret key is given, else in development."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent


def main() -> None:
    # platform/ is a source root, not a package: position 1 keeps the standard library's platform first.
    sys.path.insert(1, str(ROOT / "platform"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "glimpse.settings")
    if not {"GLIMPSE_SECRET_KEY", "GLIMPSE_SECRET_KEY_FILE"} & os.environ.keys():
        os.environ.setdefault("GLIMPSE_DEBUG", "true")
    from django.conf import settings
    from django.core.management import execute_from_command_line

    for folder in settings.EMBEDDED_FOLDERS:
        folder.mkdir(parents=True, exist_ok=True)
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
