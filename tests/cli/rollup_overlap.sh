# A store refuses weeks over its days: the difference would single people out.
busy 02 >a.log
footfall rollup "$late" --store s a.log
footfall rollup "$late" --period week --store s a.log
status=$?
ls s/site
# What it remembers of a log's days says nothing of the weeks of another store's run.
busy 03 >b.log
footfall rollup "$late" --partial --store t b.log
try footfall rollup "$late" --partial --period week --store t b.log
ls t/site
exit $status
