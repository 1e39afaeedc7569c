package io.lvs4j.linux.socket;

import io.lvs4j.api.host.HardwareAddress;
import java.net.InetAddress;

/** A station, and the address that it says is its own. */
record LinkSender(HardwareAddress station, InetAddress address) {}
