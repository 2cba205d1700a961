# Ten lines for a mail, on stdout and in a .txt; within 80 columns.
busy 02 >a.log
footfall run "$late" --brief a.log
footfall run "$late" --brief -o x.txt -o x.json a.log
footfall run "$late" --brief a.log | cmp - x.txt
wc -l <x.txt
footfall run "$late" --period week --brief a.log | head -n 3
# Of nothing there is no share.
: >nothing.log
footfall run "$late" --brief nothing.log | tail -n 1
