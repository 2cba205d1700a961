# What a killed run left is removed by the next one; strangers' files stay.
busy 02 >a.log
mkdir -p s/site
: >s/site/2026-03-02.internal.cbor.tmp
: >s/site/notes.txt
footfall rollup "$late" --store s a.log
ls s/site
