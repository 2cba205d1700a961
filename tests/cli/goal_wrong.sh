# A goal takes a name and a pattern, a name once, and 32 at most.
busy 02 >a.log
for goal in x x= =/x 'a/b=/x' ' a=/x' "$(printf 'n%.0s' {1..65})=/x"; do
    try footfall run --goal "$goal" a.log
done
try footfall run --goal a=/x --goal a=/y a.log
goals=()
for i in {1..33}; do goals+=(--goal "g$i=/$i"); done
try footfall run "${goals[@]}" a.log
