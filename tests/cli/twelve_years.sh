# A small site's log of twelve years: all of its days may be open at once.
awk 'BEGIN {
    split("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec", names)
    for (year = 2010; year < 2022; year++)
        for (month = 1; month <= 12; month++)
            for (day = 1; day <= 28; day++)
                printf "192.0.2.1 - - [%02d/%s/%d:12:00:00 +0000] \"GET / HTTP/1.1\" 200 5\n",
                    day, names[month], year
}' >years.log
footfall run "$late" --site www.example.org -o years.txt years.log
grep "^  lines" years.txt
