"""Writing eSIMs: adopting what was delivered, and taking down what the partner says."""

from storefront.esim.actions.adopting import adopt, attach
from storefront.esim.actions.asking import ask, ask_soon, poll, refresh

__all__ = ["adopt", "ask", "ask_soon", "attach", "poll", "refresh"]
