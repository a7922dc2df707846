#!/usr/bin/env python
"""The command line. Beside a running `make run` it works on that shop, with nothing set by hand."""

import os
import sys
from contextlib import suppress


def main() -> None:
    with suppress(ImportError):  # the production image has no devtools
        from devtools import live  # noqa: PLC0415  must run before Django reads its settings

        live.load()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storefront.settings")
    from django.core.management import execute_from_command_line  # noqa: PLC0415  as above

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
