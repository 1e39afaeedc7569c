package io.lvs4j.linux;

import io.lvs4j.linux.kernel.Errno;
import io.lvs4j.linux.kernel.Kernel;
import io.lvs4j.linux.kernel.Reception;
import io.lvs4j.linux.kernel.SocketConstants;
import io.lvs4j.linux.netlink.ObligingNetlink;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;

/**
 * A kernel that isn't there: it does all that it is asked, without a single system call. What was
 * {@linkplain #arrive said to have arrived} can be received, once.
 */
final class RehearsalKernel implements Kernel {
  // Far above what a process can have open, should one ever be taken for a real one.
  private static final int FIRST_DESCRIPTOR = 1 << 30;

  private final Map<Integer, Queue<byte[]>> arrived = new HashMap<>();
  private final Map<Integer, Integer> domains = new HashMap<>();
  private int next = FIRST_DESCRIPTOR;
  private int frames;

  /** Lets a datagram arrive at all sockets of a domain, such as {@code AF_INET}. */
  void arrive(int domain, byte[] datagram) {
    domains.forEach((descriptor, each) -> {
      if (each == domain) {
        queue(descriptor).add(datagram);
      }
    });
  }

  /** Returns how many frames were sent on packet sockets. */
  int frames() {
    return frames;
  }

  private Queue<byte[]> queue(int descriptor) {
    return arrived.computeIfAbsent(descriptor, _ -> new ArrayDeque<>());
  }

  @Override
  public int socket(int domain, int type, int protocol) {
    domains.put(next, domain);
    return next++;
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
  public int getOption(int descriptor, int level, int option, byte[] value) {
    return value.length;
  }

  @Override
  public int attachFilter(int descriptor, byte[] program) {
    return 0;
  }

  @Override
  public int send(int descriptor, byte[] message, byte[] address, int flags) {
    switch (domains.getOrDefault(descriptor, 0)) {
      case SocketConstants.AF_NETLINK -> queue(descriptor).addAll(ObligingNetlink.answer(message));
      case SocketConstants.AF_PACKET -> frames++;
      default -> {} // there is no link
    }
    return message.length;
  }

  @Override
  public int receive(int descriptor, Reception reception, int flags) {
    byte[] datagram = queue(descriptor).poll();
    if (datagram == null) {
      return -Errno.EAGAIN.code();
    }
    System.arraycopy(datagram, 0, reception.data(), 0, datagram.length);
    reception.filled(datagram.length, 0, reception.address().length, 0);
    return datagram.length;
  }

  @Override
  public int open(String path, int flags) {
    return next++;
  }

  @Override
  public int read(int descriptor, byte[] into) {
    return -Errno.EAGAIN.code();
  }

  @Override
  public int write(int descriptor, byte[] data) {
    return data.length;
  }

  @Override
  public int control(int descriptor, long request, byte[] argument) {
    byte[] name = "rehearsal\0".getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(name, 0, argument, 0, name.length);
    return 0;
  }

  @Override
  public int setScheduler(int policy) {
    return 0;
  }

  @Override
  public int setNice(int nice) {
    return 0;
  }

  @Override
  public int eventCounter(int flags) {
    return next++;
  }

  @Override
  public int poll(int[] descriptors, boolean[] ready, long timeoutNanos) {
    int count = 0;
    for (int i = 0; i < descriptors.length; i++) {
      ready[i] = !queue(descriptors[i]).isEmpty();
      count += ready[i] ? 1 : 0;
    }
    return count;
  }

  @Override
  public int enterNamespace(int descriptor, int kind) {
    return 0;
  }

  @Override
  public int close(int descriptor) {
    domains.remove(descriptor);
    arrived.remove(descriptor);
    return 0;
  }
}
