# Completion of cloudnode for fish.

function __cloudnode_requests
    cloudnode workloads $argv --json 2>/dev/null |
        string match --regex --groups-only '^ *"request_id": "?([^",]*)"?,?$'
end

set -l commands start config doctor status workloads logs why cancel pause resume stop submit support-bundle
set -l node start config doctor submit support-bundle

for program in cloudnode cyberwave-cloud-node
    set -l c complete -c $program
    set -l none 'not __fish_seen_subcommand_from '"$commands"
    set -l ofnode "$none; or __fish_seen_subcommand_from $node"
    $c -f
    $c -n "$none" -a start -d 'Run the node (the default)'
    $c -n "$none" -a config -d 'Show every setting and where it comes from'
    $c -n "$none" -a doctor -d 'Check all that a node needs'
    $c -n "$none" -a status -d 'Show what the node is and does'
    $c -n "$none" -a workloads -d 'List the workloads that run'
    $c -n "$none" -a logs -d 'Print what a workload has printed'
    $c -n "$none" -a why -d 'Tell the life of one request'
    $c -n "$none" -a cancel -d 'End a workload with all its processes'
    $c -n "$none" -a pause -d 'Take no new workloads, until resume'
    $c -n "$none" -a resume -d 'Take new workloads again'
    $c -n "$none" -a stop -d 'End the node; workloads run on'
    $c -n "$none" -a submit -d 'Send a command to a node and wait for its result'
    $c -n "$none" -a support-bundle -d 'Pack what a bug report needs, secrets masked'
    $c -n "$none" -l version -d 'Print the version and end'
    $c -s h -l help -d 'Print the help and end'
    $c -l state-dir -x -a '(__fish_complete_directories)' -d 'Where the node keeps its state'
    $c -n "$ofnode" -l config -r -F -d 'Configuration file'
    $c -n "$ofnode" -l no-config-file -d 'Read no cyberwave.yml'
    $c -n "$ofnode" -l slug -x -d 'Name the node would like to have'
    $c -n "$ofnode" -l profile -x -d 'Profile to register with'
    $c -n "$ofnode" -l mqtt-host -x -d 'MQTT broker'
    $c -n "$ofnode" -l mqtt-port -x -d 'Port of the MQTT broker'
    $c -n "$ofnode" -s v -l verbose -d 'Log debug messages too'
    $c -n "$none; or __fish_seen_subcommand_from start" -l headless -d 'Without tray icon and window'
    $c -n "$none; or __fish_seen_subcommand_from start" -l tray -d 'Start in the tray, without opening the window'
    $c -n '__fish_seen_subcommand_from config status workloads submit' -l json -d 'Print JSON'
    $c -n '__fish_seen_subcommand_from status' -l watch -d 'Go on, and show every change'
    $c -n '__fish_seen_subcommand_from workloads' -l all -d 'Finished ones too'
    $c -n '__fish_seen_subcommand_from logs' -s f -l follow -d 'Go on until the workload has ended'
    $c -n '__fish_seen_subcommand_from logs' -l stderr -d 'Its standard error'
    $c -n '__fish_seen_subcommand_from logs why' -a '(__cloudnode_requests --all)'
    $c -n '__fish_seen_subcommand_from cancel' -a '(__cloudnode_requests)'
    $c -n '__fish_seen_subcommand_from cancel' -l signal -x -a 'SIGTERM SIGINT SIGKILL' -d 'Signal to send'
    $c -n '__fish_seen_subcommand_from cancel' -l wait -d 'Until none of its processes is left'
    $c -n '__fish_seen_subcommand_from support-bundle' -l output -r -F -d 'The archive'
    $c -n '__fish_seen_subcommand_from support-bundle' -l with-output -d 'Include what workloads have printed'
    $c -n '__fish_seen_subcommand_from submit' -a 'inference training simulate status cancel'
    $c -n '__fish_seen_subcommand_from submit' -l to -x -d 'Slug or uuid of the node'
    $c -n '__fish_seen_subcommand_from submit' -l params -x -d 'Parameters: JSON or @file'
    $c -n '__fish_seen_subcommand_from submit' -l request-id -x -d 'Id of the request'
    $c -n '__fish_seen_subcommand_from submit' -l timeout -x -d 'Seconds to wait'
end
