# --memory that is too little for most days of two years is said once.
awk -v agent="$agent" 'BEGIN {
    split("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec", names)
    for (year = 2020; year < 2022; year++)
        for (month = 1; month <= 12; month++)
            for (day = 1; day <= 28; day++)
                for (i = 1; i <= 40; i++)
                    printf "10.%d.0.%d - - [%02d/%s/%d:12:00:%02d +0000] " \
                        "\"GET / HTTP/1.1\" 200 5 \"-\" \"%s\"\n",
                        i, i, day, names[month], year, i, agent
}' >years.log
footfall run "$late" --site www.example.org --memory 16M -j 1 -o years.txt years.log
grep "^  lines" years.txt
