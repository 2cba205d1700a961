# File names cannot act on a terminal.
escape=$(printf 'a\033]0;owned\007\033[31m\r\n\302\233x.log')
busy 02 | head -n 1 >"$escape"
echo 'nothing like a log' >>"$escape"
footfall run "$late" -o x.json "$escape"
footfall run "$escape.missing"
footfall run "$late" -o "$escape/x.json" "$escape"
footfall run "$late" -o "$escape" "$escape"
footfall inspect "$escape" >inspected
footfall report "$escape"
footfall report --store "$escape"
footfall run --site "$escape" --rows "$escape" "$escape"
footfall run "$(printf -- '--\033[31m')"
footfall "$(printf '\033[31m')" | head -n 0
