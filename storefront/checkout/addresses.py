"""Typing errors in e-mail addresses: a hint, never a refusal. Pure."""

# Where most people's mail is. Those are never corrected, and only the longer ones are suggested.
_PROVIDERS = (
    "gmail.com", "googlemail.com", "yahoo.com", "ymail.com", "hotmail.com", "outlook.com",
    "icloud.com", "live.com", "msn.com", "aol.com", "mail.com", "email.com", "proton.me",
    "protonmail.com", "gmx.com", "gmx.net", "gmx.de", "web.de", "t-online.de", "orange.fr",
    "libero.it", "mail.ru", "yandex.ru", "yandex.com", "rambler.ru", "inbox.ru", "list.ru",
    "bk.ru", "internet.ru", "ya.ru", "ukr.net", "tut.by", "zoho.com", "me.com", "mac.com",
    "fastmail.com", "hey.com", "qq.com", "naver.com", "pm.me",
)  # fmt: skip
_SHORTEST = 7
# Endings that do not exist, typed instead of `.com`.
_ENDINGS = (".con", ".cmo", ".ocm", ".vom", ".xom", ".comm", ".coom")


def suggestion(email: str) -> str:
    """The address that was probably meant, or nothing: `a@gmial.com` is `a@gmail.com`."""
    local, _, domain = email.strip().rpartition("@")
    domain = domain.lower()
    if not local or not domain or domain in _PROVIDERS:
        return ""
    for provider in _PROVIDERS:
        allowed = 2 if len(provider) > 9 else 1
        if len(provider) >= _SHORTEST and _distance(domain, provider, allowed) <= allowed:
            return f"{local}@{provider}"
    for ending in _ENDINGS:
        if domain.endswith(ending):
            return f"{local}@{domain.removesuffix(ending)}.com"
    return ""


def _distance(one: str, other: str, most: int) -> int:
    """Letters to insert, drop, change or swap with their neighbour; above `most` any number."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    older: list[int] = []
    before = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        now = [row]
        for column, wanted in enumerate(other, 1):
            best = min(before[column] + 1, now[-1] + 1, before[column - 1] + (letter != wanted))
            if row > 1 and column > 1 and (letter, one[row - 2]) == (other[column - 2], wanted):
                best = min(best, older[column - 2] + 1)
            now.append(best)
        older, before = before, now
    return before[-1]
