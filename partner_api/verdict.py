"""From an HTTP answer that is not a success to the error that says what may be done next.

The table for placing calls errs on the side of "unknown": only an answer that is clearly the
partner's own refusal counts as one, because "rejected" ends in a refund and a wrong "rejected" in
goods bought for nobody. The words looked for are assumptions: error bodies are not documented.
"""

import re
from types import MappingProxyType

from partner_api import headers
from partner_api.answer import Answer
from partner_api.endpoints import Endpoint
from partner_api.errors import (
    AlreadyExists,
    ConfigurationError,
    MalformedAnswer,
    NotFound,
    OutOfFunds,
    OutOfStock,
    PartnerError,
    Rejected,
    Temporary,
    ThrottledRead,
    ThrottledWrite,
    UnknownOutcome,
)
from partner_api.problem import Problem, read_problem

_EXISTS = re.compile(r"external[ _-]?id|already|duplicate|idempoten|уже существует|повторн")
_FUNDS = re.compile(
    r"(insufficient|not enough|low|exceed\w*)[ _-](balance|funds?|money|credit|overdraft)"
    r"|(balance|funds?)([ _-]is|[ _-]are)?[ _-](too[ _-]low|insufficient|not[ _-]enough)"
    r"|недостаточно средств"
)
_STOCK = re.compile(
    r"(out[ _-]of|insufficient|not enough|no|low)[ _-]stock|sold[ _-]out"
    r"|stock( is)?[ _-](empty|exhausted)|нет в наличии"
)
_ROUTE = re.compile(r"\broute\b|method is not (supported|allowed)")


def verdict(endpoint: Endpoint, answer: Answer, now: float) -> PartnerError:
    """The error for an answer whose status is not 2xx. `now` is our clock in Unix seconds."""
    problem = read_problem(answer.body)
    if endpoint.method == "GET":
        kind, reason = _read_verdict(endpoint, answer.status, problem)
    else:
        kind, reason = _write_verdict(answer.status, problem)
    error = made(kind, endpoint, answer, now, reason=reason, excerpt=problem.excerpt)
    if isinstance(error, Rejected):
        error.field_errors = MappingProxyType(problem.field_errors)
    return error


def made(
    kind: type[PartnerError],
    endpoint: Endpoint,
    answer: Answer,
    now: float,
    *,
    reason: str,
    excerpt: str = "",
) -> PartnerError:
    """An error of this kind carrying all that the answer tells about itself."""
    return kind(
        reason.replace("-", " "),
        endpoint=endpoint.name,
        reason=reason,
        status=answer.status,
        request_id=headers.request_id(answer.headers),
        excerpt=excerpt,
        retry_after=headers.retry_after(answer.headers, now),
        clock_skew=headers.clock_skew(answer.headers, now),
    )


_Verdict = tuple[type[PartnerError], str]


def _write_verdict(status: int, problem: Problem) -> _Verdict:
    match status:
        case 401 | 403:
            return ConfigurationError, "not-authorised"
        case 402:
            return OutOfFunds, "out-of-funds"
        case 409:
            return AlreadyExists, "already-exists"
        case 429:
            return ThrottledWrite, "throttled"
        case 405:
            return ConfigurationError, "wrong-path"
        case 400 | 404 | 422 if problem.is_json:
            return _refusal(status, problem)
    return UnknownOutcome, "redirect" if 300 <= status < 400 else f"status-{status}"


def _refusal(status: int, problem: Problem) -> _Verdict:
    if status == 404:
        if _ROUTE.search(problem.words):
            return ConfigurationError, "wrong-path"
    elif _EXISTS.search(problem.words):
        return AlreadyExists, "already-exists"
    if _FUNDS.search(problem.words):
        return OutOfFunds, "out-of-funds"
    if _STOCK.search(problem.words):
        return OutOfStock, "out-of-stock"
    return Rejected, "rejected"


def _read_verdict(endpoint: Endpoint, status: int, problem: Problem) -> _Verdict:
    match status:
        case 401 | 403:
            return ConfigurationError, "not-authorised"
        case 404 if problem.is_json and endpoint.placeholders and not _ROUTE.search(problem.words):
            return NotFound, "not-found"
        case 404 | 405 if problem.is_json:
            return ConfigurationError, "wrong-path"
        case 429:
            return ThrottledRead, "throttled"
        case _ if 300 <= status < 400:
            return MalformedAnswer, "redirect"
    return Temporary, f"status-{status}"
