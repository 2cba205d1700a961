# A format as it stands in the server's configuration, over several lines.
cat >nginx.ini <<'END'
format = log_format main '$remote_addr - $remote_user [$time_local] "$request" '
                         '$status $body_bytes_sent "$http_referer" '
                         '"$http_user_agent" "$http_x_forwarded_for"';
site = www.example.org
END
busy 02 | sed 's/$/ "-"/' >a.log
footfall run --config nginx.ini "$late" -o - a.log | lines
