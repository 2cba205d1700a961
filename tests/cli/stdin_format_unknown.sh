# What is piped in and cannot be read.
printf 'nothing like a log\nnor this\n' | footfall run "$late" -
