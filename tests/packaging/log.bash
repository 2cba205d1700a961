# A day of fifty visitors, with addresses that have a country (US): what they count as
# shows whether the database was found.
# shellcheck shell=bash

american_log() {
    local agent='Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0'
    local i
    for ((i = 10; i < 60; i++)); do
        printf '12.0.%d.1 - - [02/Mar/2026:00:%d:01 +0000] ' "$i" "$i"
        printf '"GET / HTTP/1.1" 200 100 "-" "%s"\n' "$agent"
    done
}
