# Completion for dispute in bash, written by `dispute completion bash`.
#   source <(dispute completion bash)

_dispute() {
    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} path= word i offer= files=
    for ((i = 1; i < COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        case $word in
            --actor | --as | --at | --buyer | --clock | --color | --currency | --days | --deliver-by | --delivery | --due | --evidence | --from | --idempotency-key | --item | --limit | --link | --lock-timeout | --message | --note | --policy | --postage | --price | --promise | --query | --reason | --refund | --seed | --seller | --since | --sort | --start | --status | --store | --title | --to | --tracking | --type | --within) ((i++)) ;;
            -*) ;;
            *) case $path in
                '' | order | return | review | evidence | policy) path=${path:+$path }$word ;;
            esac ;;
        esac
    done
    case $path:$prev in
        *:--store) files=1 ;;
        *:--query) : ;;
        *:--as) offer='buyer seller platform' ;;
        *:--idempotency-key) : ;;
        *:--lock-timeout) : ;;
        *:--color) offer='auto always never' ;;
        'init':--start) : ;;
        'init':--seed) : ;;
        'init':--policy) files=1 ;;
        'init':--clock) offer='simulated wall' ;;
        'order create':--price) : ;;
        'order create':--delivery) : ;;
        'order create':--currency) : ;;
        'order create':--buyer) : ;;
        'order create':--seller) : ;;
        'order create':--title) : ;;
        'order create':--deliver-by) : ;;
        'order create':--policy) files=1 ;;
        'order create':--item) : ;;
        'order ship':--tracking) : ;;
        'open':--reason) offer='delivery_overdue wrong_tracking wrong_address held_at_customs returned_to_sender defective poor_quality not_as_described damaged wrong_item short_quantity counterfeit changed_mind' ;;
        'open':--refund) : ;;
        'open':--message) : ;;
        'open':--evidence) files=1 ;;
        'open':--link) : ;;
        'edit':--reason) offer='delivery_overdue wrong_tracking wrong_address held_at_customs returned_to_sender defective poor_quality not_as_described damaged wrong_item short_quantity counterfeit changed_mind' ;;
        'edit':--refund) : ;;
        'edit':--message) : ;;
        'respond':--refund) : ;;
        'respond':--promise) : ;;
        'respond':--message) : ;;
        'extend-protection':--days) : ;;
        'add-evidence':--link) : ;;
        'add-evidence':--note) : ;;
        'return send':--tracking) : ;;
        'return send':--postage) : ;;
        'return refuse':--reason) : ;;
        'review request-evidence':--from) offer='buyer seller' ;;
        'review request-evidence':--days) : ;;
        'review rule':--refund) : ;;
        'review rule':--reason) : ;;
        'status':--at) : ;;
        'status':--status) offer='protected awaiting_seller awaiting_buyer awaiting_return return_shipped escalated settling closed' ;;
        'status':--actor) offer='buyer seller platform clock' ;;
        'status':--due) : ;;
        'status':--sort) offer='id due status opened total' ;;
        'status':--limit) : ;;
        'tick':--to) : ;;
        'events':--since) : ;;
        'events':--type) : ;;
        'deadlines':--within) : ;;
        *) case $cur in
            -*) case $path in
                    'init') offer='--start --seed --policy --clock --force' ;;
                    'order create') offer='--price --delivery --currency --buyer --seller --title --deliver-by --policy --item' ;;
                    'order ship') offer='--tracking' ;;
                    'open') offer='--received --not-received --reason --refund --return --no-return --message --evidence --link' ;;
                    'edit') offer='--received --not-received --reason --refund --return --no-return --message --keep' ;;
                    'respond') offer='--accept --refund --return --reject --promise --message' ;;
                    'extend-protection') offer='--days --grant --deny' ;;
                    'escalate') offer='--confirm --no-thanks' ;;
                    'add-evidence') offer='--link --note' ;;
                    'return send') offer='--tracking --postage' ;;
                    'return refuse') offer='--reason' ;;
                    'review request-evidence') offer='--from --days' ;;
                    'review rule') offer='--refund --reason --early' ;;
                    'status') offer='--at --all --status --actor --due --sort --limit' ;;
                    'tick') offer='--to --next --before --until-idle' ;;
                    'events') offer='--since --type' ;;
                    'deadlines') offer='--within' ;;
                    'batch') offer='--atomic --keep-going' ;;
                esac
                offer="$offer --store --json --query --dry-run --yes --no-input --as --strict --idempotency-key --lock-timeout -q --quiet --color --version -h --help" ;;
            *) case $path in
                '') offer='init order open edit cancel respond accept extend-protection escalate add-evidence message return review status tick events ledger deadlines evidence reasons rules policy lifecycle schema verify repair backup batch demo completion' ;;
                'order') offer='create ship deliver confirm' ;;
                'return') offer='send acknowledge refuse' ;;
                'review') offer='request-evidence rule' ;;
                'evidence') offer='list export' ;;
                'policy') offer='list show' ;;
                'add-evidence') files=1 ;;
                'evidence export') files=1 ;;
                'policy show') files=1 ;;
                'backup') files=1 ;;
                'batch') files=1 ;;
                'completion') offer='bash zsh fish powershell' ;;
            esac ;;
        esac ;;
    esac
    COMPREPLY=()
    if [[ $offer ]]; then
        while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -W "$offer" -- "$cur")
    fi
    if [[ $files ]]; then
        compopt -o filenames 2> /dev/null
        while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -f -- "$cur")
    fi
}

complete -F _dispute dispute
