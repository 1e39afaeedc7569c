package io.lvs4j.lab.ipvs;

import static org.awaitility.Awaitility.await;

import io.lvs4j.ipvs.wire.IpvsCommand;
import io.lvs4j.ipvs.wire.IpvsMessage;
import io.lvs4j.lab.network.Host;
import io.lvs4j.lab.peer.Program;
import io.lvs4j.lab.peer.Workspace;
import io.lvs4j.linux.netlink.Decoding.Decoded;
import io.lvs4j.linux.netlink.GenericMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * All that is said to the kernel of a host by netlink, taken down by tcpdump at a device of the
 * kernel's for that, nlmon: nobody who changes its IPVS table gets past it.
 */
final class NetlinkCapture {
  private static final String DEVICE = "nlmon0";
  private static final Set<IpvsCommand> EDITS =
      EnumSet.of(
          IpvsCommand.NEW_SERVICE,
          IpvsCommand.SET_SERVICE,
          IpvsCommand.DEL_SERVICE,
          IpvsCommand.NEW_DEST,
          IpvsCommand.SET_DEST,
          IpvsCommand.DEL_DEST,
          IpvsCommand.ZERO,
          IpvsCommand.FLUSH);

  // The file format of libpcap, DLT_NETLINK, and include/uapi/linux/netlink.h.
  private static final int FILE_HEADER = 24;
  private static final int LINK_TYPE = 20;
  private static final int DLT_NETLINK = 253;
  private static final int RECORD_HEADER = 16;
  private static final int CAPTURED_LENGTH = 8;
  private static final int COOKED_HEADER = 16;
  private static final int NETLINK_GENERIC = 16;
  private static final int MESSAGE_HEADER = 16;
  private static final int NLM_F_REQUEST = 1;
  private static final int GENL_ID_CTRL = 0x10;

  private final Path file;

  private NetlinkCapture(Path file) {
    this.file = file;
  }

  static NetlinkCapture start(Host host, Workspace workspace) {
    host.ip(List.of("link add " + DEVICE + " type nlmon", "link set " + DEVICE + " up"));
    Path file = workspace.directory("netlink").resolve("messages.pcap");
    var tcpdump =
        host.start(
            workspace,
            Program.find("tcpdump")
                .orElseThrow()
                .command(
                    "-i",
                    DEVICE,
                    "-U",
                    "--immediate-mode",
                    "--snapshot-length=16384",
                    "--buffer-size=16384",
                    "-Z",
                    "root",
                    "-w",
                    file.toString()));
    await("tcpdump")
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> tcpdump.log().contains("listening on"));
    return new NetlinkCapture(file);
  }

  /** Returns the requests so far that change the table, in their order. */
  List<IpvsMessage> edits() {
    try {
      var bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
      var edits = new ArrayList<IpvsMessage>();
      if (bytes.remaining() < FILE_HEADER) {
        return edits;
      }
      int link = bytes.getInt(LINK_TYPE);
      if (link != DLT_NETLINK) {
        throw new IllegalStateException(file + ": link type " + link + " (expected: 253)");
      }
      int at = FILE_HEADER;
      while (at + RECORD_HEADER <= bytes.limit()) {
        int length = bytes.getInt(at + CAPTURED_LENGTH);
        at += RECORD_HEADER;
        if (at + length > bytes.limit()) {
          break;
        }
        datagram(bytes.slice(at, length), edits);
        at += length;
      }
      return edits;
    } catch (IOException unreadable) {
      throw new UncheckedIOException(file.toString(), unreadable);
    }
  }

  private static void datagram(ByteBuffer datagram, List<IpvsMessage> edits) {
    if (datagram.order(ByteOrder.BIG_ENDIAN).getShort(COOKED_HEADER - 2) != NETLINK_GENERIC) {
      return;
    }
    datagram.order(ByteOrder.LITTLE_ENDIAN).position(COOKED_HEADER);
    while (datagram.remaining() >= MESSAGE_HEADER) {
      int start = datagram.position();
      int length = datagram.getInt(start);
      int type = datagram.getShort(start + 4);
      int flags = datagram.getShort(start + 6);
      if ((flags & NLM_F_REQUEST) != 0 && type > GENL_ID_CTRL) {
        byte[] payload = new byte[length - MESSAGE_HEADER];
        datagram.get(start + MESSAGE_HEADER, payload);
        var message = message(payload);
        if (EDITS.contains(message.command())) {
          edits.add(message);
        }
      }
      // Each begins at a multiple of four.
      datagram.position(Math.min(datagram.limit(), start + ((length + 3) & ~3)));
    }
  }

  private static IpvsMessage message(byte[] payload) {
    var decoded = GenericMessage.decode(payload).then(IpvsMessage::decode);
    if (decoded instanceof Decoded<IpvsMessage>(IpvsMessage message)) {
      return message;
    }
    throw new IllegalStateException("netlink: " + decoded + " (expected: a message of IPVS)");
  }
}
