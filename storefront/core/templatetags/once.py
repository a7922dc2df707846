"""`{% once store.name %}...{% endonce %}`: a part of a page that is drawn once for each language.

It may depend on the values that are named, and on nothing else of the page it stands on.
"""

from django import template
from django.conf import settings
from django.template.base import FilterExpression, Node, NodeList, Parser, Token
from django.template.context import Context
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()

# Texts kept for one place in a template.
REMEMBERED = 50


class Once(Node):
    """The text it drew, under language and values."""

    def __init__(self, nodelist: NodeList, values: list[FilterExpression]) -> None:
        self.nodelist = nodelist
        self._values = values
        self._drawn: dict[tuple[object, ...], SafeString] = {}

    def render(self, context: Context) -> SafeString:
        """Nothing is remembered where no pages are kept: somebody may be editing templates."""
        if not settings.PAGE_CACHE_BYTES:
            return self.nodelist.render(context)
        key = (get_language(), *(value.resolve(context) for value in self._values))
        drawn = self._drawn.get(key)
        if drawn is None:
            if len(self._drawn) >= REMEMBERED:
                self._drawn.clear()
            drawn = self._drawn[key] = self.nodelist.render(context)
        return drawn


@register.tag
def once(parser: Parser, token: Token) -> Once:
    """The values are variables, which may have filters."""
    values = [parser.compile_filter(word) for word in token.split_contents()[1:]]
    nodelist = parser.parse(("endonce",))
    parser.delete_first_token()
    return Once(nodelist, values)
