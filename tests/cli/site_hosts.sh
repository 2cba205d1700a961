# Where lines carry a virtual host, those of other hosts are excluded.
busy 02 | sed 's/^/www.example.org:443 /' >a.log
busy 02 | sed 's/^/shop.example.net:443 /' | head -n 10 >>a.log
footfall run "$late" --site www.example.org -o x.json a.log
lines <x.json
footfall run "$late" --site other.example.org -o y.json a.log
status=$?
lines <y.json
exit $status
