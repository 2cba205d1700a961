# A log whose days come in any order: all of them are in the report, in order.
busy 04 >a.log
busy 02 >>a.log
busy 03 >>a.log
footfall run --now 2026-03-06T00:00:00Z -o x.json -o x.csv a.log
grep -o '"date": "[^"]*"' x.json
grep -c ',pages,/about,page_views,' x.csv
