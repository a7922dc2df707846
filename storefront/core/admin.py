"""What admin pages share."""

from django.http import HttpRequest


class Helped:
    """An admin whose list says what it is for: a paragraph each in `help`."""

    list_before_template = "staff/help.html"
    help: tuple[str, ...]


class ReadOnly:
    """An admin that shows and never writes: rows are written by actions alone."""

    # ARG002: the signatures are Django's, which asks an inline with the row it stands in.
    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:  # noqa: ARG002
        """Nobody adds rows by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:  # noqa: ARG002
        """Nobody changes rows by hand."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:  # noqa: ARG002
        """Nobody deletes rows by hand."""
        return False


class ReadOnlyPart(ReadOnly):
    """A table inside a page: whoever may see the page may see it."""

    def has_view_permission(self, request: HttpRequest, obj: object = None) -> bool:  # noqa: ARG002
        """The page was asked already."""
        return True
