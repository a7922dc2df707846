"""A request and an answer as the sandbox sees them, between WSGI and the endpoints.

Answers are shaped like those of the PHP framework whose cursors the reference shows: refusals are
`{message, errors: {field: [..]}}` for who accepts JSON, redirects or pages for who does not.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

#: A body above this size is refused with 413 (bytes).
LARGEST_BODY = 1024 * 1024

Json = dict[str, Any]


@dataclass(slots=True)
class Request:
    """One request; header names are lower case, the last of two equal query keys wins."""

    method: str
    path: str
    query: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    #: How much later than the clock says the request counts as arrived (the `late` fault; seconds).
    delay: float = 0.0
    #: Faults that change what a handler finds, by name (see `faults`).
    soft: dict[str, Json] = field(default_factory=dict)

    @property
    def expects_json(self) -> bool:
        """Whether the caller said it accepts JSON; without it, refusals become redirects."""
        first = self.headers.get("accept", "").split(",")[0]
        return "/json" in first or "+json" in first

    def json(self) -> Json:
        """Return the body's JSON object. Refused with 400 for anything else."""
        try:
            value = json.loads(self.body or b"{}", parse_float=Decimal, parse_constant=_no_constant)
        except (ValueError, RecursionError, ArithmeticError):
            raise Refused(400, "The request body is not valid JSON.") from None
        if not isinstance(value, dict):
            raise Refused(400, "The request body must be a JSON object.")
        return value


@dataclass(slots=True)
class Response:
    """One answer: `payload` becomes JSON unless `raw` or `chunks` say what is sent instead."""

    status: int = 200
    payload: Any = None
    headers: list[tuple[str, str]] = field(default_factory=list)
    raw: bytes | None = None
    chunks: Iterable[bytes] | None = None
    content_type: str = "application/json"
    #: What Content-Length claims; None for the truth.
    claimed_length: int | None = None

    def body(self) -> bytes:
        """Return the bytes that are sent when `chunks` is not used."""
        return encode(self.payload) if self.raw is None else self.raw

    @property
    def reason(self) -> str:
        """Return the status line without the version."""
        return f"{self.status} {HTTPStatus(self.status).phrase}"


class Refused(Exception):  # noqa: N818  it is an answer, not a failure of the sandbox
    """The partner says no. `errors` names the fields, as validation does (status 422)."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        errors: Mapping[str, list[str]] | None = None,
        headers: Iterable[tuple[str, str]] = (),
    ) -> None:
        """Keep what will be answered."""
        super().__init__(message)
        self.status = status
        self.payload: Json = {"message": message}
        if errors:
            self.payload["errors"] = dict(errors)
        self.headers = list(headers)

    def response(self, request: Request) -> Response:
        """Return the refusal: JSON for who accepts it, else a redirect (401, 422) or a page."""
        if request.expects_json:
            return Response(self.status, self.payload, list(self.headers))
        if self.status in {401, 422}:
            place = "/login" if self.status == 401 else "/"
            return page(302, "Redirecting", headers=[("Location", place)])
        return page(self.status, HTTPStatus(self.status).phrase, headers=self.headers)


def invalid(field_name: str, sentence: str) -> Refused:
    """Return the 422 of one field."""
    return Refused(422, sentence, errors={field_name: [sentence]})


def page(status: int, title: str, headers: Iterable[tuple[str, str]] = ()) -> Response:
    """Return a small HTML page, as a web framework shows to browsers."""
    html = f"<!DOCTYPE html><html><head><title>{title}</title></head><body>{title}</body></html>"
    return Response(
        status, raw=html.encode(), headers=list(headers), content_type="text/html; charset=UTF-8"
    )


def encode(value: object) -> bytes:
    """Return compact JSON; a Decimal becomes the number it is."""
    return json.dumps(value, default=_number, ensure_ascii=False, separators=(",", ":")).encode(
        "utf-8", "surrogatepass"
    )


def request_from(environ: Mapping[str, Any]) -> Request:
    """Read a WSGI environ. Refused with 413 when the body is too large."""
    headers = {
        key[5:].replace("_", "-").lower(): str(value)
        for key, value in environ.items()
        if key.startswith("HTTP_")
    }
    headers["content-type"] = str(environ.get("CONTENT_TYPE") or "")
    path = (
        str(environ.get("PATH_INFO", "/")).encode("latin-1", "replace").decode("utf-8", "replace")
    )
    query = parse_qsl(str(environ.get("QUERY_STRING", "")), keep_blank_values=True)
    request = Request(str(environ["REQUEST_METHOD"]), path, dict(query), headers)
    length = str(environ.get("CONTENT_LENGTH") or "0")
    if not re.fullmatch(r"[0-9]{1,12}", length):
        raise Refused(400, "Bad Content-Length.")
    if int(length) > LARGEST_BODY:
        raise Refused(413, "The request body is too large.")
    request.body = environ["wsgi.input"].read(int(length)) if int(length) else b""
    return request


def _number(value: object) -> object:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is not JSON")
