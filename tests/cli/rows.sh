# --rows shortens the text and nothing else.
for ((i = 1; i <= 60; i++)); do
    for page in a b c d e; do line 02 "00:01:$((i - 1))" "10.$i.0.1" "/page-$page"; done
done >a.log
sed -i -E 's/:01:([0-9]) /:01:0\1 /' a.log
footfall run "$late" --rows 2 -o x.json -o x.csv -o x.txt -o x.html a.log
unpack_page x.html >x.data
for form in json csv txt data; do
    echo "$form: $(grep -oE '/page-[a-e]' x.$form | sort -u | wc -l)"
done
grep -n 'more' x.txt | head -n 1
