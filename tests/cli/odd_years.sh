# One line of a year that no calendar has does not take the report with it.
busy 02 >a.log
for when in 01/Jan/0000 31/Dec/9999; do
    { cat a.log; line 02 00:00:01 10.0.0.1 / | sed "s|02/Mar/2026|$when|"; } >b.log
    footfall run "$late" --to 2026-12-31 --from 2026-01-01 -o x.json b.log
    footfall run "$late" -o y.json b.log
    echo "exit $?"
done
