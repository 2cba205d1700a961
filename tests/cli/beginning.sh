# A day whose beginning is in none of the logs is left out of the store, unless the day
# before is there.
busy 02 | sed 's/:00:\(..\):/:09:\1:/' >noon.log
busy 01 >before.log
try footfall rollup "$late" --store s noon.log
try footfall rollup "$late" --store s before.log
try footfall rollup "$late" --store s noon.log
ls s/site
