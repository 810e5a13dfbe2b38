# Completion of cloudnode for bash.

_cloudnode_requests()
{
    cloudnode workloads "$@" --json 2>/dev/null | sed -n 's/^ *"request_id": "\{0,1\}\([^",]*\)"\{0,1\},\{0,1\}$/\1/p'
}

_cloudnode()
{
    local commands="start config doctor status workloads logs why cancel pause resume stop submit support-bundle"
    local node="--config --no-config-file --slug --profile --mqtt-host --mqtt-port --state-dir -v --verbose -h --help"
    local face="--state-dir -h --help"
    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} command="" word words=""
    COMPREPLY=()

    case $previous in
        --config | --output) mapfile -t COMPREPLY < <(compgen -f -- "$current") && return ;;
        --state-dir) mapfile -t COMPREPLY < <(compgen -d -- "$current") && return ;;
        --signal) mapfile -t COMPREPLY < <(compgen -W "SIGTERM SIGINT SIGKILL" -- "$current") && return ;;
        --slug | --profile | --mqtt-host | --mqtt-port | --to | --params | --request-id | --timeout) return ;;
    esac
    for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
        if [[ " $commands " == *" $word "* ]]; then
            command=$word
            break
        fi
    done

    case $command in
        "") words="$commands --headless --tray --version $node" ;;
        start) words="--headless --tray $node" ;;
        config) words="--json $node" ;;
        doctor) words="$node" ;;
        support-bundle) words="--output --with-output $node" ;;
        status) words="--json --watch $face" ;;
        workloads) words="--all --json $face" ;;
        logs) words="-f --follow --stderr $face" ;;
        cancel) words="--signal --wait $face" ;;
        why | pause | resume | stop) words="$face" ;;
        submit)
            words="--to --params --request-id --timeout --json $node"
            [[ $current == -* ]] || words="inference training simulate status cancel"
            ;;
    esac
    if [[ $current != -* ]]; then
        case $command in
            logs | why) words=$(_cloudnode_requests --all) ;;
            cancel) words=$(_cloudnode_requests) ;;
        esac
    fi
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}

complete -F _cloudnode cloudnode cyberwave-cloud-node
