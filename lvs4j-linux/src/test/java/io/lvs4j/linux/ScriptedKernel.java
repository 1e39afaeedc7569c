package io.lvs4j.linux;

import io.lvs4j.linux.kernel.Errno;
import io.lvs4j.linux.kernel.Kernel;
import io.lvs4j.linux.kernel.Reception;
import io.lvs4j.linux.kernel.SocketConstants;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * A kernel that is one function, from a netlink datagram to its replies. All other calls succeed,
 * but for one that is told to fail.
 */
public final class ScriptedKernel implements Kernel {
  private final Function<byte[], List<byte[]>> netlink;
  private final Map<Integer, Queue<byte[]>> replies = new HashMap<>();
  private final TreeSet<Integer> open = new TreeSet<>();
  private final List<String> calls = new ArrayList<>();
  private final List<Long> waits = new ArrayList<>();
  private int nextDescriptor = 1000;
  private int failAt = Integer.MAX_VALUE;
  private Errno failure = Errno.EINVAL;
  private boolean newsLost;

  public ScriptedKernel(Function<byte[], List<byte[]>> netlink) {
    this.netlink = netlink;
  }

  /** Makes the n-th call from now fail, counted from 0. */
  public ScriptedKernel failing(int call, Errno errno) {
    this.failAt = calls.size() + call;
    this.failure = errno;
    return this;
  }

  /** Makes the next poll report the last netlink socket that was opened, which finds news lost. */
  public void loseNews() {
    newsLost = true;
  }

  /** Returns the names of all calls so far. */
  public List<String> calls() {
    return calls;
  }

  /** Returns how long each poll was to wait, in nanoseconds. */
  public List<Long> waits() {
    return waits;
  }

  /** Returns the descriptors that were opened and not closed. */
  public TreeSet<Integer> openDescriptors() {
    return open;
  }

  /** Says whether the call that was to fail was made. */
  public boolean hasFailed() {
    return calls.size() > failAt;
  }

  private int result(String call, int result) {
    calls.add(call);
    return calls.size() - 1 == failAt ? -failure.code() : result;
  }

  private int opened(String call) {
    int descriptor = nextDescriptor++;
    int result = result(call, descriptor);
    if (result >= 0) {
      open.add(descriptor);
    }
    return result;
  }

  /** Returns the netlink socket for news: the one that was opened last. */
  private int monitor() {
    return replies.keySet().stream().mapToInt(Integer::intValue).max().orElse(-1);
  }

  private void mustBeOpen(int descriptor) {
    if (!open.contains(descriptor)) {
      throw new AssertionError("use of descriptor " + descriptor + ", which is closed");
    }
  }

  @Override
  public int socket(int domain, int type, int protocol) {
    int descriptor = opened("socket");
    if (descriptor >= 0 && domain == SocketConstants.AF_NETLINK) {
      replies.put(descriptor, new ArrayDeque<>());
    }
    return descriptor;
  }

  @Override
  public int bind(int descriptor, byte[] address) {
    mustBeOpen(descriptor);
    return result("bind", 0);
  }

  @Override
  public int setOption(int descriptor, int level, int option, byte[] value) {
    mustBeOpen(descriptor);
    return result("setOption", 0);
  }

  @Override
  public int getOption(int descriptor, int level, int option, byte[] value) {
    mustBeOpen(descriptor);
    return result("getOption", value.length);
  }

  @Override
  public int attachFilter(int descriptor, byte[] program) {
    mustBeOpen(descriptor);
    return result("attachFilter", 0);
  }

  @Override
  public int send(int descriptor, byte[] message, byte[] address, int flags) {
    mustBeOpen(descriptor);
    int result = result("send", message.length);
    if (result >= 0 && replies.containsKey(descriptor)) {
      replies.get(descriptor).addAll(netlink.apply(message));
    }
    return result;
  }

  @Override
  public int receive(int descriptor, Reception reception, int flags) {
    mustBeOpen(descriptor);
    int result = result("receive", 0);
    if (result < 0) {
      return result;
    }
    if (newsLost && descriptor == monitor()) {
      newsLost = false;
      return -Errno.ENOBUFS.code();
    }
    var queue = replies.get(descriptor);
    byte[] reply = queue == null ? null : queue.poll();
    if (reply == null) {
      return -Errno.EAGAIN.code();
    }
    int length = Math.min(reply.length, reception.data().length);
    System.arraycopy(reply, 0, reception.data(), 0, length);
    reception.filled(length, 0, 12, length < reply.length ? SocketConstants.MSG_TRUNC : 0);
    return length;
  }

  @Override
  public int open(String path, int flags) {
    return opened("open");
  }

  @Override
  public int read(int descriptor, byte[] into) {
    mustBeOpen(descriptor);
    return result("read", into.length);
  }

  @Override
  public int write(int descriptor, byte[] data) {
    mustBeOpen(descriptor);
    return result("write", data.length);
  }

  @Override
  public int control(int descriptor, long request, byte[] argument) {
    mustBeOpen(descriptor);
    int result = result("control", 0);
    if (result >= 0) {
      argument[5] = '0'; // lvs4j%d becomes lvs4j0
      argument[6] = 0;
    }
    return result;
  }

  @Override
  public int setScheduler(int policy) {
    return result("setScheduler", 0);
  }

  @Override
  public int setNice(int nice) {
    return result("setNice", 0);
  }

  @Override
  public int eventCounter(int flags) {
    return opened("eventCounter");
  }

  @Override
  public int poll(int[] descriptors, boolean[] ready, long timeoutNanos) {
    for (int descriptor : descriptors) {
      mustBeOpen(descriptor);
    }
    waits.add(timeoutNanos);
    int result = result("poll", newsLost ? 1 : 0);
    for (int i = 0; i < descriptors.length && result > 0; i++) {
      ready[i] = descriptors[i] == monitor();
    }
    return result;
  }

  @Override
  public int enterNamespace(int descriptor, int kind) {
    mustBeOpen(descriptor);
    return result("enterNamespace", 0);
  }

  @Override
  public int close(int descriptor) {
    mustBeOpen(descriptor);
    open.remove(descriptor); // closed whatever is returned, as close(2) says
    return result("close", 0);
  }
}
