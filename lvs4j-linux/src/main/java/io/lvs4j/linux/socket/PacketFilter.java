package io.lvs4j.linux.socket;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collection;

/** Programs of the classic packet filter, {@code struct sock_filter}; the kernel runs them. */
final class PacketFilter {
  private static final int LOAD_WORD = 0x20; // BPF_LD | BPF_W | BPF_ABS
  private static final int LOAD_BYTE = 0x30; // BPF_LD | BPF_B | BPF_ABS
  private static final int JUMP_IF_EQUAL = 0x15; // BPF_JMP | BPF_JEQ | BPF_K
  private static final int RETURN = 0x06; // BPF_RET | BPF_K
  private static final int INSTRUCTION = 8;
  private static final int EVERYTHING = 0xffff;
  // A program has 4,096 instructions at most (BPF_MAXINSNS); IPv6 takes nine an address.
  private static final int MOST_ADDRESSES = 400;

  private static final int ARP_SENDER = 28; // of an Ethernet frame
  private static final int IPV6_NEXT_HEADER = 20;
  private static final int ICMPV6_TYPE = 54;
  private static final int ICMPV6_TARGET = 62;
  private static final int ICMPV6 = 58;
  private static final int NEIGHBOUR_ADVERTISEMENT = 136;

  private PacketFilter() {}

  /** Accepts nothing: for a socket that only sends. */
  static byte[] nothing() {
    return ByteBuffer.allocate(INSTRUCTION).put(instruction(RETURN, 0, 0, 0)).array();
  }

  /** Accepts ARP frames whose sender says to be one of some addresses. */
  static byte[] arpFrom(Collection<InetAddress> addresses) {
    if (addresses.size() > MOST_ADDRESSES) {
      return everything();
    }
    var program = ByteBuffer.allocate(INSTRUCTION * (2 + 2 * addresses.size()));
    program.put(instruction(LOAD_WORD, 0, 0, ARP_SENDER));
    for (var address : addresses) {
      program.put(instruction(JUMP_IF_EQUAL, 0, 1, ByteBuffer.wrap(address.getAddress()).getInt()));
      program.put(instruction(RETURN, 0, 0, EVERYTHING));
    }
    return program.put(instruction(RETURN, 0, 0, 0)).array();
  }

  /** Accepts neighbour advertisements of some IPv6 addresses. */
  static byte[] advertisementOf(Collection<InetAddress> addresses) {
    if (addresses.size() > MOST_ADDRESSES) {
      return everything();
    }
    var program = ByteBuffer.allocate(INSTRUCTION * (7 + 9 * addresses.size()));
    program.put(instruction(LOAD_BYTE, 0, 0, IPV6_NEXT_HEADER));
    program.put(instruction(JUMP_IF_EQUAL, 1, 0, ICMPV6));
    program.put(instruction(RETURN, 0, 0, 0));
    program.put(instruction(LOAD_BYTE, 0, 0, ICMPV6_TYPE));
    program.put(instruction(JUMP_IF_EQUAL, 1, 0, NEIGHBOUR_ADVERTISEMENT));
    program.put(instruction(RETURN, 0, 0, 0));
    for (var address : addresses) {
      var words = ByteBuffer.wrap(address.getAddress());
      for (int word = 0; word < 4; word++) {
        program.put(instruction(LOAD_WORD, 0, 0, ICMPV6_TARGET + 4 * word));
        // On a difference, on to the next address: over the rest of the pairs and the return.
        program.put(instruction(JUMP_IF_EQUAL, 0, 2 * (3 - word) + 1, words.getInt()));
      }
      program.put(instruction(RETURN, 0, 0, EVERYTHING));
    }
    return program.put(instruction(RETURN, 0, 0, 0)).array();
  }

  private static byte[] everything() {
    return ByteBuffer.allocate(INSTRUCTION).put(instruction(RETURN, 0, 0, EVERYTHING)).array();
  }

  private static byte[] instruction(int code, int jumpTrue, int jumpFalse, int operand) {
    return ByteBuffer.allocate(INSTRUCTION)
        .order(ByteOrder.nativeOrder())
        .putShort((short) code)
        .put((byte) jumpTrue)
        .put((byte) jumpFalse)
        .putInt(operand)
        .array();
  }
}
