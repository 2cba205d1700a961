# The rules and the formats, without a log. Lists grow: their heads are looked at.
footfall explain --rules >rules
head -n 1 rules
grep -c . rules >/dev/null
grep -e '^[a-z].* ([0-9]' -e '^AI robots' rules | sed 's/[0-9][0-9]*/N/g'
grep -o -w -e 'pdf' -e 'css' -e 'ChatGPT;' -e 'GPTBot' rules | sort -u
awk 'length > 100' rules
footfall explain --formats | awk '{ print $1 }' | grep -x -e combined -e common
