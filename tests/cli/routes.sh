# The site's own templates in each table of paths, by an option and by a config's key;
# audit takes a placeholder for one, a line without one with the file; files that are
# wrong.
{
    busy 02
    for i in {1..60}; do
        at=01:$(printf %02d "$((i - 1))")
        line 02 "$at:00" "10.$i.0.1" "/blog/$((2000 + i))/post-$i"
        line 02 "$at:05" "10.$i.0.1" /blog/archive/
        line 02 "$at:10" "10.$i.0.1" "/docs/a/b/file-$i.pdf"
        line 02 "$at:15" "10.$i.0.1" "/u/name$i"
        line 02 "$at:20" "10.$i.0.1" /u/faq
        line 02 "$at:25" "10.$i.0.1" "/gone/$i/x" 404
        line 02 "$at:30" "10.$i.0.1" /pricing
    done
} >a.log
printf '\xEF\xBB\xBF# a comment\r\n/blog/:year/:slug  # posts\r\n/blog/archive\r\n' >r.txt
printf '/docs/a/*\n/u/:who\n/u/faq\n/gone/{id}/x' >>r.txt
keys() {
    grep -E ',(pages|entry_pages|exit_pages|downloads|not_found|transitions),' "$1" |
        grep -E 'page_views|,visits|downloads,|hits|transitions,[0-9]' |
        grep -v ',visitors,' | sort
}
footfall run "$late" --site x.example --routes r.txt -o a.csv -o a.cbor a.log
keys a.csv
try footfall audit a.cbor
try footfall audit --routes r.txt a.cbor | sed 's|[0-9]* checks|checks|'
printf 'routes = r.txt\nexclude-path = /blog/20[01]*\nexclude-path = /docs/a/[*]\n' >c.ini
footfall run "$late" --config c.ini -o b.csv a.log 2>b.txt
keys b.csv | grep -E 'pages,.blog|downloads'
printf '/ok\n/a/*/b\n' >wrong.txt
printf '/a\0b\n' >nul.txt
for file in wrong.txt nul.txt missing.txt . /dev/zero; do
    try footfall run --routes "$file" a.log
done
try footfall audit --routes wrong.txt a.cbor
