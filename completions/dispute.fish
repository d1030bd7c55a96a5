# Completion for dispute in fish, written by `dispute completion fish`:
#   dispute completion fish > ~/.config/fish/completions/dispute.fish

function __dispute_path
    set -l path
    set -l skip 0
    for word in (commandline -opc)[2..-1]
        if test $skip = 1
            set skip 0
            continue
        end
        switch $word
            case --actor --as --at --buyer --clock --color --currency --days --deliver-by --delivery --due --evidence --from --idempotency-key --item --limit --link --lock-timeout --message --note --policy --postage --price --promise --query --reason --refund --seed --seller --since --sort --start --status --store --title --to --tracking --type --within
                set skip 1
            case '-*'
            case '*'
                if test -z "$path"; or contains -- "$path" order return review evidence policy
                    set path (string trim -- "$path $word")
                end
        end
    end
    echo $path
end

function __dispute_at
    test (__dispute_path) = "$argv"
end

complete -c dispute -f
complete -c dispute -l store -r -F -d 'The store (default: disputes.json in this folder).'
complete -c dispute -l json -d 'Answer with one JSON object.'
complete -c dispute -l query -x -d 'Only this part of the JSON answer.'
complete -c dispute -l dry-run -d 'Do everything but the write.'
complete -c dispute -l yes -d 'Give the consent that the command may need.'
complete -c dispute -l no-input -d 'Never ask.'
complete -c dispute -l as -x -a 'buyer seller platform' -d 'Act as buyer, seller or platform.'
complete -c dispute -l strict -d 'Refuse where there would be a warning.'
complete -c dispute -l idempotency-key -x -d 'Done once under this key, however often it is sent.'
complete -c dispute -l lock-timeout -x -d 'How long to wait for the store (default: 10s).'
complete -c dispute -s q -l quiet -d 'No information and no warnings, only errors.'
complete -c dispute -l color -x -a 'auto always never' -d 'auto, always or never.'
complete -c dispute -l version -d 'Show the version and exit.'
complete -c dispute -s h -l help -d 'Show this message and exit.'
complete -c dispute -n 'test -z "(__dispute_path)"' -a init -d 'Make a store.'
complete -c dispute -n 'test -z "(__dispute_path)"' -a order -d 'Make an order, and record its shipping and receipt.'
complete -c dispute -n 'test -z "(__dispute_path)"' -a open -d 'Open a dispute: what is wrong, and what you demand.'
complete -c dispute -n 'test -z "(__dispute_path)"' -a edit -d 'Edit the demand, or make a counter-proposal.'
complete -c dispute -n 'test -z "(__dispute_path)"' -a cancel -d 'Cancel the dispute, or drop the claim.'
complete -c dispute -n 'test -z "(__dispute_path)"' -a respond -d 'Answer as the seller: accept, or offer own terms.'
complete -c dispute -n 'test -z "(__dispute_path)"' -a accept -d 'Accept the offer; as seller: the demand, or the claim.'
complete -c dispute -n 'test -z "(__dispute_path)"' -a extend-protection -d 'Ask for days of protection, or grant or deny them.'
complete -c dispute -n 'test -z "(__dispute_path)"' -a escalate -d 'Turn the dispute into a claim: the platform decides.'
complete -c dispute -n 'test -z "(__dispute_path)"' -a add-evidence -d 'Add pictures and links to the open dispute.'
complete -c dispute -n 'test -z "(__dispute_path)"' -a message -d 'Send a message about the order; it never moves money.'
complete -c dispute -n 'test -z "(__dispute_path)"' -a return -d 'Send goods back, acknowledge them or refuse them.'
complete -c dispute -n 'test -z "(__dispute_path)"' -a review -d 'The platform\'s part: ask for evidence, and rule.'
complete -c dispute -n 'test -z "(__dispute_path)"' -a status -d 'Show an order\'s page, or the list of all disputes.'
complete -c dispute -n 'test -z "(__dispute_path)"' -a tick -d 'Move the clock: every deadline on the way fires.'
complete -c dispute -n 'test -z "(__dispute_path)"' -a events -d 'Show what happened, event by event.'
complete -c dispute -n 'test -z "(__dispute_path)"' -a ledger -d 'Show every posting, and the balances.'
complete -c dispute -n 'test -z "(__dispute_path)"' -a deadlines -d 'Show the deadlines of all orders, soonest first.'
complete -c dispute -n 'test -z "(__dispute_path)"' -a evidence -d 'Look at the evidence on record.'
complete -c dispute -n 'test -z "(__dispute_path)"' -a reasons -d 'List the reasons to open a dispute for.'
complete -c dispute -n 'test -z "(__dispute_path)"' -a rules -d 'Show the rule book.'
complete -c dispute -n 'test -z "(__dispute_path)"' -a policy -d 'Look at the numbers and choices of marketplaces.'
complete -c dispute -n 'test -z "(__dispute_path)"' -a lifecycle -d 'Show who may do what in which status.'
complete -c dispute -n 'test -z "(__dispute_path)"' -a schema -d 'Print the JSON Schema of a shape, or the names.'
complete -c dispute -n 'test -z "(__dispute_path)"' -a verify -d 'Check everything in the store; changes nothing.'
complete -c dispute -n 'test -z "(__dispute_path)"' -a repair -d 'Remove stray temporary files and orphan evidence.'
complete -c dispute -n 'test -z "(__dispute_path)"' -a backup -d 'Write a consistent copy of the store.'
complete -c dispute -n 'test -z "(__dispute_path)"' -a batch -d 'Run many commands with one start and one lock.'
complete -c dispute -n 'test -z "(__dispute_path)"' -a demo -d 'Play two disputes from order to payout.'
complete -c dispute -n 'test -z "(__dispute_path)"' -a completion -d 'Print the completion script of a shell.'
complete -c dispute -n '__dispute_at order' -a create -d 'Make a paid order: its money goes into escrow.'
complete -c dispute -n '__dispute_at order' -a ship -d 'Record that the seller sent the parcel.'
complete -c dispute -n '__dispute_at order' -a deliver -d 'Record that the parcel was delivered.'
complete -c dispute -n '__dispute_at order' -a confirm -d 'Confirm receipt: the escrow is released to the seller.'
complete -c dispute -n '__dispute_at return' -a send -d 'Record that the buyer sent the goods back.'
complete -c dispute -n '__dispute_at return' -a acknowledge -d 'Acknowledge the return: the agreed refund is settled.'
complete -c dispute -n '__dispute_at return' -a refuse -d 'Refuse the return: the platform decides.'
complete -c dispute -n '__dispute_at review' -a request-evidence -d 'Ask a party for evidence: it is open to them again.'
complete -c dispute -n '__dispute_at review' -a rule -d 'Rule on the claim: final, nothing after it but the payout.'
complete -c dispute -n '__dispute_at evidence' -a list -d 'List the evidence on record.'
complete -c dispute -n '__dispute_at evidence' -a export -d 'Write an evidence file\'s bytes, unchanged.'
complete -c dispute -n '__dispute_at policy' -a list -d 'List the policies that come with dispute.'
complete -c dispute -n '__dispute_at policy' -a show -d 'Show every number and choice of a policy.'
complete -c dispute -n '__dispute_at init' -l start -x -d 'Where the clock starts.'
complete -c dispute -n '__dispute_at init' -l seed -x -d 'What payout days are drawn from.'
complete -c dispute -n '__dispute_at init' -l policy -r -F -d 'The marketplace.'
complete -c dispute -n '__dispute_at init' -l clock -x -a 'simulated wall' -d 'Moved by tick, or the real time.'
complete -c dispute -n '__dispute_at init' -l force -d 'Over a store; the old one is kept as .bak.'
complete -c dispute -n '__dispute_at order create' -l price -x -d 'Price of the goods.'
complete -c dispute -n '__dispute_at order create' -l delivery -x -d 'Price of the delivery.'
complete -c dispute -n '__dispute_at order create' -l currency -x -d 'ISO 4217 currency.'
complete -c dispute -n '__dispute_at order create' -l buyer -x -d 'Name of the buyer.'
complete -c dispute -n '__dispute_at order create' -l seller -x -d 'Name of the seller.'
complete -c dispute -n '__dispute_at order create' -l title -x -d 'What was ordered.'
complete -c dispute -n '__dispute_at order create' -l deliver-by -x -d 'The promised delivery date.'
complete -c dispute -n '__dispute_at order create' -l policy -r -F -d 'The marketplace (default: the store\'s).'
complete -c dispute -n '__dispute_at order create' -l item -x -d 'A line of a purchase; repeat for each.'
complete -c dispute -n '__dispute_at order ship' -l tracking -x -d 'The parcel\'s tracking number.'
complete -c dispute -n '__dispute_at open' -l received -d 'The goods arrived.'
complete -c dispute -n '__dispute_at open' -l not-received -d 'The goods did not arrive.'
complete -c dispute -n '__dispute_at open' -l reason -x -a 'delivery_overdue wrong_tracking wrong_address held_at_customs returned_to_sender defective poor_quality not_as_described damaged wrong_item short_quantity counterfeit changed_mind' -d 'What is wrong; `dispute reasons` lists the codes.'
complete -c dispute -n '__dispute_at open' -l refund -x -d 'The refund demanded.'
complete -c dispute -n '__dispute_at open' -l return -d 'The goods go back.'
complete -c dispute -n '__dispute_at open' -l no-return -d 'The goods are kept.'
complete -c dispute -n '__dispute_at open' -l message -x -d 'What to tell the seller; - reads standard input.'
complete -c dispute -n '__dispute_at open' -l evidence -r -F -d 'A picture; repeat for more.'
complete -c dispute -n '__dispute_at open' -l link -x -d 'Evidence elsewhere; repeat for more.'
complete -c dispute -n '__dispute_at edit' -l received -d 'The goods arrived.'
complete -c dispute -n '__dispute_at edit' -l not-received -d 'The goods did not arrive.'
complete -c dispute -n '__dispute_at edit' -l reason -x -a 'delivery_overdue wrong_tracking wrong_address held_at_customs returned_to_sender defective poor_quality not_as_described damaged wrong_item short_quantity counterfeit changed_mind' -d 'What is wrong; `dispute reasons` lists the codes.'
complete -c dispute -n '__dispute_at edit' -l refund -x -d 'The refund demanded.'
complete -c dispute -n '__dispute_at edit' -l return -d 'The goods go back.'
complete -c dispute -n '__dispute_at edit' -l no-return -d 'The goods are kept.'
complete -c dispute -n '__dispute_at edit' -l message -x -d 'What to tell the seller; - reads standard input.'
complete -c dispute -n '__dispute_at edit' -l keep -d 'What is not given stays as it is.'
complete -c dispute -n '__dispute_at respond' -l accept -d 'Accept the demand.'
complete -c dispute -n '__dispute_at respond' -l refund -x -d 'Offer this refund.'
complete -c dispute -n '__dispute_at respond' -l return -d 'With --refund: the goods go back.'
complete -c dispute -n '__dispute_at respond' -l reject -d 'Offer nothing.'
complete -c dispute -n '__dispute_at respond' -l promise -x -d 'Promise something outside the escrow.'
complete -c dispute -n '__dispute_at respond' -l message -x -d 'What to tell the buyer; - reads standard input.'
complete -c dispute -n '__dispute_at extend-protection' -l days -x -d 'How many days.'
complete -c dispute -n '__dispute_at extend-protection' -l grant -d 'As the seller: grant the days asked for, or --days N.'
complete -c dispute -n '__dispute_at extend-protection' -l deny -d 'As the seller: deny.'
complete -c dispute -n '__dispute_at escalate' -l confirm -d 'Everything is there: escalate.'
complete -c dispute -n '__dispute_at escalate' -l no-thanks -d 'Leave everything as it is.'
complete -c dispute -n '__dispute_at add-evidence' -l link -x -d 'Evidence elsewhere; repeat for more.'
complete -c dispute -n '__dispute_at add-evidence' -l note -x -d 'What it shows; - reads standard input.'
complete -c dispute -n '__dispute_at add-evidence' -r -F
complete -c dispute -n '__dispute_at return send' -l tracking -x -d 'The parcel\'s tracking number.'
complete -c dispute -n '__dispute_at return send' -l postage -x -d 'What the buyer paid the carrier.'
complete -c dispute -n '__dispute_at return refuse' -l reason -x -d 'What is wrong with it; - reads standard input.'
complete -c dispute -n '__dispute_at review request-evidence' -l from -x -a 'buyer seller' -d 'Whose evidence is asked for.'
complete -c dispute -n '__dispute_at review request-evidence' -l days -x -d 'How many days.'
complete -c dispute -n '__dispute_at review rule' -l refund -x -d 'What the buyer gets back.'
complete -c dispute -n '__dispute_at review rule' -l reason -x -d 'Why; - reads standard input.'
complete -c dispute -n '__dispute_at review rule' -l early -d 'Before the review allows it, recorded as such; for tests.'
complete -c dispute -n '__dispute_at status' -l at -x -d 'As it was then, or as silence would make it.'
complete -c dispute -n '__dispute_at status' -l all -d 'In the list: orders without a dispute too.'
complete -c dispute -n '__dispute_at status' -l status -x -a 'protected awaiting_seller awaiting_buyer awaiting_return return_shipped escalated settling closed' -d 'Only this status: protected, awaiting_seller, awaiting_buyer, awaiting_return, return_shipped, escalated, settling, closed.'
complete -c dispute -n '__dispute_at status' -l actor -x -a 'buyer seller platform clock' -d 'Only where it is this actor\'s move.'
complete -c dispute -n '__dispute_at status' -l due -x -d 'Only where a deadline is this near.'
complete -c dispute -n '__dispute_at status' -l sort -x -a 'id due status opened total' -d 'id, due, status, opened or total.'
complete -c dispute -n '__dispute_at status' -l limit -x -d 'At most so many.'
complete -c dispute -n '__dispute_at tick' -l to -x -d 'To this instant.'
complete -c dispute -n '__dispute_at tick' -l next -d 'To the next deadline.'
complete -c dispute -n '__dispute_at tick' -l before -d 'With --next: one second before it.'
complete -c dispute -n '__dispute_at tick' -l until-idle -d 'Until no deadline is left.'
complete -c dispute -n '__dispute_at events' -l since -x -d 'Only events after this number.'
complete -c dispute -n '__dispute_at events' -l type -x -d 'Only events of this type; repeat for more.'
complete -c dispute -n '__dispute_at deadlines' -l within -x -d 'Only those this near.'
complete -c dispute -n '__dispute_at evidence export' -r -F
complete -c dispute -n '__dispute_at policy show' -r -F
complete -c dispute -n '__dispute_at backup' -r -F
complete -c dispute -n '__dispute_at batch' -l atomic -d 'All lines or none.'
complete -c dispute -n '__dispute_at batch' -l keep-going -d 'Try every line, also after one that failed.'
complete -c dispute -n '__dispute_at batch' -r -F
complete -c dispute -n '__dispute_at completion' -x -a 'bash zsh fish powershell'
