# A rollup in diagnostic notation. What is nobody's day: the robots' alone.
line 02 00:00:01 10.0.0.1 / | sed 's/"Mozilla.*/"curl\/8.0"/' >a.log
footfall run "$late" --geo none -o x.cbor a.log
footfall inspect x.cbor
