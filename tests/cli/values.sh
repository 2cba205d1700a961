# Values that options do not take.
line 02 00:00:01 10.0.0.1 / >a.log
for option in --period=year --period= --from=yesterday --from=2026-02-30 --to=2026-3 \
    --to=2026-03-02x --rows=0 --rows=-1 --rows=1e3 --rows=99999999999999999999 \
    --visit-timeout=0 --visit-timeout=1d --memory=1M --memory=x --memory=512Q \
    --memory=99999999999G --now=today --now=2026-03-02 --progress=yes \
    --geo=missing.mmdb \
    --geo=a.log --format=; do
    try footfall run "$option" a.log
done
try footfall run --from=2026-03-03 --to=2026-03-02 a.log
