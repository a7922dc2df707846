"""What holds for every gunicorn of the shop; it reads this file by itself, where it is started.

Its log of requests, where it is turned on, names every address that was asked for, also those that
open an order.
"""

import logging

# The shop is imported once and its processes are forked from that: they start at once, and share
# the memory. Nothing is connected to anything by then.
preload_app = True
# A socket in the home folder that commands could come by: nobody sends any, and what runs the shop
# may write nowhere.
control_socket_disable = True


def post_worker_init(worker: object) -> None:  # noqa: ARG001  gunicorn's signature
    """Mask those links, and count how long requests take."""
    from storefront.core import measures  # noqa: PLC0415  as above
    from storefront.core.logs import MaskedLinks  # noqa: PLC0415  the shop can be imported by now

    logging.getLogger("gunicorn.access").addFilter(MaskedLinks())
    measures.keep_flushing()
