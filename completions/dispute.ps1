# Completion for dispute in PowerShell, written by `dispute completion powershell`:
#   dispute completion powershell | Out-String | Invoke-Expression

Register-ArgumentCompleter -Native -CommandName dispute -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $below = @{
        '' = @('init', 'order', 'open', 'edit', 'cancel', 'respond', 'accept', 'extend-protection', 'escalate', 'add-evidence', 'message', 'return', 'review', 'status', 'tick', 'events', 'ledger', 'deadlines', 'evidence', 'reasons', 'rules', 'policy', 'lifecycle', 'schema', 'verify', 'repair', 'backup', 'batch', 'demo', 'completion')
        'order' = @('create', 'ship', 'deliver', 'confirm')
        'return' = @('send', 'acknowledge', 'refuse')
        'review' = @('request-evidence', 'rule')
        'evidence' = @('list', 'export')
        'policy' = @('list', 'show')
        'completion' = @('bash', 'zsh', 'fish', 'powershell')
    }
    $options = @{
        '' = @('--store', '--json', '--query', '--dry-run', '--yes', '--no-input', '--as', '--strict', '--idempotency-key', '--lock-timeout', '-q', '--quiet', '--color', '--version', '-h', '--help')
        'init' = @('--start', '--seed', '--policy', '--clock', '--force')
        'order create' = @('--price', '--delivery', '--currency', '--buyer', '--seller', '--title', '--deliver-by', '--policy', '--item')
        'order ship' = @('--tracking')
        'open' = @('--received', '--not-received', '--reason', '--refund', '--return', '--no-return', '--message', '--evidence', '--link')
        'edit' = @('--received', '--not-received', '--reason', '--refund', '--return', '--no-return', '--message', '--keep')
        'respond' = @('--accept', '--refund', '--return', '--reject', '--promise', '--message')
        'extend-protection' = @('--days', '--grant', '--deny')
        'escalate' = @('--confirm', '--no-thanks')
        'add-evidence' = @('--link', '--note')
        'return send' = @('--tracking', '--postage')
        'return refuse' = @('--reason')
        'review request-evidence' = @('--from', '--days')
        'review rule' = @('--refund', '--reason', '--early')
        'status' = @('--at', '--all', '--status', '--actor', '--due', '--sort', '--limit')
        'tick' = @('--to', '--next', '--before', '--until-idle')
        'events' = @('--since', '--type')
        'deadlines' = @('--within')
        'batch' = @('--atomic', '--keep-going')
    }
    $choices = @{
        ':--as' = @('buyer', 'seller', 'platform')
        ':--color' = @('auto', 'always', 'never')
        'init:--clock' = @('simulated', 'wall')
        'open:--reason' = @('delivery_overdue', 'wrong_tracking', 'wrong_address', 'held_at_customs', 'returned_to_sender', 'defective', 'poor_quality', 'not_as_described', 'damaged', 'wrong_item', 'short_quantity', 'counterfeit', 'changed_mind')
        'edit:--reason' = @('delivery_overdue', 'wrong_tracking', 'wrong_address', 'held_at_customs', 'returned_to_sender', 'defective', 'poor_quality', 'not_as_described', 'damaged', 'wrong_item', 'short_quantity', 'counterfeit', 'changed_mind')
        'review request-evidence:--from' = @('buyer', 'seller')
        'status:--status' = @('protected', 'awaiting_seller', 'awaiting_buyer', 'awaiting_return', 'return_shipped', 'escalated', 'settling', 'closed')
        'status:--actor' = @('buyer', 'seller', 'platform', 'clock')
        'status:--sort' = @('id', 'due', 'status', 'opened', 'total')
    }
    $valued = @('--actor', '--as', '--at', '--buyer', '--clock', '--color', '--currency', '--days', '--deliver-by', '--delivery', '--due', '--evidence', '--from', '--idempotency-key', '--item', '--limit', '--link', '--lock-timeout', '--message', '--note', '--policy', '--postage', '--price', '--promise', '--query', '--reason', '--refund', '--seed', '--seller', '--since', '--sort', '--start', '--status', '--store', '--title', '--to', '--tracking', '--type', '--within')
    $path = ''
    $previous = ''
    foreach ($element in $commandAst.CommandElements | Select-Object -Skip 1) {
        if ($element.Extent.EndOffset -ge $cursorPosition -and $wordToComplete) { break }
        $word = $element.Extent.Text
        if (-not ($valued -contains $previous) -and -not $word.StartsWith('-') -and $below.ContainsKey($path)) {
            $path = "$path $word".Trim()
        }
        $previous = $word
    }
    $found = if ($choices.ContainsKey("${path}:$previous")) { $choices["${path}:$previous"] }
    elseif ($choices.ContainsKey(":$previous")) { $choices[":$previous"] }
    elseif ($valued -contains $previous) { @() }
    elseif ($wordToComplete.StartsWith('-')) { @($options[$path]) + @($options['']) }
    else { $below[$path] }
    $found | Where-Object { $_ -like "$wordToComplete*" } | Select-Object -Unique | ForEach-Object {
        [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
    }
}
