package io.lvs4j.vrrp.wire;

import io.lvs4j.api.vrrp.Priority;
import io.lvs4j.api.vrrp.VirtualRouterId;
import io.lvs4j.api.vrrp.VrrpVersion;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;

/** A VRRP advertisement: a master's word that it is one. */
public sealed interface Advert permits VrrpV2, VrrpV3 {
  /** The number of the protocol in IP headers. */
  int PROTOCOL = 112;

  /** The only type of message there is. */
  int TYPE = 1;

  /** Returns the version of the protocol. */
  VrrpVersion version();

  /** Returns which virtual router it is about. */
  VirtualRouterId virtualRouterId();

  /** Returns the sender's priority. */
  Priority priority();

  /** Returns the time between two of the sender's adverts. */
  Duration interval();

  /** Returns the virtual addresses, in the sender's order. */
  List<? extends InetAddress> addresses();
}
