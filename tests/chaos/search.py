"""Looking for a secret in everything a shop leaves behind, in every shape it could have there."""

import json
import re
import subprocess
from base64 import b64encode
from collections.abc import Iterator
from email import policy
from email.parser import BytesParser
from html import escape
from urllib.parse import quote

from django.contrib.sessions.backends.db import SessionStore

from devtools.postgres import Postgres
from tests.stack import Stack


def shapes(secret: str) -> set[bytes]:
    """The secret as text, and as others would write it: each is a sign of a leak."""
    raw = secret.encode()
    texts = {
        secret,
        secret.lower(),
        secret.replace("-", ""),
        secret.replace("-", " "),
        secret[::-1],
    }
    texts |= {quote(secret, safe=""), escape(secret), json.dumps(secret).strip('"')}
    texts |= {"".join(f"%{byte:02X}" for byte in raw), "".join(f"\\u{ord(c):04x}" for c in secret)}
    found = {text.encode() for text in texts} | {secret.encode("utf-16-le")}
    found |= {raw.hex().encode(), raw.hex().upper().encode()}
    return found | set(_in_base64(raw))


def _in_base64(raw: bytes) -> Iterator[bytes]:
    """The part that stays the same whatever stands before and after, for each of the three cuts."""
    for before in range(3):
        text = b64encode(b"\0" * before + raw)
        first = -(-before * 8 // 6)
        last = (before + len(raw)) * 8 // 6
        yield text[first:last]
        yield text[first:last].replace(b"+", b"-").replace(b"/", b"_")


def hits(secret: str, place: bytes) -> list[bytes]:
    """The shapes in which the secret is in this place."""
    return [shape for shape in shapes(secret) if shape in place]


def database(shop: Stack) -> bytes:
    """A full dump as SQL, and what stands in it as bytes or packed into sessions."""
    program = Postgres(shop.folder, durable=False).programs / "pg_dump"
    dumped = subprocess.run(
        [program, "--dbname", shop.database_url], capture_output=True, check=True, timeout=60
    ).stdout
    parts = [dumped]
    parts += [
        bytes.fromhex(run.decode()) for run in re.findall(rb"\\\\x((?:[0-9a-f]{2})+)", dumped)
    ]
    for (packed,) in shop.rows("select session_data from django_session"):
        parts.append(repr(SessionStore().decode(packed)).encode())
    return b"\n".join(parts)


def broker(shop: Stack) -> bytes:
    """Every key with its value, as the server would save it and as it is read."""
    parts = []
    with shop.broker() as server:
        for key in server.keys("*"):
            parts += [key, server.dump(key) or b""]
            match server.type(key):
                case b"list":
                    parts += server.lrange(key, 0, -1)
                case b"set":
                    parts += server.smembers(key)
                case b"hash":
                    parts += [piece for pair in server.hgetall(key).items() for piece in pair]
                case b"zset":
                    parts += [member for member, _ in server.zscan_iter(key)]
                case b"string":
                    parts.append(server.get(key))
    return b"\n".join(parts)


def logs(shop: Stack) -> bytes:
    """What the shop's processes wrote; the partner knows its own codes."""
    files = [path for path in shop.folder.glob("*.log") if path.stem != "partner"]
    return b"\n".join(path.read_bytes() for path in files)


def mails(shop: Stack) -> bytes:
    """All mails, as sent and as read."""
    parts = []
    for path in (shop.folder / "mail").glob("*.log"):
        raw = path.read_bytes()
        message = BytesParser(policy=policy.default).parsebytes(raw)
        parts.append(raw)
        for part in message.walk():
            read = part.get_payload(decode=True)
            parts.append(read if isinstance(read, bytes) else b"")
    return b"\n".join(parts)
