package io.lvs4j.linux.kernel;

/**
 * Sizes and offsets of the C structures, as they are on 64-bit Linux. A test compares each with the
 * headers of the machine it runs on.
 */
public final class Layouts {
  /** {@code struct sockaddr_storage}. */
  public static final int SOCKADDR_STORAGE = 128;

  /** {@code struct sockaddr_in}. */
  public static final int SOCKADDR_IN = 16;

  /** {@code struct sockaddr_in6}. */
  public static final int SOCKADDR_IN6 = 28;

  /** {@code struct sockaddr_ll}. */
  public static final int SOCKADDR_LL = 20;

  /** {@code struct sockaddr_nl}. */
  public static final int SOCKADDR_NL = 12;

  /** {@code struct ip_mreqn}. */
  public static final int IP_MREQN = 12;

  /** {@code struct ipv6_mreq}. */
  public static final int IPV6_MREQ = 20;

  /** {@code struct ifreq}. */
  public static final int IFREQ = 40;

  /** {@code ifr_flags} of {@code struct ifreq}. */
  public static final int IFREQ_FLAGS = 16;

  /** {@code IFNAMSIZ}: the longest name of an interface with its final zero. */
  public static final int IFNAMSIZ = 16;

  /** {@code struct cmsghdr}. */
  public static final int CMSGHDR = 16;

  /** {@code cmsg_level} of {@code struct cmsghdr}. */
  public static final int CMSGHDR_LEVEL = 8;

  /** {@code cmsg_type} of {@code struct cmsghdr}. */
  public static final int CMSGHDR_TYPE = 12;

  /** {@code struct timeval}. */
  public static final int TIMEVAL = 16;

  static final int MSGHDR = 56;
  static final int MSGHDR_NAME = 0;
  static final int MSGHDR_NAMELEN = 8;
  static final int MSGHDR_IOV = 16;
  static final int MSGHDR_IOVLEN = 24;
  static final int MSGHDR_CONTROL = 32;
  static final int MSGHDR_CONTROLLEN = 40;
  static final int MSGHDR_FLAGS = 48;
  static final int IOVEC = 16;
  static final int IOVEC_LEN = 8;
  static final int POLLFD = 8;
  static final int POLLFD_EVENTS = 4;
  static final int POLLFD_REVENTS = 6;
  public static final int TIMESPEC = 16;
  public static final int TIMESPEC_NANOS = 8;
  static final int SOCK_FPROG = 16;
  static final int SOCK_FPROG_FILTER = 8;
  static final int SOCK_FILTER = 8;

  private Layouts() {}
}
