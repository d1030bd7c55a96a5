"""Examples for help, by the subcommand's words. The root's are one story; any other is a whole line that works in a store ready for it."""

import re

WORD = r"""(?:"[^"]*"|'[^']*'|[^\s"'])+"""
UNIT = re.compile(rf"(?:--?[a-z-]+|<|>)\s(?!-+\w){WORD}|{WORD}")
"""What a line is broken between: an option stays with its value."""

EXAMPLES: dict[str, tuple[str, ...]] = {
    "": (
        "dispute init",
        'dispute order create O-1 --price 50.00 --delivery 5.00 --title "Blue cup"',
        "dispute tick 31d",
        'dispute open O-1 --not-received --reason delivery_overdue --message "It never came"',
        "dispute status O-1",
    ),
    "init": ("dispute init", "dispute init --start 2026-06-01 --seed 7", "dispute init --store other.json --clock wall"),
    "order": ("dispute order create O-1 --price 50.00 --delivery 5.00", "dispute order ship O-1 --tracking LP00117"),
    "order create": (
        "dispute order create O-1 --price 50.00 --delivery 5.00",
        'dispute order create O-2 --item "Blue cup=12.50" --item "Red cup=13.00" --delivery 4.00',
        "dispute order create O-3 --price 5000 --currency JPY --deliver-by 2026-02-15",
    ),
    "order ship": ("dispute order ship O-1 --tracking LP00117",),
    "order deliver": ("dispute order deliver O-1",),
    "order confirm": ("dispute order confirm O-1", "dispute order confirm O-1 --yes"),
    "open": (
        'dispute open O-1 --not-received --reason wrong_tracking --message "It never came"',
        'dispute open O-1 --received --reason defective --refund 20.00 --message "Broken" --evidence cup.png',
        "dispute open O-1 --received --reason damaged --refund full --message - --link https://example.com/film < text.txt",
    ),
    "edit": (
        'dispute edit O-1 --reason defective --refund 15.00 --no-return --message "15 would do"',
        "dispute edit O-1 --keep",
    ),
    "cancel": ("dispute cancel O-1", "dispute cancel O-1 --yes"),
    "respond": (
        "dispute respond O-1 --accept",
        'dispute respond O-1 --refund 10.00 --message "Half of it"',
        'dispute respond O-1 --promise "A new cup leaves today"',
    ),
    "accept": ("dispute accept O-1", "dispute accept O-1 --yes", "dispute accept O-1 --as seller"),
    "extend-protection": ("dispute extend-protection O-1 --days 20", "dispute extend-protection O-1 --grant --days 10"),
    "escalate": ("dispute escalate O-1", "dispute escalate O-1 --confirm"),
    "add-evidence": (
        'dispute add-evidence O-1 cup.png --note "The crack"',
        "dispute add-evidence O-1 --link https://example.com/film",
        "dispute add-evidence O-1 cup.png --as seller",
    ),
    "message": ('dispute message O-1 "Where is it?"', "dispute message O-1 - --as seller < text.txt"),
    "return": ("dispute return send O-1 --tracking RX1 --postage 8.40",),
    "return send": ("dispute return send O-1 --tracking RX1 --postage 8.40",),
    "return acknowledge": ("dispute return acknowledge O-1",),
    "return refuse": ('dispute return refuse O-1 --reason "The box is empty"',),
    "review": ("dispute review request-evidence O-1 --from buyer",),
    "review request-evidence": (
        "dispute review request-evidence O-1 --from buyer",
        "dispute review request-evidence O-1 --from seller --days 3",
    ),
    "review rule": (
        'dispute review rule O-1 --refund 20.00 --reason "The photo shows the crack"',
        'dispute review rule O-1 --refund 0 --reason "Nothing was shown"',
    ),
    "status": (
        "dispute status",
        "dispute status O-1",
        "dispute status --due 2d --actor buyer",
        "dispute status O-1 --at 2026-03-01",
        "dispute status O-1 --query order.status",
    ),
    "forecast": ("dispute forecast O-1", "dispute forecast O-1 --json --query silence"),
    "page": ("dispute page O-1 --output order.html", "dispute page --output list.html", "dispute page O-1 --at 2026-03-01 --output march.html"),
    "tick": (
        "dispute tick 30d",
        "dispute tick --to 2026-03-01",
        "dispute tick --next",
        "dispute tick --next --before",
        "dispute tick --until-idle",
    ),
    "events": ("dispute events O-1", "dispute events --since 2 --json", "dispute events --type settled --type closed"),
    "ledger": ("dispute ledger", "dispute ledger O-1 --query balances"),
    "deadlines": ("dispute deadlines", "dispute deadlines --within 7d"),
    "evidence": ("dispute evidence list O-1",),
    "evidence list": ("dispute evidence list O-1",),
    "evidence export": (
        "dispute evidence export O-1 $(dispute evidence list O-1 --query 'evidence[0].hash' --raw) copy.png",
    ),
    "reasons": ("dispute reasons", "dispute reasons --query 'reasons[?received].reason'"),
    "rules": ("dispute rules", "dispute rules D7"),
    "policy": ("dispute policy list", "dispute policy show"),
    "policy list": ("dispute policy list",),
    "policy check": ("dispute policy check", "dispute policy check aliexpress --json --query 'policies[].holds'"),
    "policy show": ("dispute policy show aliexpress", "dispute policy show --query policy.protection.days"),
    "policy diff": ("dispute policy diff aliexpress ebay", "dispute policy diff ebay paypal --fields key,left,right"),
    "lifecycle": ("dispute lifecycle", "dispute lifecycle --draw mermaid", "dispute lifecycle aliexpress --draw dot"),
    "schema": ("dispute schema", "dispute schema order", "dispute schema commands"),
    "verify": ("dispute verify",),
    "repair": ("dispute repair",),
    "backup": ("dispute backup copy.json",),
    "copy": (
        "dispute copy --from disputes.json --to shop.json",
        "dispute copy --from disputes.json --to shop.json --dry-run",
    ),
    "batch": (
        "dispute batch lines.txt",
        "dispute batch lines.txt --atomic",
        "dispute batch --keep-going < lines.txt",
    ),
    "test": (
        "dispute test tests/scenarios",
        "dispute test silent.dispute.yaml --from 3 --to 3",
        "dispute test . --tags 'silence and not slow' --report-junit report.xml",
    ),
    "record": ("dispute record O-1", "dispute record O-1 --output story.dispute.yaml"),
    "demo": ("dispute demo",),
    "config": ("dispute config list",),
    "config list": ("dispute config list",),
    "config get": ("dispute config get store",),
    "config set": ("dispute config set store shop.json", "dispute config set lock_timeout 5s --user"),
    "config unset": ("dispute config unset store",),
    "config path": ("dispute config path",),
    "completion": ("source <(dispute completion bash)", "dispute completion fish > dispute.fish"),
    "help": ("dispute help", "dispute help time", "dispute help order create"),
}


def folded(line: str, width: int, indent: str) -> str:
    """A command line as a shell takes it, over several lines where it is wider than the page."""
    rows = [indent]
    for unit in UNIT.findall(line):
        # Two columns stay free for the ` \\` that a longer line ends with.
        if len(rows[-1]) + len(unit) + 3 > width and rows[-1].strip():
            rows.append(indent * 2)
        rows[-1] += unit if rows[-1].isspace() else f" {unit}"
    return " \\\n".join(rows) + "\n"
