#!/bin/bash
#This is test

time=`date +"%Y-%m-%d %H:%M:%S"`
master()
{
    echo ${time}": Now, the node is master" >> /root/haproxy.log
}

backup()
{
    echo ${time}": Now, the node is backup" >> /root/haproxy.log
}

stop()
{
    echo ${time}": Node stop" >> /root/haproxy.log
}

case $1 in
    master )
        master
        ;;
    backup )
        backup
        ;;
    stop )
        stop
        ;;
esac

