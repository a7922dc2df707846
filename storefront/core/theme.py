"""How an owner makes the shop theirs by the environment: the accent's colour, and a logo.

It must not know any setting; `storefront.settings` calls it. `core.brand` serves what it makes.
"""

from dataclasses import dataclass
from hashlib import sha256
from math import cos, radians, sin
from pathlib import Path

# As static/css/tokens.css has them: the hue of oklch in degrees, and its chroma.
HUE, CHROMA = 264.0, 0.2
MOST_CHROMA = 0.3
# What WCAG asks of words; the accent is the ground of buttons and the colour of some words.
LEAST_CONTRAST = 4.5
# The accent's lightness in light, and the darkest ground it stands on there.
_LIGHTNESS, _GROUND = 0.49, (0.945, 0.012, 85.0)

LARGEST_LOGO = 256 * 1024
LOGOS = {".svg": "image/svg+xml", ".png": "image/png", ".webp": "image/webp"}


class UnusableTheme(ValueError):  # noqa: N818  the failure is the name
    """The words begin with the variable's name."""


@dataclass(frozen=True)
class Theme:
    """The rules and the picture as they are served; each is empty where nothing was changed.

    The versions name their contents, so that browsers may keep them for ever.
    """

    rules: bytes = b""
    logo: bytes = b""
    logo_type: str = ""

    @property
    def rules_version(self) -> str:
        """Of the rules."""
        return sha256(self.rules).hexdigest()[:12]

    @property
    def logo_version(self) -> str:
        """Of the logo."""
        return sha256(self.logo).hexdigest()[:12]


def read_theme(hue: float, chroma: float, logo: str) -> Theme:
    """From the environment; `logo` is the path of a file. Raises UnusableTheme."""
    if not 0 <= hue <= 360:
        raise UnusableTheme("ACCENT_HUE must be 0 to 360")
    if not 0 <= chroma <= MOST_CHROMA:
        raise UnusableTheme(f"ACCENT_CHROMA must be 0 to {MOST_CHROMA}")
    if contrast(hue, chroma) < LEAST_CONTRAST:
        raise UnusableTheme("ACCENT_CHROMA is too much for ACCENT_HUE: words could not be read")
    rules = ""
    if (hue, chroma) != (HUE, CHROMA):
        rules = f"--accent-hue: {hue:g}; --accent-chroma: {chroma:g};"
        rules = f"@layer tokens {{ :root {{ {rules} }} }}\n"
    picture, kind = _logo(logo) if logo else (b"", "")
    return Theme(rules.encode(), picture, kind)


def contrast(hue: float, chroma: float) -> float:
    """Of the accent on the darkest of the light grounds; as WCAG counts it, 1 to 21."""
    ground, accent = _luminance(*_GROUND), _luminance(_LIGHTNESS, chroma, hue)
    return (ground + 0.05) / (accent + 0.05)


def _logo(path: str) -> tuple[bytes, str]:
    kind = LOGOS.get(Path(path).suffix.lower())
    if kind is None:
        raise UnusableTheme(f"STORE_LOGO must end with one of: {', '.join(LOGOS)}")
    try:
        picture = Path(path).read_bytes()
    except OSError:
        raise UnusableTheme("STORE_LOGO is no file that can be read") from None
    if not 0 < len(picture) <= LARGEST_LOGO:
        raise UnusableTheme(f"STORE_LOGO must have at most {LARGEST_LOGO // 1024} KB")
    return picture, kind


def _luminance(lightness: float, chroma: float, hue: float) -> float:
    """Of an oklch colour as a screen shows it, 0 to 1: what it can't show is cut off."""
    a, b = chroma * cos(radians(hue)), chroma * sin(radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short
    shown = [min(1.0, max(0.0, part)) for part in (red, green, blue)]
    return 0.2126 * shown[0] + 0.7152 * shown[1] + 0.0722 * shown[2]
