package io.lvs4j.ipvs.client;

import io.lvs4j.linux.kernel.Errno;
import io.lvs4j.linux.kernel.Kernel;
import io.lvs4j.linux.kernel.Reception;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.function.Function;

/**
 * A kernel with IPVS that is one function, from a datagram of requests to the datagrams that answer
 * it. Unless told otherwise, it answers what a client asks when it opens.
 */
final class RecordedKernel implements Kernel {
  static final int FAMILY = 0x1c;

  private static final int DESCRIPTOR = 7;
  private static final int GENL_ID_CTRL = 0x10;
  private static final int SEQUENCE = 8;
  private static final byte[] FAMILY_REPLY =
      HexFormat.of()
          .parseHex(
              "24000000100000000000000000000000"
                  + "01020000"
                  + "06000100"
                  + "1c000000"
                  + "08000300"
                  + "01000000");
  private static final byte[] INFO_REPLY =
      HexFormat.of()
          .parseHex(
              "240000001c0000000000000000000000"
                  + "0e010000"
                  + "08000100"
                  + "01020100"
                  + "08000200"
                  + "00100000");

  private final List<byte[]> requests = new ArrayList<>();
  private final Queue<byte[]> replies = new ArrayDeque<>();
  private Function<byte[], List<byte[]>> answers = RecordedKernel::opening;
  private boolean isOpen;

  /** From now on, answers so; what was asked before is forgotten. */
  RecordedKernel answering(Function<byte[], List<byte[]>> answers) {
    this.answers = answers;
    requests.clear();
    return this;
  }

  /** From now on, answers so, with the number of the request whatever the reply says. */
  RecordedKernel replaying(List<byte[]> datagrams) {
    return answering(request ->
        datagrams.stream().map(datagram -> numbered(datagram, sequence(request))).toList());
  }

  /** Returns all datagrams that were sent. */
  List<byte[]> requests() {
    return requests;
  }

  boolean isOpen() {
    return isOpen;
  }

  /** Returns the answer to what a client asks when it opens. */
  static List<byte[]> opening(byte[] request) {
    byte[] reply = type(request) == GENL_ID_CTRL ? FAMILY_REPLY : INFO_REPLY;
    return List.of(numbered(reply, sequence(request)));
  }

  /** Returns messages with another sequence number. */
  static byte[] numbered(byte[] messages, int sequence) {
    byte[] copy = messages.clone();
    var writer = reader(copy);
    for (int at = 0; at + 16 <= copy.length; at += (writer.getInt(at) + 3) & ~3) {
      writer.putInt(at + SEQUENCE, sequence);
    }
    return copy;
  }

  static int type(byte[] message) {
    return reader(message).getShort(4) & 0xffff;
  }

  static int flags(byte[] message) {
    return reader(message).getShort(6) & 0xffff;
  }

  static int sequence(byte[] message) {
    return reader(message).getInt(SEQUENCE);
  }

  static ByteBuffer reader(byte[] message) {
    return ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Returns the acknowledgement of a request, with an errno or 0. */
  static byte[] acknowledgement(byte[] request, int errno) {
    return reader(new byte[36])
        .putInt(36)
        .putShort((short) 2)
        .putShort((short) 0x100)
        .putInt(sequence(request))
        .putInt(0)
        .putInt(-errno)
        .put(request, 0, 16)
        .array();
  }

  @Override
  public int send(int descriptor, byte[] message, byte[] address, int flags) {
    requests.add(message);
    replies.addAll(answers.apply(message));
    return message.length;
  }

  @Override
  public int receive(int descriptor, Reception reception, int flags) {
    byte[] reply = replies.poll();
    if (reply == null) {
      return -Errno.EAGAIN.code();
    }
    System.arraycopy(reply, 0, reception.data(), 0, reply.length);
    reception.filled(reply.length, 0, 12, 0);
    return reply.length;
  }

  @Override
  public int socket(int domain, int type, int protocol) {
    isOpen = true;
    return DESCRIPTOR;
  }

  @Override
  public int bind(int descriptor, byte[] address) {
    return 0;
  }

  @Override
  public int setOption(int descriptor, int level, int option, byte[] value) {
    return 0;
  }

  @Override
  public int close(int descriptor) {
    isOpen = false;
    return 0;
  }

  @Override
  public int getOption(int descriptor, int level, int option, byte[] value) {
    throw unexpected("getsockopt");
  }

  @Override
  public int attachFilter(int descriptor, byte[] program) {
    throw unexpected("setsockopt SO_ATTACH_FILTER");
  }

  @Override
  public int open(String path, int flags) {
    throw unexpected("open " + path);
  }

  @Override
  public int read(int descriptor, byte[] into) {
    throw unexpected("read");
  }

  @Override
  public int write(int descriptor, byte[] data) {
    throw unexpected("write");
  }

  @Override
  public int control(int descriptor, long request, byte[] argument) {
    throw unexpected("ioctl");
  }

  @Override
  public int setScheduler(int policy) {
    throw unexpected("sched_setscheduler");
  }

  @Override
  public int setNice(int nice) {
    throw unexpected("setpriority");
  }

  @Override
  public int eventCounter(int flags) {
    throw unexpected("eventfd");
  }

  @Override
  public int poll(int[] descriptors, boolean[] ready, long timeoutNanos) {
    throw unexpected("ppoll");
  }

  @Override
  public int enterNamespace(int descriptor, int kind) {
    throw unexpected("setns");
  }

  private static AssertionError unexpected(String call) {
    return new AssertionError("system call: " + call + " (expected: netlink only)");
  }
}
