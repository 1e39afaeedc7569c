#!/bin/sh -e
# Makes what it runs see a machine of its own: processes, /etc/keepalived and /root. It is called in
# a mount namespace and a process namespace of its own, where it is the first process: whoever loses
# its parent becomes its child, and all of them end with it.
machine=$1
shift
mount --bind "$machine/etc" /etc/keepalived
# The directories of /root stay to be found: the classes that are run may be there.
mount -t tmpfs tmpfs /mnt
mkdir /mnt/root
mount --bind /root /mnt/root
for each in /root/.[!.]* /root/*; do
  if [ -d "$each" ]; then ln -sfn "/mnt/root/${each##*/}" "$machine/root/${each##*/}"; fi
done
mount --bind "$machine/root" /root
PATH=$machine/bin:$PATH
export PATH
for each in "$machine"/daemons/*; do
  if [ -e "$each" ]; then "$each" 3600 & fi
done
"$@" &
program=$!
set +e
trap 'kill -TERM $program' TERM
wait $program
while kill -0 $program 2>/dev/null; do wait $program; done
