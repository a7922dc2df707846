"""`make bench`: pages beside their floors (`bench.pages`), then a sync (`bench.sync`), in turn.

Machines are noisy and differ; figures of one run do not compare with those of another. So the
floor and the shop are asked in alternating rounds, and only their ratio counts. What is compared is
processor time per answer, which is steadier than time on the clock. A run with a failed answer is
no result.
"""

import sys

from bench import pages, sync


def main() -> int:
    """Both, in sizes that take a few minutes."""
    pages.report()
    sync.report()
    return 0


if __name__ == "__main__":
    sys.exit(main())
