"""`python -m partner_api.sandbox --port N`: the sandbox partner as a process of its own."""

import argparse
import os
import signal
import sys
from pathlib import Path

from partner_api.sandbox.app import SECRET, TOKEN, Sandbox
from partner_api.sandbox.server import address, bind

_SIGNALS = (signal.SIGTERM, signal.SIGINT)


def main(arguments: list[str] | None = None) -> int:
    """Serve until SIGTERM or SIGINT; print one line when ready. Return the exit status."""
    options = _parser().parse_args(arguments)
    for number in _SIGNALS:
        signal.signal(number, _interrupt)
    try:
        return _serve(options)
    except KeyboardInterrupt:
        return 0
    finally:
        # Python gives a handler of ours back before it ends, but leaves what is ignored so.
        for number in _SIGNALS:
            signal.signal(number, signal.SIG_IGN)


def _serve(options: argparse.Namespace) -> int:
    sandbox = Sandbox(
        token=options.token,
        secret=options.secret,
        products=options.products,
        webhook_url=options.webhook_url,
        time_scale=options.time_scale,
        state=options.state,
    )
    try:
        server = bind(sandbox, host=options.host, port=options.port)
    except OSError as error:
        sys.stderr.write(f"cannot listen on {options.host}:{options.port}: {error.strerror}\n")
        return 1
    try:
        url = address(server)
        sys.stdout.write(f"sandbox partner ready at {url} (control page: {url}/_control/)\n")
        sys.stdout.flush()
        server.serve_forever()
    finally:
        sandbox.close()
        server.server_close()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m partner_api.sandbox", description=__doc__)
    token = os.environ.get("PARTNER_API_TOKEN") or TOKEN
    # Several secrets may be named while one is being replaced; the first signs.
    secret = (os.environ.get("PARTNER_API_SECRET") or SECRET).split(",")[0].strip()
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True, help="0 takes any free port")
    parser.add_argument("--products", type=int, help="size of the catalog (default: the demo's)")
    parser.add_argument("--webhook-url", help="where orders' webhooks go (default: nowhere)")
    parser.add_argument("--token", default=token, help="default: PARTNER_API_TOKEN")
    parser.add_argument("--secret", default=secret, help="default: PARTNER_API_SECRET")
    parser.add_argument("--time-scale", type=float, default=1.0, help="factor on every wait")
    parser.add_argument("--state", type=Path, help="file that keeps orders and money")
    return parser


def _interrupt(_number: int, _frame: object) -> None:
    # Ctrl-C reaches a whole group, and its leader passes it on: the second one changes nothing. It
    # may be waiting already, and Python complains about one it finds ignored by then.
    for number in _SIGNALS:
        signal.signal(number, _once_is_enough)
    raise KeyboardInterrupt


def _once_is_enough(_number: int, _frame: object) -> None:
    """We are leaving."""


if __name__ == "__main__":
    sys.exit(main())
