# A folder is no log.
mkdir logs
try footfall run logs
try footfall inspect logs
try footfall report logs
