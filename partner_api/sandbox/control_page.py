"""The page at /_control/: balance, orders, webhooks, requests. Read-only, and without codes."""

from collections.abc import Iterable
from html import escape

from partner_api.sandbox.wire import Json

_STYLE = """
:root{color-scheme:light dark;--line:color-mix(in srgb,currentColor 15%,transparent)}
body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:72rem;padding:0 1rem}
h1{font-size:1.4rem}h2{font-size:1.05rem;margin:2rem 0 .5rem}
dl{display:flex;flex-wrap:wrap;gap:1rem 2.5rem;margin:0}dt{font-size:.8rem;opacity:.7}
dd{margin:0;font-size:1.3rem;font-variant-numeric:tabular-nums}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{text-align:left;padding:.35rem .75rem .35rem 0;border-bottom:1px solid var(--line)}
th,td{white-space:nowrap}th{font-size:.8rem;opacity:.7;font-weight:600}
.odd{font-weight:700}p{max-width:44rem}p.none{opacity:.7}
"""
_ABOUT = (
    "A partner made for trying things out: no money moves and no code is worth anything."
    " docs/sandbox.md lists the trouble it can make on request."
)
_SHOWN = 100


def render(ledger: Json, state: Json) -> str:
    """Return the page for a ledger and a state as the control API gives them."""
    balance = ledger["balance"]
    figures = [
        ("Available", f"{balance['available_balance']} {balance['currency']}"),
        ("Balance", balance["balance"]),
        ("Reserved", balance["reserved_amount"]),
        ("Orders", len(ledger["orders"])),
        ("Charges", len(ledger["charges"])),
        ("Webhooks", state["webhooks"]["mode"]),
        ("Time scale", state["time"]["scale"]),
    ]
    body = "".join(
        f"<div><dt>{escape(str(k))}</dt><dd>{escape(str(v))}</dd></div>" for k, v in figures
    )
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>Sandbox partner</title><style>{_STYLE}</style></head><body>"
        f"<h1>Sandbox partner</h1><p>{_ABOUT}</p><dl>{body}</dl>"
        + _table("Faults in force", "endpoint fault next details", map(_fault, state["faults"]))
        + _table(
            "Orders",
            "created external_id item status total charged refunded delivered",
            map(_order, _newest(ledger["orders"])),
        )
        + _table(
            "Webhooks",
            "external_id status state tries answers",
            map(_webhook, _newest(ledger["webhooks"])),
        )
        + _table(
            "Requests",
            "at request status endpoint faults",
            map(_request, _newest(ledger["requests"])),
        )
        + "</body></html>"
    )


#: What a fault's details are when nobody asked for anything else.
_USUAL: Json = {"skip": 0, "page": None, "chance": 1.0}


def _newest(rows: list[Json]) -> list[Json]:
    return rows[::-1][:_SHOWN]


def _fault(rule: Json) -> list[object]:
    left = "until cleared" if rule["next"] is None else rule["next"]
    details = {
        key: value for key, value in rule.items() if key not in {"endpoint", "fault", "next"}
    }
    odd = [f"{key}: {value}" for key, value in details.items() if value != _USUAL.get(key)]
    return [rule["endpoint"], rule["fault"], left, ", ".join(odd)]


def _order(order: Json) -> list[object]:
    item = order["items"][0] if order["items"] else {}
    times = order["charges"]
    charged: object = "once" if times == 1 else Odd(f"{times} times")
    units = len(item.get("delivery_data") or [])
    return [
        _clock(order["created_at"]),
        order["external_id"],
        f"{item.get('quantity')} x {item.get('sku_name')}",
        order["status"],
        f"{order['total_amount']} {order['currency']}",
        charged,
        order["refunded"] or "",
        f"{units} of {item.get('quantity')}",
    ]


def _webhook(hook: Json) -> list[object]:
    answers = ", ".join(str(attempt["answer"]) for attempt in hook["tries"])
    forged = f" (forged: {hook['forged']})" if hook["forged"] else ""
    return [
        hook["external_id"],
        hook["status"],
        hook["state"] + forged,
        len(hook["tries"]),
        answers,
    ]


def _request(note: Json) -> list[object]:
    status = Odd("no answer") if note["status"] is None else note["status"]
    faults = ", ".join(note["faults"])
    return [
        _clock(note["at"]),
        f"{note['method']} {note['path']}",
        status,
        note["endpoint"] or "",
        faults,
    ]


class Odd(str):
    """A text that should be noticed."""

    __slots__ = ()


def _cell(value: object) -> str:
    mark = ' class="odd"' if isinstance(value, Odd) else ""
    return f"<td{mark}>{escape(str(value))}</td>"


def _clock(moment: str) -> str:
    return moment[11:19]


def _table(title: str, columns: str, rows: Iterable[list[object]]) -> str:
    heads = "".join(f'<th scope="col">{name.replace("_", " ")}</th>' for name in columns.split())
    lines = ["<tr>" + "".join(map(_cell, row)) + "</tr>" for row in rows]
    if not lines:
        return f'<h2>{title}</h2><p class="none">None.</p>'
    return (
        f'<h2>{title}</h2><div class="scroll"><table><thead><tr>{heads}</tr></thead>'
        f"<tbody>{''.join(lines)}</tbody></table></div>"
    )
