# A first line of 300 KB (NULs, as a rotated log may begin with) or as much comment does
# not hide the format of those behind it.
busy 02 >a.log
{ head -c 300000 /dev/zero; echo; cat a.log; } >nuls.log
{ for ((i = 0; i < 10000; i++)); do echo '# a comment of 30 characters..'; done
    cat a.log; } >comments.log
for name in nuls comments; do
    footfall run "$late" -o $name.json $name.log
    lines <$name.json
done
