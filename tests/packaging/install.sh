#!/usr/bin/env bash
# Installs a build below a folder of its own: all is there, and the program finds its
# data.
#
#   tests/packaging/install.sh BUILD_DIR
set -euo pipefail
readonly build=$1
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/log.bash"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

fail() {
    printf '%s\n' "$*"
    exit 1
}

DESTDIR=$scratch meson install -C "$build" --no-rebuild --quiet >"$scratch/log" 2>&1 ||
    fail "$(cat "$scratch/log")"
rm "$scratch/log"
prefix=$(meson introspect --buildoptions "$build" |
    /usr/bin/python3 -c 'import json, sys
print(next(o["value"] for o in json.load(sys.stdin) if o["name"] == "prefix"))')
readonly root=$scratch$prefix

expected="bin/footfall
lib/systemd/system/footfall-rollup@.service
lib/systemd/system/footfall-rollup@.timer
lib/systemd/system/footfall-serve.service
share/bash-completion/completions/footfall
share/doc/footfall/CHANGELOG.md
share/doc/footfall/LICENSE
share/doc/footfall/NOTICE
share/doc/footfall/README.md
share/doc/footfall/examples/README.md
share/doc/footfall/examples/example.conf
share/doc/footfall/examples/footfall.cron
share/doc/footfall/examples/logrotate.example
share/footfall/country.mmdb
share/man/man1/footfall.1
share/zsh/site-functions/_footfall"
diff <(printf '%s\n' "$expected") <(cd "$root" && find . -type f | sed 's|^\./||' |
    LC_ALL=C sort) || fail "other files than expected are below $prefix"
outside=$(cd "$scratch" && find . -type f ! -path ".$prefix/*")
[[ -z $outside ]] || fail "outside of $prefix: $outside"

cd "$scratch"
[[ $("$root/bin/footfall" --version) == "footfall "[0-9]* ]] || fail "no version"
report=$(american_log | "$root/bin/footfall" run - --site www.example.org -o -)
[[ $report == *'"key": "US"'* ]] || fail "it does not find its countries"

bash -n "$root/share/bash-completion/completions/footfall"
completed=$(
    # shellcheck source=/dev/null
    source "$root/share/bash-completion/completions/footfall"
    PATH=$root/bin:$PATH
    COMP_WORDS=(footfall rollup --gra) COMP_CWORD=2 COMPREPLY=()
    _footfall footfall --gra rollup
    printf '%s\n' "${COMPREPLY[@]}"
)
[[ $completed == --grace* ]] || fail "completes --gra to '$completed'"
if command -v zsh >/dev/null; then
    zsh -n "$root/share/zsh/site-functions/_footfall"
fi
