# A store refuses weeks over its days: the difference would single people out.
busy 02 >a.log
footfall rollup "$late" --store s a.log
footfall rollup "$late" --period week --store s a.log
status=$?
ls s/site
exit $status
