# The reader has gone: an end by the signal, and no word.
busy 02 >a.log
mkfifo pipe
exec 3<>pipe 4>pipe 3<&-
footfall run "$late" a.log >&4
