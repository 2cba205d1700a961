# An ending that says no form is refused before any work; a folder that is not there, a
# folder in place of a file and a full disk are told, and nothing is left behind.
busy 02 >a.log
mkdir folder.json
for output in x.xyz x json .jsonx '' missing/x.json folder.json; do
    try footfall run "$late" -o "$output" a.log
done
try footfall run "$late" -o missing/x.cbor a.log
ls -A . folder.json
