# What a config file may not say is refused with its file and line.
line 02 00:00:01 10.0.0.1 / >a.log
try_line() {
    printf '# first\n%b\n' "$1" >bad.ini
    footfall run --config bad.ini a.log >out
    echo "exit $?"
}
try_line 'tz = Europe/Berlin\nformatt = combined'
try_line 'config = other.ini'
try_line 'help = yes'
try_line 'rules = yes'
try_line '[nothing]\nrows = 1'
try_line '[inspect]\nrows = 1'
try_line '[report]\nmemory = 1G'
try_line 'rows = many'
try_line 'rows ='
try_line 'memory = 1M'
try_line 'tz = Europe/Bonn'
try_line 'period = year'
try_line 'progress = perhaps'
try_line 'from = 2026-03-03\nto = 2026-03-02'
try_line 'just words'
try_line 'site = a\njust words\nrows = many'
try_line 'site = a\n  rows = 1'
try_line "site = $(printf '%0200d' 0)"
try_line 'site = a\0b\nrows = 2'
printf 'own-host = h%d\n' {1..64} >many.ini
try footfall run --config many.ini a.log
try footfall run --config missing.ini a.log
try footfall run --config . a.log
try footfall run --config
printf 'rows = 1' >no_newline.ini
try footfall run --config no_newline.ini "$late" a.log | tail -n 1
