# One in a hundred may be malformed; more need a look. The text is never shown.
busy 02 >a.log
{ cat a.log; echo 'secret-in-a-bad-line'; } >one.log
{ cat one.log; echo '10.9.9.9 - - [x] "secret" 200 1 "-" "-"'; } >two.log
try footfall run "$late" -o x.json one.log
lines <x.json
try footfall run "$late" -o x.json two.log
lines <x.json
