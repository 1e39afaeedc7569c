package io.lvs4j.ipvs.client;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/** Messages as the kernel sends them: several in a datagram, the end of a long dump by itself. */
final class Datagrams {
  private Datagrams() {}

  static List<byte[]> of(Exchange exchange) {
    return of(exchange.responses(), exchange.datagrams());
  }

  static List<byte[]> of(List<byte[]> messages, int count) {
    if (count < 2) {
      return List.of(joined(messages));
    }
    var datagrams = new ArrayList<byte[]>();
    var rows = messages.subList(0, messages.size() - 1);
    int most = Math.max(1, Math.ceilDiv(rows.size(), count - 1));
    for (int from = 0; from < rows.size(); from += most) {
      datagrams.add(joined(rows.subList(from, Math.min(rows.size(), from + most))));
    }
    datagrams.add(messages.getLast());
    return datagrams;
  }

  private static byte[] joined(List<byte[]> messages) {
    var datagram = new ByteArrayOutputStream();
    for (byte[] message : messages) {
      datagram.writeBytes(message);
      datagram.write(new byte[4], 0, -message.length & 3);
    }
    return datagram.toByteArray();
  }
}
