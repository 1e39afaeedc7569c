package io.lvs4j.keepalived.mapping;

import io.lvs4j.api.vrrp.VrrpVersion;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;

/** What {@code global_defs} says for all VRRP instances, and keepalived's own defaults. */
final class VrrpDefaults {
  final GarpSettings garp = new GarpSettings();
  VrrpVersion version = VrrpVersion.V2;
  Optional<InetAddress> multicastGroup4 = Optional.empty();
  Optional<InetAddress> multicastGroup6 = Optional.empty();
  int downTimerAdverts = 3;
  Duration startUpDelay = Duration.ZERO;
  boolean lowerPriorityUnanswered;
  boolean advertBeforeSteppingDown;
  boolean unicastSourceChecked;
  boolean ownerIgnoresAdverts;
  boolean strict;
  String defaultInterface = "eth0";
}
