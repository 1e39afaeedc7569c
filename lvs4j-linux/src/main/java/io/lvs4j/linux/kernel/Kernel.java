package io.lvs4j.linux.kernel;

/**
 * The system calls of lvs4j, all of them.
 *
 * <p>Each returns what the kernel itself returns: 0 or more when it went well, and the negated
 * {@link Errno} when it didn't. Nothing is thrown and nothing is retried here. Structures are
 * passed as bytes in the layout of the kernel's headers. An implementation is safe for use by
 * several threads.
 */
public interface Kernel {
  /** Opens a socket, {@code socket(2)}. */
  int socket(int domain, int type, int protocol);

  /** Binds a socket, {@code bind(2)}. */
  int bind(int descriptor, byte[] address);

  /** Sets an option of a socket, {@code setsockopt(2)}. */
  int setOption(int descriptor, int level, int option, byte[] value);

  /** Reads an option of a socket, {@code getsockopt(2)}; returns how many bytes it has. */
  int getOption(int descriptor, int level, int option, byte[] value);

  /**
   * Lets a socket receive only what a program of the classic packet filter accepts, {@code
   * SO_ATTACH_FILTER}.
   *
   * @param program instructions of 8 bytes, {@code struct sock_filter}
   */
  int attachFilter(int descriptor, byte[] program);

  /**
   * Sends a message, {@code sendmsg(2)}.
   *
   * @param address where to; empty on a connected socket
   */
  int send(int descriptor, byte[] message, byte[] address, int flags);

  /** Receives a message, {@code recvmsg(2)}; returns the length of its data. */
  int receive(int descriptor, Reception reception, int flags);

  /** Opens a file, {@code open(2)}. */
  int open(String path, int flags);

  /** Reads, {@code read(2)}. */
  int read(int descriptor, byte[] into);

  /** Writes, {@code write(2)}. */
  int write(int descriptor, byte[] data);

  /** Makes a request of a device, {@code ioctl(2)}; the argument is read and written back. */
  int control(int descriptor, long request, byte[] argument);

  /** Opens a counter that can be waited for, {@code eventfd(2)}. */
  int eventCounter(int flags);

  /**
   * Waits until one of several descriptors can be read or is in error, {@code ppoll(2)}.
   *
   * @param ready set for each descriptor, when the result is 0 or more
   * @param timeoutNanos how long to wait at most; 0 means not at all
   * @return how many are ready
   */
  int poll(int[] descriptors, boolean[] ready, long timeoutNanos);

  /** Moves the calling thread into a namespace, {@code setns(2)}. */
  int enterNamespace(int descriptor, int kind);

  /**
   * Sets how the calling thread is scheduled, {@code sched_setscheduler(2)} with priority 0.
   *
   * @param policy a policy, with flags
   */
  int setScheduler(int policy);

  /** Sets the nice value of the calling thread, {@code setpriority(2)}. */
  int setNice(int nice);

  /** Closes a descriptor, {@code close(2)}. Whatever it returns, the descriptor is gone. */
  int close(int descriptor);
}
