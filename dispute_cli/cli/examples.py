"""Examples for help, by the subcommand's words. Each is a whole command line that works in the order in which it stands."""

EXAMPLES: dict[str, tuple[str, ...]] = {
    "": (
        "dispute init",
        'dispute order create O-1 --price 50.00 --delivery 5.00 --title "Blue cup"',
        "dispute tick 31d",
        'dispute open O-1 --not-received --reason delivery_overdue --message "It never came"',
        "dispute status O-1",
    ),
    "init": ("dispute init", "dispute init --start 2026-06-01 --seed 7", "dispute --store other.json init --clock wall"),
    "order create": (
        "dispute order create O-1 --price 50.00 --delivery 5.00",
        'dispute order create O-2 --item "Blue cup=12.50" --item "Red cup=13.00" --delivery 4.00',
    ),
    "open": (
        'dispute open O-1 --not-received --reason delivery_overdue --message "It never came"',
        'dispute open O-1 --received --reason defective --refund 20.00 --message "Broken" --evidence cup.png',
        "dispute open O-1 --received --reason damaged --refund full --message - --link https://example.com/film < text",
    ),
    "edit": ('dispute edit O-1 --refund 15.00 --no-return --reason defective --message "15 would do"', "dispute edit O-1 --keep"),
    "cancel": ("dispute cancel O-1", "dispute cancel O-1 --yes"),
    "respond": (
        "dispute respond O-1 --accept",
        'dispute respond O-1 --refund 10.00 --message "Half of it"',
        'dispute respond O-1 --promise "A new cup leaves today"',
    ),
    "accept": ("dispute accept O-1", "dispute accept O-1 --as seller"),
    "extend-protection": ("dispute extend-protection O-1 --days 20", "dispute extend-protection O-1 --grant"),
    "escalate": ("dispute escalate O-1", "dispute escalate O-1 --confirm"),
    "add-evidence": ('dispute add-evidence O-1 cup.png --note "The crack"', "dispute add-evidence O-1 --link https://example.com/film"),
    "message": ('dispute message O-1 "Where is it?"', "dispute message O-1 - --as seller < answer.txt"),
    "return send": ("dispute return send O-1 --tracking RX1 --postage 8.40",),
    "review rule": ('dispute review rule O-1 --refund 20.00 --reason "The photo shows the crack"',),
    "status": (
        "dispute status O-1",
        "dispute status --due 2d",
        "dispute status O-1 --at 2026-03-01",
        "dispute status O-1 --query order.status",
    ),
    "tick": ("dispute tick 30d", "dispute tick --to 2026-03-01", "dispute tick --next", "dispute tick --until-idle"),
    "events": ("dispute events O-1", "dispute events --since 40 --json"),
    "evidence export": ("dispute evidence export O-1 HASH cup.png",),
    "completion": ("source <(dispute completion bash)", "dispute completion fish > ~/.config/fish/completions/dispute.fish"),
}
