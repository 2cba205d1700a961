# What each log is, where its lines went, how others would count: no line's text.
busy 02 >a.log
printf '10.9.9.9 secret - broken "GET /secret\n' >>a.log
line 02 10:00:00 10.0.0.1 /last | sed 's/+0000/-0800/' >>a.log
busy 02 | head -n 4 | gzip >b.log.gz
printf 'a b c\nd e f\n' >unknown.log
: >empty.log
# Six visitors are too few to say how many.
for i in {1..6}; do line 05 "00:0$i:00" "10.$i.0.1" /; done >few.log
try footfall explain "$late" a.log
echo
try footfall explain "$late" b.log.gz unknown.log empty.log
echo
try footfall explain "$late" --format combined - <few.log
head -c 100 b.log.gz >cut.log.gz
try footfall explain "$late" cut.log.gz | grep -A1 damaged
try footfall explain
try footfall explain missing.log
