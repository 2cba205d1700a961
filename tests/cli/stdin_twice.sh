# Standard input can be read once.
busy 02 >a.log
footfall run "$late" -o x.json - - <a.log
