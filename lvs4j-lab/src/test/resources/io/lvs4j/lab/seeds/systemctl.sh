#!/bin/sh
# Stands for systemd, which is not there: nginx under the name of httpd, and the program that does
# what keepalived does.
machine=$(dirname "$0")/..
stop() { pkill -TERM -x httpd; while pgrep -x -r R,S,D httpd >/dev/null; do sleep 0.1; done; }
case "$1 $2" in
  'restart httpd') stop; exec "$machine/bin/httpd" -p "$machine" -c "$machine/httpd.conf" ;;
  'stop httpd') stop ;;
  'stop keepalived') kill -TERM "$(cat "$machine/keepalived.pid")" ;;
  *) echo "systemctl: $*" >&2; exit 1 ;;
esac
