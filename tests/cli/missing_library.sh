# Libraries that only workbooks and serve take: which is not there, or another, is told
# before anything is read, and the rest goes without.
binary=$(readlink -f "$(command -v footfall)")
zlib=$(ldd "$binary" | awk '$1 == "libz.so.1" { print $3 }')
mkdir lib store
export LD_LIBRARY_PATH=$PWD/lib
for name in $(grep -aoE 'lib(xlsxwriter|microhttpd)\.so\.[0-9]+' "$binary" | sort -u); do
    : >"lib/$name"
done
busy 02 >a.log
for _ in empty another; do
    try footfall run --geo none "$late" -o a.json -o a.xlsx a.log
    try footfall serve --store store
    ls ./*.xlsx ./*.json 2>/dev/null
    for name in lib/*; do cp "$zlib" "$name"; done
done
footfall run --geo none "$late" --site example.org -o - a.log | wc -l
