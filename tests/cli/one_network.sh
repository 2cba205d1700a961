# A log behind a proxy is told by its hits' network: nine of ten of a thousand at least.
# Which are the others' may come round again and again.
log() { # HITS OF_OTHERS_IN_A_HUNDRED
  awk -v n="$1" -v others="$2" -v m="${3:-37}" 'BEGIN {
    for (i = 0; i < n; i++)
      printf "%s - - [02/Mar/2026:08:%02d:%02d +0000] \"GET /a HTTP/1.1\" 200 5 \"-\" \"Mozilla/5.0\"\n",
        i * m % 100 < others ? "198.51.100." i % 250 : "192.0.2.7", i / 60 % 60, i % 60
  }'
}
told() {
  echo "$1 hits, $2 % others${3:+, every $3}: $(log "$@" | footfall run --site www.example.org - \
    2>&1 >/dev/null | grep -c 'nearly all hits come from one network')"
}
told 2000 0
told 2000 7
told 2000 13
told 2000 50
told 999 0
told 2000 75 75
