package io.lvs4j.linux.realserver;

import io.lvs4j.api.Endpoint;
import io.lvs4j.api.host.HostNetworkException;
import io.lvs4j.linux.netlink.InterfaceAddress;
import io.lvs4j.linux.netlink.Lifetime;
import io.lvs4j.linux.netlink.RouteNetlink;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Takes back what was done for an address, the last first. */
final class Undoing {
  private final InetAddress address;
  private final Memory memory;
  private final RouteNetlink route;
  private final Sysctls sysctls;
  private final List<String> words = new ArrayList<>();

  Undoing(InetAddress address, Memory memory, RouteNetlink route, Sysctls sysctls) {
    this.address = address;
    this.memory = memory;
    this.route = route;
    this.sysctls = sysctls;
  }

  /** Returns what was done, in words. */
  List<String> run() throws IOException {
    for (var step : memory.steps(address).reversed()) {
      switch (step) {
        case Step.Address added -> remove(added);
        case Step.Setting changed -> restore(changed);
        case Step.Up up -> down(up);
      }
    }
    memory.forget(address);
    return List.copyOf(words);
  }

  private void remove(Step.Address added) throws HostNetworkException {
    var link = route.link(added.networkInterface());
    boolean there =
        link.isPresent()
            && route.delete(
                new InterfaceAddress(
                    link.get().index(),
                    added.address(),
                    added.address().getAddress().length * 8,
                    0,
                    0,
                    Optional.empty(),
                    Lifetime.FOREVER));
    words.add(
        Endpoint.literal(added.address())
            + (there ? " taken from " : " was not there any more: ")
            + added.networkInterface());
  }

  private void restore(Step.Setting changed) throws IOException {
    if (!sysctls.knows(changed.name())) {
      words.add(changed.name() + " is not there any more");
      return;
    }
    var now = sysctls.read(changed.name());
    if (!now.equals(changed.present())) {
      words.add(
          changed.name()
              + " stays "
              + now
              + ": it was "
              + changed.present()
              + " and somebody has changed it");
    } else if (memory.handOver(address, changed)) {
      words.add(changed.name() + " stays " + now + ": another virtual address needs it");
    } else {
      sysctls.write(changed.name(), changed.earlier());
      words.add(changed.name() + " is " + changed.earlier() + " again");
    }
  }

  private void down(Step.Up up) throws IOException {
    var link = route.link(up.networkInterface());
    if (link.isEmpty()) {
      return;
    }
    if (memory.handOver(address, up)) {
      words.add(up.networkInterface() + " stays up: another virtual address needs it");
    } else {
      route.setDown(link.get());
      words.add(up.networkInterface() + " is down again");
    }
  }
}
