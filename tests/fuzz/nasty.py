"""What strangers send, by chance: texts that break parsers more often than fair ones do.

FUZZ_EXAMPLES says how many each test tries; a find is kept as an `@example` of its test.
"""

import os
from itertools import count
from urllib.parse import quote_from_bytes

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

# The database belongs to the whole test: what one example leaves there is the next one's past.
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "40"))
fuzzed = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
# Where each example is several pages.
fuzzed_by_few = settings(fuzzed, max_examples=max(EXAMPLES // 4, 1))

NASTY = [
    b"", b"\0", b"\xff\xfe", b"\xed\xa0\x80", b"\xc3(", b"%", b"%00", b"%%%", b"..", b"/", b"//",
    b"\\", b"\r\n", b"\n", b"' OR 1=1 --", b"<script>", b"{{7*7}}", b"${x}", b"-1", b"0",
    b"1e400", b"NaN", b"Infinity", b"9" * 30, b"9" * 5000, b"1.5", b"1,5", b"0x10", b"_", b"1_0",
    b"[", b"http://[", b"//[", b"[]", b"{}", b"null", b"true", b"a" * 3000, "١٢٣".encode(),
    "²".encode(), "ı".encode(), "\u202e".encode(), "\ufeff".encode(), "😀".encode(),
    "é".encode() * 200, b"00000000-0000-0000-0000-000000000000", b"K7QF-3M9D-XA4T",
    b"alice@example.com", b"+971501234567", b"LPA:1$a$b", b"89" + b"0" * 18,
]  # fmt: skip

texts = st.one_of(
    st.sampled_from(NASTY),
    st.text(max_size=30).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.binary(max_size=20),
    st.lists(st.sampled_from(NASTY), min_size=2, max_size=3).map(b"".join),
)
# As servers hand them on: bytes as Latin-1, without ends of lines, which end a header.
headers = texts.map(lambda raw: raw.translate(None, b"\r\n\0").decode("latin-1"))

_caller = count(1)


def address() -> str:
    """Nobody's who was here before: what is limited is not what is asked here."""
    number = next(_caller)
    return f"100.64.{number // 250 % 250}.{number % 250 + 1}"


def written(pairs: list[tuple[str, bytes]]) -> str:
    """A query or a form's body."""
    return "&".join(f"{name}={quote_from_bytes(value, safe='')}" for name, value in pairs)
