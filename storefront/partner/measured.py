"""How long the partner takes to answer, by endpoint and outcome."""

from partner_api import Answer, PartnerError, Request, Transport
from storefront.core.measures import timed


class MeasuredTransport:
    """A transport whose calls are counted; it changes nothing about them."""

    def __init__(self, inner: Transport) -> None:
        self._inner = inner

    def send(self, request: Request) -> Answer:
        """See `Transport.send`. The outcome is the answer's hundred, or the failure's name."""
        with timed("partner") as label:
            label.append(request.endpoint.name)
            try:
                answer = self._inner.send(request)
            except PartnerError as error:
                label.append(type(error).__name__)
                raise
            label.append(f"{answer.status // 100}xx")
            return answer

    def close(self) -> None:
        """Close the inner one."""
        self._inner.close()
