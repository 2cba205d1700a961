# Downloads by an extension, searches by a parameter of the operator's own.
{
    for i in {1..60}; do
        line 02 "01:$(printf %02d "$((i - 1))"):00" "10.$i.0.1" '/file.XYZ'
        line 02 "01:$(printf %02d "$((i - 1))"):09" "10.$i.0.1" '/catalog?page=2&wort=Lamp'
    done
} >a.log
what() {
    /usr/bin/python3 -c '
import json, sys
totals = json.load(sys.stdin)["totals"]
print(totals["downloads"], totals["site_searches"], totals["page_views"])'
}
footfall run "$late" a.log -o - | what
footfall run "$late" a.log -o - --download-ext .xyz --search-param WORT | what
for option in --download-ext= --download-ext=. --download-ext=tar.gz --search-param= \
    --search-param='a&b'; do
    try footfall run "$option" a.log
done
