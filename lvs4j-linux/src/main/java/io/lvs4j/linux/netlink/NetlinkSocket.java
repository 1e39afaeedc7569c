package io.lvs4j.linux.netlink;

import io.lvs4j.api.host.HostNetworkException;
import io.lvs4j.linux.kernel.Capability;
import io.lvs4j.linux.kernel.Descriptor;
import io.lvs4j.linux.kernel.Errno;
import io.lvs4j.linux.kernel.Kernel;
import io.lvs4j.linux.kernel.Layouts;
import io.lvs4j.linux.kernel.Reception;
import io.lvs4j.linux.kernel.Refusal;
import io.lvs4j.linux.kernel.SocketConstants;
import io.lvs4j.linux.netlink.Decoding.Decoded;
import io.lvs4j.linux.netlink.Decoding.Malformed;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** A netlink socket on which one request after the other is made. Not safe for several threads. */
final class NetlinkSocket implements AutoCloseable {
  static final int NETLINK_ROUTE = 0;
  static final int NETLINK_GENERIC = 16;
  // What iproute2 reads with; the kernel never makes a larger part of a dump than asked for.
  private static final int BUFFER = 32 * 1024;
  private static final int REPLY_TIMEOUT_SECONDS = 5;
  // A table that changes all the time is not going to hold still for the eleventh reading.
  private static final int DUMP_ATTEMPTS = 10;

  private final Kernel kernel;
  private final Descriptor descriptor;
  private final Reception reception = new Reception(BUFFER, 0);
  private int sequence;

  private NetlinkSocket(Kernel kernel, Descriptor descriptor) {
    this.kernel = kernel;
    this.descriptor = descriptor;
  }

  static NetlinkSocket open(Kernel kernel, int protocol) throws HostNetworkException {
    var descriptor =
        new Descriptor(
            kernel,
            Refusal.check(
                kernel.socket(
                    SocketConstants.AF_NETLINK,
                    SocketConstants.SOCK_RAW | SocketConstants.SOCK_CLOEXEC,
                    protocol),
                Capability.NET_ADMIN,
                "open a netlink socket"),
            "netlink socket");
    try {
      bind(kernel, descriptor, 0);
      var timeout =
          ByteBuffer.allocate(Layouts.TIMEVAL)
              .order(ByteOrder.nativeOrder())
              .putLong(REPLY_TIMEOUT_SECONDS)
              .array();
      Refusal.check(
          kernel.setOption(
              descriptor.value(), SocketConstants.SOL_SOCKET, SocketConstants.SO_RCVTIMEO, timeout),
          Capability.NET_ADMIN,
          "set the timeout of the netlink socket");
      // Kernels before 4.12 lack these; then errors come without words, and that is all.
      enable(kernel, descriptor, SocketConstants.NETLINK_CAP_ACK);
      enable(kernel, descriptor, SocketConstants.NETLINK_EXT_ACK);
      return new NetlinkSocket(kernel, descriptor);
    } catch (HostNetworkException | RuntimeException failed) {
      descriptor.close();
      throw failed;
    }
  }

  static void bind(Kernel kernel, Descriptor descriptor, int groups) throws HostNetworkException {
    var address =
        ByteBuffer.allocate(Layouts.SOCKADDR_NL)
            .order(ByteOrder.nativeOrder())
            .putShort((short) SocketConstants.AF_NETLINK)
            .putShort((short) 0)
            .putInt(0)
            .putInt(groups)
            .array();
    Refusal.check(
        kernel.bind(descriptor.value(), address), Capability.NET_ADMIN, "bind the netlink socket");
  }

  private static void enable(Kernel kernel, Descriptor descriptor, int option)
      throws HostNetworkException {
    var on = ByteBuffer.allocate(4).order(ByteOrder.nativeOrder()).putInt(1).array();
    int result = kernel.setOption(descriptor.value(), SocketConstants.SOL_NETLINK, option, on);
    if (result < 0 && !Errno.ofResult(result).toString().equals("ENOPROTOOPT")) {
      throw Refusal.of(
          Errno.ofResult(result), Capability.NET_ADMIN, "set option " + option + " of netlink");
    }
  }

  /** Makes a request that is answered by an acknowledgement alone. */
  void execute(String operation, int type, int flags, byte[] payload) throws HostNetworkException {
    exchange(operation, type, flags | NetlinkMessage.NLM_F_ACK, payload);
  }

  /** Makes a request that is answered by one object. */
  List<NetlinkMessage> get(String operation, int type, byte[] payload) throws HostNetworkException {
    return exchange(operation, type, NetlinkMessage.NLM_F_ACK, payload).messages;
  }

  /** Makes a request that is answered by one object and no acknowledgement. */
  NetlinkMessage ask(String operation, int type, byte[] payload) throws HostNetworkException {
    var answer = exchange(operation, type, 0, payload);
    if (answer.messages.isEmpty()) {
      throw new HostNetworkException(operation + ": an answer without an object (expected: one)");
    }
    return answer.messages.getFirst();
  }

  /** Reads a whole table, again when it has changed meanwhile. */
  List<NetlinkMessage> dump(String operation, int type, byte[] payload)
      throws HostNetworkException {
    for (int attempt = 0; attempt < DUMP_ATTEMPTS; attempt++) {
      var answer = exchange(operation, type, NetlinkMessage.NLM_F_DUMP, payload);
      if (!answer.interrupted) {
        return answer.messages;
      }
    }
    throw new HostNetworkException(
        operation + ": changed during each of " + DUMP_ATTEMPTS + " readings");
  }

  private record Answer(List<NetlinkMessage> messages, boolean interrupted) {}

  private Answer exchange(String operation, int type, int flags, byte[] payload)
      throws HostNetworkException {
    int number = nextSequence(1);
    var request =
        new NetlinkMessage(type, flags | NetlinkMessage.NLM_F_REQUEST, number, 0, payload);
    send(operation, request.encode());
    var messages = new ArrayList<NetlinkMessage>();
    boolean interrupted = false;
    while (true) {
      for (var message : receive(operation)) {
        if (message.sequence() != number) {
          continue; // the rest of an earlier answer that was given up
        }
        interrupted |= (message.flags() & NetlinkMessage.NLM_F_DUMP_INTR) != 0;
        switch (message.type()) {
          case NetlinkMessage.NLMSG_ERROR, NetlinkMessage.NLMSG_DONE -> {
            NetlinkAck.check(operation, message);
            return new Answer(messages, interrupted);
          }
          default -> {
            messages.add(message);
            if ((flags & (NetlinkMessage.NLM_F_ACK | NetlinkMessage.NLM_F_DUMP)) == 0) {
              return new Answer(messages, interrupted); // nothing more was asked for
            }
          }
        }
      }
    }
  }

  /** Takes the sequence numbers of so many requests; returns the first. */
  int nextSequence(int requests) {
    int first = sequence + 1;
    sequence += requests;
    return first;
  }

  void send(String operation, byte[] request) throws HostNetworkException {
    int result;
    do {
      result = kernel.send(descriptor.value(), request, new byte[0], 0);
    } while (Errno.EINTR.is(result));
    Refusal.check(result, Capability.NET_ADMIN, operation);
  }

  /** Waits for a datagram and returns its messages. */
  List<NetlinkMessage> receive(String operation) throws HostNetworkException {
    int result;
    do {
      result = kernel.receive(descriptor.value(), reception, 0);
    } while (Errno.EINTR.is(result));
    if (Errno.EAGAIN.is(result)) {
      throw new HostNetworkException(
          operation + ": no answer within " + REPLY_TIMEOUT_SECONDS + " s");
    }
    Refusal.check(result, Capability.NET_ADMIN, operation);
    if (reception.isTruncated()) {
      throw new HostNetworkException(
          operation + ": an answer longer than " + BUFFER + " bytes (expected: a shorter one)");
    }
    return switch (NetlinkMessage.decode(reception.data(), reception.length())) {
      case Decoded<List<NetlinkMessage>>(var messages) -> messages;
      case Malformed<List<NetlinkMessage>>(var reason) ->
          throw new HostNetworkException(operation + ": " + reason);
    };
  }

  @Override
  public void close() {
    descriptor.close();
  }
}
