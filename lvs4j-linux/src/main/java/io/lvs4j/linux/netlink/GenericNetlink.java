package io.lvs4j.linux.netlink;

import io.lvs4j.api.host.HostNetworkException;
import io.lvs4j.linux.kernel.Kernel;
import io.lvs4j.linux.kernel.SystemCallException;
import io.lvs4j.linux.netlink.Decoding.Decoded;
import io.lvs4j.linux.netlink.Decoding.Malformed;
import java.util.ArrayList;
import java.util.List;

/**
 * The client of one family of generic netlink, such as IPVS. The kernel numbers families as they
 * come, so the number is looked up by the name. Blocks; not safe for several threads.
 */
public final class GenericNetlink implements AutoCloseable {
  private static final int GENL_ID_CTRL = 0x10;
  private static final int CONTROL_VERSION = 1;
  private static final int CTRL_CMD_GETFAMILY = 3;
  private static final int CTRL_ATTR_FAMILY_ID = 1;
  private static final int CTRL_ATTR_FAMILY_NAME = 2;
  private static final int CTRL_ATTR_VERSION = 3;

  private final NetlinkSocket socket;
  private final String family;
  private final int id;
  private final int version;

  private GenericNetlink(NetlinkSocket socket, String family, int id, int version) {
    this.socket = socket;
    this.family = family;
    this.id = id;
    this.version = version;
  }

  /**
   * A command of a batch.
   *
   * @param operation what it does, in words
   * @param command the family's number of it
   * @param attributes what it says
   */
  public record Request(String operation, int command, Attributes attributes) {}

  /**
   * A command of a batch that the kernel has refused.
   *
   * @param index its place in the batch, from 0
   * @param why the refusal
   */
  public record Refused(int index, SystemCallException why) {}

  /**
   * Opens a client in the network namespace of the calling thread. Needs no privilege, though the
   * family's commands may. The kernel loads the module of a family when it has one.
   *
   * @throws SystemCallException ENOENT when the kernel has no such family
   * @throws HostNetworkException when there is no answer, or none that can be read
   */
  public static GenericNetlink open(Kernel kernel, String family) throws HostNetworkException {
    var socket = NetlinkSocket.open(kernel, NetlinkSocket.NETLINK_GENERIC);
    try {
      return lookUp(socket, family);
    } catch (HostNetworkException | RuntimeException failed) {
      socket.close();
      throw failed;
    }
  }

  private static GenericNetlink lookUp(NetlinkSocket socket, String family)
      throws HostNetworkException {
    String operation = "look up the generic netlink family " + family;
    var request =
        new GenericMessage(
            CTRL_CMD_GETFAMILY,
            CONTROL_VERSION,
            Attributes.none().with(CTRL_ATTR_FAMILY_NAME, family));
    var reply = decoded(operation, socket.ask(operation, GENL_ID_CTRL, request.encode()));
    var attributes = reply.attributes();
    var id = attributes.number16(CTRL_ATTR_FAMILY_ID);
    if (id.isEmpty()) {
      throw new HostNetworkException(operation + ": an answer without a number (expected: one)");
    }
    int version = (int) attributes.number32(CTRL_ATTR_VERSION).orElse(1);
    return new GenericNetlink(socket, family, id.getAsInt(), version);
  }

  /** Returns the name of the family. */
  public String family() {
    return family;
  }

  /** Returns the number that the kernel has given the family. */
  public int id() {
    return id;
  }

  /**
   * Does a command that is answered by an acknowledgement alone.
   *
   * @param operation what it does, in words, for errors
   * @throws SystemCallException when the kernel refuses
   */
  public void execute(String operation, int command, Attributes attributes)
      throws HostNetworkException {
    socket.execute(operation, id, 0, message(command, attributes));
  }

  /**
   * Does several commands in their order, many in one datagram. The kernel goes on after one that
   * it refuses.
   *
   * @return those that were refused; empty when all were done
   * @throws HostNetworkException when it is not known how many were done
   */
  public List<Refused> executeAll(List<Request> requests) throws HostNetworkException {
    var batch = new ArrayList<NetlinkBatch.Part>(requests.size());
    for (var request : requests) {
      batch.add(
          new NetlinkBatch.Part(
              request.operation(), id, message(request.command(), request.attributes())));
    }
    return NetlinkBatch.execute(socket, batch);
  }

  /**
   * Asks for one object.
   *
   * @throws SystemCallException when the kernel refuses
   */
  public GenericMessage get(String operation, int command, Attributes attributes)
      throws HostNetworkException {
    return decoded(operation, socket.ask(operation, id, message(command, attributes)));
  }

  /**
   * Reads a whole table. The kernel gives no sign of a change meanwhile that all families heed, so
   * an object may be missing or there twice when others write.
   *
   * @throws SystemCallException when the kernel refuses
   */
  public List<GenericMessage> dump(String operation, int command, Attributes attributes)
      throws HostNetworkException {
    var rows = socket.dump(operation, id, message(command, attributes));
    var messages = new ArrayList<GenericMessage>(rows.size());
    for (var row : rows) {
      messages.add(decoded(operation, row));
    }
    return messages;
  }

  private byte[] message(int command, Attributes attributes) {
    return new GenericMessage(command, version, attributes).encode();
  }

  private static GenericMessage decoded(String operation, NetlinkMessage message)
      throws HostNetworkException {
    return switch (GenericMessage.decode(message.payload())) {
      case Decoded<GenericMessage>(var value) -> value;
      case Malformed<GenericMessage>(var reason) ->
          throw new HostNetworkException(operation + ": " + reason);
    };
  }

  @Override
  public void close() {
    socket.close();
  }
}
