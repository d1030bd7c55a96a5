# Completion for dispute in fish:
#   dispute completion fish > ~/.config/fish/completions/dispute.fish

function __dispute_offer
    set -l line (commandline -cp)
    for answer in (dispute __complete fish "$line" 2> /dev/null)
        if test "$answer" = :files
            set -l word (commandline -ct)
            set -l head (string match -r -- '^--[^=]*=' "$word")
            for path in (__fish_complete_path (string replace -r -- '^--[^=]*=' '' "$word"))
                printf '%s\n' "$head$path"
            end
        else
            printf '%s\n' $answer
        end
    end
end

complete -c dispute -f -k -a '(__dispute_offer)'
