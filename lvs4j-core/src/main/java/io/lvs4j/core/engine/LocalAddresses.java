package io.lvs4j.core.engine;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/** The addresses of this host's network interfaces, as the JDK lists them. */
final class LocalAddresses implements HostAddresses {
  private static final Logger LOG = System.getLogger("io.lvs4j.director");

  @Override
  public void find(Set<InetAddress> wanted, Consumer<Set<InetAddress>> found) {
    // In the network namespace of the engine: a virtual thread would be in that of its carrier.
    Thread.ofPlatform()
        .daemon()
        .name("lvs4j-addresses")
        .start(() -> {
          try {
            var here = new HashSet<InetAddress>();
            for (var address : wanted) {
              // All of 127.0.0.0/8 is on this host, though only one address of it is listed.
              if (address.isLoopbackAddress()
                  || NetworkInterface.getByInetAddress(address) != null) {
                here.add(address);
              }
            }
            found.accept(here);
          } catch (SocketException unknown) {
            LOG.log(Level.WARNING, "can't list the addresses of this host", unknown);
          }
        });
  }
}
