package io.lvs4j.linux;

import io.lvs4j.api.host.HostEvent;
import io.lvs4j.api.host.HostNetworkException;
import io.lvs4j.api.host.VrrpChannel;
import io.lvs4j.api.host.VrrpChannelSettings;
import io.lvs4j.linux.kernel.Descriptor;
import io.lvs4j.linux.socket.VrrpDatagram;
import io.lvs4j.linux.socket.VrrpSockets;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * A channel over a pair of raw sockets. The kernel brings what is sent to the group to all of this
 * host that listen to it: so another process of the host with the same virtual router is heard, and
 * what this one has sent is taken out here.
 */
final class LinuxVrrpChannel implements VrrpChannel {
  private static final int MOST_ECHOES = 1024;

  private final VrrpChannelSettings settings;
  private final VrrpSockets sockets;
  private final List<LinuxVrrpChannel> all;
  private final Deque<Sent> echoes = new ArrayDeque<>();

  /** What comes back. */
  private record Sent(InetAddress source, ByteBuffer message) {}

  /**
   * Creates a channel.
   *
   * @param all all channels of the network, from which it is removed when it is closed
   */
  LinuxVrrpChannel(VrrpChannelSettings settings, VrrpSockets sockets, List<LinuxVrrpChannel> all) {
    this.settings = settings;
    this.sockets = sockets;
    this.all = all;
  }

  @Override
  public VrrpChannelSettings settings() {
    return settings;
  }

  @Override
  public void send(byte[] message, InetAddress destination) throws HostNetworkException {
    sockets.send(message, destination);
    if (settings.group().isPresent()) {
      var sent = new Sent(settings.source(), ByteBuffer.wrap(message.clone()));
      all.stream().filter(this::isBesideThis).forEach(each -> each.expect(sent));
    }
  }

  private boolean isBesideThis(LinuxVrrpChannel other) {
    return other.settings.group().equals(settings.group())
        && other.settings.networkInterface().equals(settings.networkInterface());
  }

  private void expect(Sent sent) {
    if (echoes.size() == MOST_ECHOES) {
      echoes.removeFirst(); // it was lost, or the link doesn't bring any back
    }
    echoes.addLast(sent);
  }

  /** Says whether a message is one that this process has sent; each comes back once, in order. */
  private boolean isEcho(VrrpDatagram datagram) {
    if (echoes.isEmpty()) {
      return false;
    }
    var heard = new Sent(datagram.source(), ByteBuffer.wrap(datagram.message()));
    if (!echoes.contains(heard)) {
      return false;
    }
    while (!echoes.removeFirst().equals(heard)) {
      // Those before it were lost.
    }
    return true;
  }

  Descriptor receiver() {
    return sockets.receiver();
  }

  void receive(int most, List<HostEvent> events) throws HostNetworkException {
    sockets.receive(
        most,
        datagram -> {
          if (!isEcho(datagram)) {
            events.add(
                new HostEvent.MessageReceived(
                    this,
                    datagram.source(),
                    datagram.destination(),
                    datagram.hopLimit(),
                    datagram.message(),
                    datagram.arrivedNanos()));
          }
        });
  }

  @Override
  public void close() {
    sockets.close();
    all.remove(this);
  }

  @Override
  public String toString() {
    return "VRRP channel " + settings;
  }
}
