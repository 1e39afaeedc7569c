package io.lvs4j.linux;

import io.lvs4j.api.host.HostEvent;
import io.lvs4j.api.host.HostNetworkException;
import io.lvs4j.api.host.VrrpChannel;
import io.lvs4j.api.host.VrrpChannelSettings;
import io.lvs4j.linux.kernel.Descriptor;
import io.lvs4j.linux.socket.VrrpSockets;
import java.net.InetAddress;
import java.util.List;
import java.util.function.Consumer;

/** A channel over a pair of raw sockets. */
final class LinuxVrrpChannel implements VrrpChannel {
  private final VrrpChannelSettings settings;
  private final VrrpSockets sockets;
  private final Consumer<LinuxVrrpChannel> closed;

  LinuxVrrpChannel(
      VrrpChannelSettings settings, VrrpSockets sockets, Consumer<LinuxVrrpChannel> closed) {
    this.settings = settings;
    this.sockets = sockets;
    this.closed = closed;
  }

  @Override
  public VrrpChannelSettings settings() {
    return settings;
  }

  @Override
  public void send(byte[] message, InetAddress destination) throws HostNetworkException {
    sockets.send(message, destination);
  }

  Descriptor receiver() {
    return sockets.receiver();
  }

  void receive(int most, List<HostEvent> events) throws HostNetworkException {
    sockets.receive(
        most,
        datagram ->
            events.add(
                new HostEvent.MessageReceived(
                    this,
                    datagram.source(),
                    datagram.destination(),
                    datagram.hopLimit(),
                    datagram.message(),
                    datagram.arrivedNanos())));
  }

  @Override
  public void close() {
    sockets.close();
    closed.accept(this);
  }

  @Override
  public String toString() {
    return "VRRP channel " + settings;
  }
}
