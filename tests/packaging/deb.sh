#!/usr/bin/env bash
# Builds the Debian package and looks at it: lintian's errors and warnings (where it is
# installed), the same bytes twice, and its program with no library but those of the
# packages it depends on. With the word behind it instead: a bare Debian by debootstrap,
# with what the package depends on; there it is installed, run and removed.
#
#   tests/packaging/deb.sh [bare]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=/dev/null
source tests/packaging/log.bash
scratch=$(mktemp -d)
trap 'rm -rf --one-file-system "$scratch"' EXIT
export LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive PATH=$PATH:/usr/sbin:/sbin

fail() {
    printf '%s\n' "$*"
    exit 1
}

skip() {
    printf '%s\n' "$*"
    exit 77
}

# Runs a command silently; shows what it printed if it fails.
quietly() {
    "$@" >"$scratch/log" 2>&1 || fail "$*: $(tail -n 20 "$scratch/log")"
}

# The names of the packages that it depends on, a line each.
depends() {
    dpkg-deb -f "$deb" Depends | tr ',' '\n' | sed 's/|.*//; s/(.*//; s/ //g'
}

lint() {
    command -v lintian >/dev/null || {
        echo "there is no lintian"
        return
    }
    # Who answers for it is said when it is built for somebody.
    local not_here=bogus-mail-host,bogus-mail-host-in-debian-changelog
    lintian --allow-root --fail-on error,warning --suppress-tags "$not_here" "$deb" ||
        fail "lintian finds something"
}

same_bytes() {
    local again
    again=$(packaging/build-deb "$scratch/again")
    cmp "$deb" "$again" || fail "built again, it is another package"
}

# What those packages need in turn, themselves too, as far as they are installed.
closure() {
    depends | xargs apt-cache depends --recurse --no-recommends --no-suggests \
        --no-conflicts --no-breaks --no-replaces --no-enhances | grep '^[a-z]' | sort -u
}

# The folder /lib of today's Debian is /usr/lib, which dpkg need not know.
owner() {
    dpkg -S "$1" 2>/dev/null || dpkg -S "$(realpath "$1")" 2>/dev/null ||
        dpkg -S "${1#/usr}" 2>/dev/null || dpkg -S "/usr$1"
}

only_listed_libraries() {
    local library
    dpkg-deb -x "$deb" "$scratch/root"
    closure >"$scratch/closure"
    while read -r library; do
        owner "$library" | cut -d : -f 1 | grep -qxFf "$scratch/closure" ||
            fail "$library is of no package that it depends on"
    done < <(ldd "$scratch/root/usr/bin/footfall" | grep -oE '/[^ ]+')
    for library in libmicrohttpd libxlsxwriter; do # opened at run time
        grep -qE "^${library}[0-9]" <(depends) || fail "it does not depend on $library"
    done
    "$scratch/root/usr/bin/footfall" --version
}

# Runs in the bare Debian.
inside() {
    chroot "$bare" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 "$@"
}

unpack_debian() {
    local from codename
    ((EUID == 0)) || skip "a bare Debian takes root"
    command -v debootstrap >/dev/null || skip "there is no debootstrap"
    # shellcheck source=/dev/null
    codename=$(source /etc/os-release && printf '%s' "${VERSION_CODENAME:-}")
    # shellcheck disable=SC2016 # apt's own words
    from=$(apt-get indextargets --format '$(SITE)' "Codename: $codename" | head -n 1)
    [[ $from ]] || skip "apt has no source for $codename"
    debootstrap --variant=minbase --include="$(depends | paste -sd ,)" "$codename" \
        "$bare" "$from" >"$scratch/log" 2>&1 && return
    ! grep "Couldn't find these debs" "$scratch/log" ||
        fail "it depends on what is no package"
    skip "debootstrap cannot run here: $(tail -n 1 "$scratch/log")"
}

on_a_bare_machine() {
    readonly bare=$scratch/bare
    unpack_debian
    cp "$deb" "$bare/root/footfall.deb"
    quietly inside dpkg -i /root/footfall.deb
    american_log >"$bare/root/access.log"
    inside sed -i 's|^;tz = .*|tz = Africa/Abidjan|' /etc/footfall/example.conf
    quietly inside footfall rollup --config /etc/footfall/example.conf /root/access.log
    [[ -f $bare/var/lib/footfall/www.example.org/2026-03-02.internal.cbor ]] ||
        fail "no rollup in the store: $(cat "$scratch/log")"
    inside footfall report --config /etc/footfall/example.conf -o /root/r.json
    grep -q '"key": "US"' "$bare/root/r.json" || fail "it does not find its countries"
    inside dpkg --verify footfall | grep -v ' c /etc/footfall/example.conf$' &&
        fail "files are not as in the package"
    quietly inside dpkg -r footfall
    [[ -f $bare/etc/footfall/example.conf ]] || fail "removing it took its settings"
    quietly inside dpkg -P footfall
    left=$(cd "$bare" && find etc usr var/lib/dpkg -name '*footfall*' ! -type l)
    [[ -z $left ]] || fail "purging it leaves $left"
    [[ -d $bare/var/lib/footfall/www.example.org ]] || fail "purging it took the store"
}

deb=$(packaging/build-deb "$scratch/deb")
readonly deb
if [[ ${1:-} == bare ]]; then
    on_a_bare_machine
else
    lint
    same_bytes
    only_listed_libraries
fi
