#!/bin/bash

count=$(ps -C httpd --no-heading | wc -l)
if [ "$count" = "0" ];then
  systemctl restart httpd
  sleep 3
  count=$(ps -C httpd --no-heading | wc -l)
  if [ "$count" = "0" ];then
    systemctl stop keepalived
  fi
fi

exit 0
