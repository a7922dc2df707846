"""Phone numbers as people write them, made what networks understand: `+` and digits (E.164).

Pure. Which numbers exist is not known here; the partner's own pattern has the last word.
"""

import re

# Longest and shortest numbers there are, country code included.
_DIGITS = re.compile(r"\+[1-9][0-9]{6,14}\Z")
_SEPARATORS = re.compile(r"[\s().\-/\u00a0\u2010-\u2014]")
# Countries and their calling codes; those that share one name it each.
_CALLING = """
AD:376 AE:971 AF:93 AG:1 AI:1 AL:355 AM:374 AO:244 AR:54 AS:1 AT:43 AU:61 AW:297 AZ:994 BA:387
BB:1 BD:880 BE:32 BF:226 BG:359 BH:973 BI:257 BJ:229 BM:1 BN:673 BO:591 BR:55 BS:1 BT:975
BW:267 BY:375 BZ:501 CA:1 CD:243 CF:236 CG:242 CH:41 CI:225 CL:56 CM:237 CN:86 CO:57 CR:506
CU:53 CV:238 CW:599 CY:357 CZ:420 DE:49 DJ:253 DK:45 DM:1 DO:1 DZ:213 EC:593 EE:372 EG:20
ER:291 ES:34 ET:251 FI:358 FJ:679 FM:691 FO:298 FR:33 GA:241 GB:44 GD:1 GE:995 GF:594 GH:233
GI:350 GL:299 GM:220 GN:224 GP:590 GQ:240 GR:30 GT:502 GU:1 GW:245 GY:592 HK:852 HN:504 HR:385
HT:509 HU:36 ID:62 IE:353 IL:972 IN:91 IQ:964 IR:98 IS:354 IT:39 JM:1 JO:962 JP:81 KE:254
KG:996 KH:855 KI:686 KM:269 KN:1 KP:850 KR:82 KW:965 KY:1 KZ:7 LA:856 LB:961 LC:1 LI:423 LK:94
LR:231 LS:266 LT:370 LU:352 LV:371 LY:218 MA:212 MC:377 MD:373 ME:382 MG:261 MH:692 MK:389
ML:223 MM:95 MN:976 MO:853 MQ:596 MR:222 MS:1 MT:356 MU:230 MV:960 MW:265 MX:52 MY:60 MZ:258
NA:264 NC:687 NE:227 NG:234 NI:505 NL:31 NO:47 NP:977 NR:674 NZ:64 OM:968 PA:507 PE:51 PF:689
PG:675 PH:63 PK:92 PL:48 PR:1 PS:970 PT:351 PW:680 PY:595 QA:974 RE:262 RO:40 RS:381 RU:7
RW:250 SA:966 SB:677 SC:248 SD:249 SE:46 SG:65 SI:386 SK:421 SL:232 SM:378 SN:221 SO:252
SR:597 SS:211 ST:239 SV:503 SX:1 SY:963 SZ:268 TC:1 TD:235 TG:228 TH:66 TJ:992 TL:670 TM:993
TN:216 TO:676 TR:90 TT:1 TV:688 TW:886 TZ:255 UA:380 UG:256 US:1 UY:598 UZ:998 VA:39 VC:1
VE:58 VG:1 VI:1 VN:84 VU:678 WS:685 XK:383 YE:967 ZA:27 ZM:260 ZW:263
"""
DIAL_CODES = dict(pair.split(":") for pair in _CALLING.split())
# Where a number is dialled at home with a digit before it that is not part of it elsewhere ...
_TRUNK = "0"
_TRUNKS = {"RU": "8", "KZ": "8", "BY": "80", "LT": "8", "HU": "06", "MX": "01"}
# ... and where the first zero is part of it.
_ZERO_STAYS = {"IT", "SM", "VA", "CI"}


def international(text: str, country: str) -> str | None:
    """`+971501234567` for `050 123 45 67` in AE, `00971...` or `+971...`; None for what is none.

    A number without a plus counts as one of that country; it may repeat the country's code.
    """
    digits = _SEPARATORS.sub("", text)
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    if not digits.startswith("+"):
        code = DIAL_CODES.get(country)
        if code is None or not digits.isascii() or not digits.isdecimal():
            return None
        digits = _at_home(digits, country, code)
    return digits if _DIGITS.match(digits) else None


def spellings(number: str, country: str) -> list[str]:
    """How else a partner may want the same number: with the plus, without, as dialled at home."""
    code = DIAL_CODES.get(country, "")
    bare = number.removeprefix("+")
    home = bare.removeprefix(code) if code and bare.startswith(code) else ""
    return [number, bare, *([home, _TRUNKS.get(country, _TRUNK) + home] if home else [])]


def grouped(number: str) -> str:
    """The number in groups of three from the right, for reading it back: `+971 501 234 567`."""
    plus, digits = number[:1] == "+", number.lstrip("+")
    code = next((c for n in (1, 2, 3) if (c := digits[:n]) in _CODES), "") if plus else ""
    rest = digits.removeprefix(code)
    head = len(rest) % 3
    groups = [rest[:head], *(rest[at : at + 3] for at in range(head, len(rest), 3))]
    if head == 1 and len(groups) > 1:  # no digit stands alone
        groups[:2] = [groups[0] + groups[1]]
    return ("+" if plus else "") + " ".join(filter(None, [code, *groups]))


def _at_home(digits: str, country: str, code: str) -> str:
    trunk = _TRUNKS.get(country, _TRUNK)
    # Numbers of +7 begin with a 7 at home, too: there only the length tells.
    shortest = 11 if code == "7" else len(code) + 7
    if digits.startswith(code) and len(digits) >= shortest and not digits.startswith(trunk):
        return "+" + digits
    if country not in _ZERO_STAYS:
        digits = digits.removeprefix(trunk)
    return f"+{code}{digits}"


_CODES = frozenset(DIAL_CODES.values())
