#!/bin/bash
# What the suite's workloads do: job.h says what each word of the request id means. It is sourced by the shell
# that the node starts, so that a job is one process.
id=$CYBERWAVE_REQUEST_ID
IFS=- read -r kind code lines pause _ <<<"$id"
echo "$id $$ $PPID" >>ledger # in one write: it has begun, as which process, under which supervisor

end='\n' extra=
[ "$kind" != unended ] || end=
[ "$kind" != binary ] || extra='\xff\xfe\xc3 \x80'
[ "$kind" != daemon ] || (setsid sleep 1000 </dev/null >/dev/null 2>&1 &)
[ "$kind" != deaf ] || trap '' TERM

if [ "$kind" = flood ]; then # as fast as it can be
    seq -f "<$id#%.0f>$(printf '%080d' 0)" "$lines"
    exit "$code"
fi
for ((i = 1; i <= lines; ++i)); do
    printf "<%s#%d>$extra$end" "$id" "$i"
    printf "<%s!%d>$end" "$id" "$i" >&2
    [ "$pause" = 0 ] || sleep "$(printf '0.%02d' "$pause")"
done

case $kind in
    closed) exec >&- 2>&- && sleep 0.2 ;;
    suicide) kill -KILL $$ ;;
    group) kill -KILL 0 ;;
    long) exec sleep 1000 ;;
    deaf) while true; do sleep 0.1; done ;;
esac
exit "$code"
