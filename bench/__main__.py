"""`make bench`: pages, selling, webhooks, buying and a sync, each beside its floor.

Machines are noisy and differ; figures of one run do not compare with those of another. So the
floor and the shop are asked in alternating rounds, and only their ratio counts. What is compared is
processor time per answer, which is steadier than time on the clock. A run with a failed answer is
no result.
"""

import sys

from bench import fulfilment, pages, selling, sync, webhooks


def main() -> int:
    """All, in sizes that take a few minutes."""
    pages.report()
    selling.report()
    webhooks.report()
    fulfilment.report()
    sync.report()
    return 0


if __name__ == "__main__":
    sys.exit(main())
