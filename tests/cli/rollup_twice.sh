# A second night over the same and more logs leaves alone what is there.
busy 02 >a.log
busy 03 >b.log
footfall rollup "$late" --store s a.log
cp -p s/site/2026-03-02.internal.cbor kept
{ line 02 05:00:00 10.99.0.1 /new; cat b.log; } >late.log
footfall rollup "$late" --store s a.log late.log
cmp kept s/site/2026-03-02.internal.cbor
ls s/site
