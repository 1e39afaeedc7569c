package io.lvs4j.health.probe;

import io.netty.channel.socket.DatagramChannel;
import java.net.ConnectException;
import java.net.PortUnreachableException;
import java.util.Locale;

/** An attempt over a UDP socket that is connected, so that it hears of ICMP's refusals. */
abstract class DatagramAttempt extends ChannelAttempt<DatagramChannel> {
  DatagramAttempt(Assignment assignment, String subject) {
    super(assignment, subject);
  }

  @Override
  final DatagramChannel open() {
    return loop.newDatagramChannel(at.address());
  }

  /** Ends the attempt because the datagram couldn't be sent, or came back. */
  final void broken(Throwable cause, String expected) {
    if (!isOwnFault(cause)) {
      fail(words(cause), expected);
    }
  }

  private static String words(Throwable cause) {
    var text = Wording.message(cause).toLowerCase(Locale.ROOT);
    if (cause instanceof PortUnreachableException
        || cause instanceof ConnectException
        || text.contains("refused")
        || text.contains("port unreachable")) {
      return "port unreachable, nobody listens there";
    }
    return text.contains("unreachable") || text.contains("no route")
        ? "no route to host"
        : Wording.message(cause);
  }
}
