"""Codes, serial numbers, ICCIDs and activation codes: like nothing real, unlike words, never twice.

Everything follows from a seed and how many were made before, so that a run can be repeated.
"""

import hashlib
import hmac
import uuid

# No vowels (no words), nothing that reads like something else.
_LETTERS = "BCDFGHJKMNPQRTVWXYZ2346789"
_GROUPS = 4


class Mint:
    """Makes secrets one after another."""

    def __init__(self, seed: int = 1, issued: int = 0) -> None:
        """Continue after `issued` secrets of this seed."""
        self._key = f"sandbox-{seed}".encode()
        self.issued = issued

    def code(self) -> str:
        """Return a voucher code of four groups of four, such as BCDF-2346-GHJK-789M."""
        number = self._digest("code")
        letters = []
        for _ in range(4 * _GROUPS):
            number, index = divmod(number, len(_LETTERS))
            letters.append(_LETTERS[index])
        text = "".join(letters)
        return "-".join(text[at : at + 4] for at in range(0, len(text), 4))

    def serial(self) -> str:
        """Return a serial number: SN and twelve digits."""
        return f"SN{self._digest('serial') % 10**12:012d}"

    def iccid(self) -> str:
        """Return a 19-digit ICCID with a right check digit, under a prefix no network uses."""
        body = f"899901{self._digest('iccid') % 10**12:012d}"
        return body + _luhn(body)

    def matching_id(self) -> str:
        """Return the part of an LPA string that one eSIM is known by."""
        return self.code().replace("-", "")

    def uuid(self) -> str:
        """Return a random-looking UUID."""
        return str(uuid.UUID(int=self._digest("uuid") % 2**128, version=4))

    def _digest(self, kind: str) -> int:
        self.issued += 1
        message = f"{kind}-{self.issued}".encode()
        return int.from_bytes(hmac.digest(self._key, message, hashlib.sha256), "big")


def _luhn(digits: str) -> str:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)
