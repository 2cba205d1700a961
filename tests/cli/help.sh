for command in '' run rollup report inspect; do
    try footfall $command --help
done
try footfall run -h | tail -n 1
