#!/usr/bin/env bash
# A clean Debian 12 with systemd as its first process, in namespaces of its own; it shares only the network with this
# machine. To be sourced. All of it is gone when machine_stop was called, or the calling shell has died.
#
#   machine_obstacle            prints why there can be none here; nothing if there can
#   machine_prepare FOLDER      unpacks one into FOLDER; the first time on a computer it is made with debootstrap
#   machine_start FOLDER        boots it
#   machine COMMAND...          runs a command in it, as root
#   machine_stop

machine_cache=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/cloudnode-tests
machine_suite=bookworm
machine_init='' # the process id of its systemd, as seen from here

machine_obstacle()
{
    [ "$(id -u)" = 0 ] || { echo "it needs root" && return; }
    command -v debootstrap >/dev/null || { echo "there is no debootstrap" && return; }
    unshare --mount --pid --fork --cgroup --ipc --uts sh -c \
        'mount -t tmpfs none /mnt && mkdir /mnt/cgroup && mount -t cgroup2 none /mnt/cgroup && mknod /mnt/n c 1 3' \
        >/dev/null 2>&1 || echo "namespaces, mounts or cgroups are not permitted"
}

# The mirror this machine has Debian from.
machine_mirror()
{
    local mirror
    # shellcheck disable=SC2016 # apt-get fills in the $
    mirror=$(apt-get indextargets --format '$(SITE)' 'Origin: Debian' "Codename: $machine_suite" | head -n 1)
    echo "${mirror:-http://deb.debian.org/debian}"
}

machine_prepare()
{
    local root=$1 image part
    image=$machine_cache/$machine_suite-$(dpkg --print-architecture).tar
    mkdir -p "$root" "$machine_cache/archives"
    if [ -n "$(find "$image" -mtime -30 2>/dev/null)" ]; then
        tar -xf "$image" -C "$root"
    else
        echo "making a Debian $machine_suite with debootstrap; it is kept for 30 days in $machine_cache"
        debootstrap --variant=minbase --include=ca-certificates,systemd-sysv --cache-dir="$machine_cache/archives" \
            "$machine_suite" "$root" "$(machine_mirror)"
        part=$(mktemp "$image.XXXXXX")
        tar -cf "$part" -C "$root" .
        mv "$part" "$image"
    fi
    cp /etc/resolv.conf "$root/etc/resolv.conf"
    echo force-unsafe-io >"$root/etc/dpkg/dpkg.cfg.d/short-lived" # nobody needs it after a power cut
    echo node-under-test >"$root/etc/hostname"
}

# Runs as the first process of the namespaces, until systemd takes its place.
machine_boot()
{
    local root=$1 device
    mount --bind "$root" "$root"
    cd "$root" || exit
    mount -t proc proc proc
    mount --bind proc/sys proc/sys
    mount -o remount,bind,ro proc/sys # systemd may not set up what is not its own
    mount -t tmpfs -o mode=755 none sys
    mkdir -p sys/fs/cgroup
    mount -t cgroup2 none sys/fs/cgroup
    mount -t tmpfs -o mode=755 none run
    mount -t tmpfs none tmp
    mount -t tmpfs -o mode=755 none dev
    for device in null zero full random urandom tty; do
        touch "dev/$device"
        mount --bind "/dev/$device" "dev/$device"
    done
    mkdir dev/shm dev/pts
    mount -t tmpfs none dev/shm
    mount --bind "$machine_cache/archives" var/cache/apt/archives
    mkdir -p mnt/old
    pivot_root . mnt/old
    umount -l /mnt/old
    exec env -i container=other PATH=/usr/sbin:/usr/bin:/sbin:/bin \
        /lib/systemd/systemd --unit=multi-user.target --log-target=journal
}

machine_start()
{
    local root=$1 outer
    export machine_cache
    export -f machine_boot
    # shellcheck disable=SC2016 # the inner shell fills in the $
    unshare --mount --pid --fork --cgroup --ipc --uts --propagation private --kill-child \
        bash -euc 'machine_boot "$1"' boot "$root" </dev/null >"$root.boot.log" 2>&1 &
    outer=$!
    for _ in $(seq 300); do
        machine_init=$(pgrep --parent "$outer" || true)
        if [ -n "$machine_init" ] && grep -q '^systemd' "/proc/$machine_init/comm"; then
            # "degraded" is good enough: not all that a computer has is there.
            machine systemctl is-system-running --wait >/dev/null 2>&1 || true
            ! machine systemctl is-active --quiet multi-user.target 2>/dev/null || return 0
        fi
        kill -0 "$outer" 2>/dev/null || break
        sleep 0.1
    done
    cat "$root.boot.log" >&2
    return 1
}

machine()
{
    nsenter --target "$machine_init" --mount --pid --cgroup --ipc --uts --root --wd \
        env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@" </dev/null
}

machine_stop()
{
    [ -z "$machine_init" ] || kill -KILL "$machine_init" 2>/dev/null || true
}
