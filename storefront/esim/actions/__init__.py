"""Writing eSIMs: adopting what was delivered, and taking down what the partner says."""

from storefront.esim.actions.adopting import adopt, adopt_delivered, attach
from storefront.esim.actions.asking import ask, ask_soon, poll, refresh

__all__ = ["adopt", "adopt_delivered", "ask", "ask_soon", "attach", "poll", "refresh"]
